"""Interactions read one by one, gathered into columns."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
import pyarrow as pa

from matcher.interactions.batches import PERSON_ID, SCHEMA, SOURCE, InteractionBatch
from matcher.interactions.contact_rows import (
    ContactRows,
    channel_of,
    cleaned,
    contact_of,
    text_of,
    without_long,
)
from matcher.interactions.items import Broken, Item, Remark, shown
from matcher.interactions.times import moments
from matcher.policies.interactions.shape import identifiers, own_id
from matcher.policies.interactions.soundness import problems_of
from matcher.policies.interactions.validation import Problem, person_ids
from matcher.policies.limits import DEEPEST, MOST_VALUES, oversized
from matcher.reading.canonical import LONGEST
from matcher.records import REJECT_SCHEMA

#: Characters of a batch: memory is bounded by them where interactions are large.
MOST_CHARACTERS = 64_000_000
#: Interactions that are Python objects at a time: few enough to stay in a cache.
_CHUNK = 2_000
#: Errors that are told of one interaction.
_MOST_TOLD = 20

LOST_TIME = "warning: is no time that is understood; it is kept as text (IX-11)"
_NO_OBJECT = Broken("is not a JSON object")
#: What was parsed is no circle.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Options:
    """How interactions are read; see ``read_interactions``."""

    strict: bool = False
    use_channel: bool = False
    default_region: str = "US"
    batch: int = 100_000


def canonical_json(value: Any) -> bytes:
    """The one way to write a JSON value that is taken for what it says."""
    return _encode(value).encode()


def digest(text: bytes) -> bytes:
    """Eight bytes that are the same on every machine."""
    return blake2b(text, digest_size=8).digest()


def hashes(digests: Sequence[bytes]) -> pa.Array:
    """Digests as uint64."""
    return pa.array(np.frombuffer(b"".join(digests), "<u8").astype(np.uint64))


def named(source: str, own: str | None, said: bytes, judged: int) -> tuple[bytes, bytes]:
    """The digest that names an interaction, and that of what it says and how that was judged.

    Args:
        source: where it comes from.
        own: its own id there, if it has one; else what it says is its name.
        said: all that it says.
        judged: a number from 0 to 255.
    """
    both = blake2b(said, digest_size=16).digest()
    name = both[8:] if own is None else digest(f"{source}\x1f{own}".encode())
    return name, bytes([both[0] ^ judged]) + both[1:8]


class Gathering:
    """Interactions of one input on their way into a batch."""

    def __init__(self, file: str | None, options: Options) -> None:
        self._file, self._options = file, options
        self._made: list[InteractionBatch] = []
        self._count = 0  # of interactions in the batch
        self._characters = 0
        self._begin()

    def _begin(self) -> None:
        """A chunk with nothing in it."""
        self._rows: list[tuple[Any, ...]] = []
        self._contents: list[bytes] = []
        self._keys: list[bytes] = []
        self._person_ids: list[Sequence[tuple[str, str]]] = []
        self._handles: list[Sequence[str]] = []
        self._times: list[str | None] = []
        self._contacts = ContactRows()
        self._rejects: list[tuple[int | None, str | None, str | None, str]] = []

    @property
    def full(self) -> bool:
        """Whether it is time for a batch."""
        return self._count >= self._options.batch or self._characters >= MOST_CHARACTERS

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not self._count and not self._rejects

    def take(self, item: Item) -> None:
        """One more interaction, whatever it is."""
        line, text, value = item
        if type(value) is dict:
            large = None
            if len(text) > MOST_VALUES or text.count("{") + text.count("[") > DEEPEST:
                large = oversized(value)
            if large is None:
                self._interaction(line, text, value)
            else:
                self._unreadable(line, text, Broken(large.reason))
        elif isinstance(value, Remark):
            self._rejects.append((None, None, None, f"warning: {value.reason}"))
        else:
            self._unreadable(line, text, value if isinstance(value, Broken) else _NO_OBJECT)
        if len(self._rows) == _CHUNK:
            self._make()

    def batch(self) -> InteractionBatch:
        """What was gathered; it begins anew."""
        self._make()
        made, self._made = self._made, []
        self._count = self._characters = 0
        contacts = [each.contacts for each in made]
        return InteractionBatch(
            pa.concat_tables([each.interactions for each in made]),
            cleaned(pa.concat_tables(contacts, promote_options="default")),
            pa.concat_tables([each.rejects for each in made]),
        )

    def _make(self) -> None:
        """Columns of the chunk; another one begins."""
        times, lost = moments(self._times, self._options.default_region)
        for place in lost.tolist():
            line, value = self._rows[place][2], self._times[place]
            self._rejects.append((line, "$.attemptDateTime", value[:100], LOST_TIME))
        contacts = self._contacts.table(self._file)
        self._made.append(InteractionBatch(self._interactions(times), contacts, self._told()))
        self._begin()

    def _unreadable(self, line: int, text: str, why: Broken) -> None:
        said = text.encode("utf-8", "surrogateescape")
        kept = shown(text)
        self._keys.append(digest(b"raw\x1f" + said))
        self._contents.append(digest(said))
        self._person_ids.append(())
        self._handles.append(())
        self._times.append(None)
        self._rows.append((None, SOURCE, line, None, False, f"$: {why.reason}",
                           None, None, kept))  # fmt: skip
        self._rejects.append((line, "$", kept[:100], why.reason))
        self._came(kept)

    def _interaction(self, line: int, text: str, value: dict[str, Any]) -> None:
        if "\\u" in text and ("\\ud" in text or "\\uD" in text):
            value = _whole(value)
        problems = problems_of(value, strict=self._options.strict)
        errors = [problem for problem in problems if problem.error]
        valid = not errors
        if problems:
            self._tell(line, problems)
        own, source = own_id(value), text_of(value, "vendorSource") or SOURCE
        said = canonical_json(value)
        channel_type, channel_value = channel_of(value)
        by_channel = self._options.use_channel and channel_value is not None
        name, content = named(source, own, said, valid + 2 * by_channel)
        self._keys.append(name)
        self._contents.append(content)
        self._times.append(text_of(value, "attemptDateTime"))
        self._person_ids.append(person_ids(value) if "person" in value else ())
        if valid:
            self._valid(line, text, value, source, own)
        else:
            self._handles.append(())
        self._rows.append(
            (
                own, source, line, text_of(value, "stateCode"), valid,
                told(errors), channel_type, channel_value, text,
            )
        )  # fmt: skip
        self._came(text)

    def _came(self, text: str) -> None:
        self._count += 1
        self._characters += len(text)

    def _valid(
        self, line: int, text: str, value: dict[str, Any], source: str, own: str | None
    ) -> None:
        info = value.get("contactInfo")
        if info and len(text) > LONGEST:
            info, cut = without_long(info)
            if cut:
                value = {**value, "contactInfo": info}
                self._tell(line, cut)
        handles = info.get("socialHandle") if info else None
        self._handles.append([h for each in handles if (h := each.strip())] if handles else ())
        contact = contact_of(value, use_channel=self._options.use_channel)
        systems = identifiers(value) if "person" in value else ()
        if systems or contact.identifies():
            self._contacts.add(self._count, source, own, contact, systems)

    def _tell(self, line: int, problems: Sequence[Problem]) -> None:
        for problem in problems[:_MOST_TOLD]:
            mark = "" if problem.error else "warning: "
            reason = f"{mark}{problem.reason} ({problem.rule})"
            self._rejects.append((line, problem.path, problem.value, reason))
        more = len(problems) - _MOST_TOLD
        if more > 0:
            self._rejects.append((line, "$", None, f"and {more:,} more errors or warnings"))

    def _interactions(self, times: pa.Array) -> pa.Table:
        names = (
            "interaction_id", "source", "line", "state_code", "valid", "problem",
            "channel_type", "channel_value", "raw",
        )  # fmt: skip
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(names)
        arrays = {
            name: pa.array(values, SCHEMA.field(name).type)
            for name, values in zip(names, columns, strict=True)
        }
        arrays["key"], arrays["content"] = hashes(self._keys), hashes(self._contents)
        arrays["file"] = pa.repeat(pa.scalar(self._file, pa.string()), len(self._rows))
        arrays["occurred_at"] = times
        arrays["handles"] = lists(self._handles)
        arrays["person_ids"] = id_lists(self._person_ids)
        return pa.table({name: arrays[name] for name in SCHEMA.names}, schema=SCHEMA)

    def _told(self) -> pa.Table:
        found = [(self._file, *each) for each in self._rejects]
        columns = zip(*found, strict=True) if found else [()] * len(REJECT_SCHEMA)
        return pa.table(
            [
                pa.array(values, field.type)
                for values, field in zip(columns, REJECT_SCHEMA, strict=True)
            ],
            schema=REJECT_SCHEMA,
        )


def told(errors: Sequence[Problem]) -> str | None:
    """Why an interaction is not valid, in words and without what it says."""
    if not errors:
        return None
    words = "; ".join(f"{e.path}: {e.reason} ({e.rule})" for e in errors[:_MOST_TOLD])
    more = len(errors) - _MOST_TOLD
    return f"{words}; and {more:,} more" if more > 0 else words


def lists(values: Sequence[Sequence[str]]) -> pa.ListArray:
    """Lists of texts."""
    flat = [text for each in values for text in each]
    return pa.ListArray.from_arrays(_offsets(values), pa.array(flat, pa.string()))


def id_lists(values: Sequence[Sequence[tuple[str, str]]]) -> pa.ListArray:
    """Lists of a person's ids."""
    flat = [pair for each in values for pair in each]
    kinds, ids = zip(*flat, strict=True) if flat else ((), ())
    structs = pa.StructArray.from_arrays(
        [pa.array(kinds, pa.string()), pa.array(ids, pa.string())], fields=list(PERSON_ID)
    )
    return pa.ListArray.from_arrays(_offsets(values), structs)


def _offsets(values: Sequence[Sequence[Any]]) -> pa.Array:
    ends = np.cumsum(np.fromiter(map(len, values), np.int32, len(values)), dtype=np.int32)
    return pa.array(np.concatenate([np.zeros(1, np.int32), ends]))


def _whole(value: Any) -> Any:
    """The same, half characters (lone surrogates), which no encoding has, replaced."""
    if type(value) is str:
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if type(value) is list:
        return [_whole(each) for each in value]
    if type(value) is dict:
        return {_whole(key): _whole(each) for key, each in value.items()}
    return value
