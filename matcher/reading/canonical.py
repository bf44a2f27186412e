"""From a sheet and its layout to a table of records under canonical names, without ids as yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.consent import says_in_words
from matcher.errors import UnreadableFile
from matcher.reading import nothings, postal
from matcher.reading.addresses import choose
from matcher.reading.cells import Cleaned, Flags, Kind, clean, flat
from matcher.reading.headers import REPEATED
from matcher.reading.layout import Layout
from matcher.reading.rejects import reject
from matcher.reading.repeated import spread
from matcher.reading.sheet import Sheet
from matcher.records import EXTERNAL_ID_COLUMNS, EXTRA_PREFIX
from matcher.spilling import Spill
from matcher.threads import workers

#: Characters beyond which a cell is no name, address or number but a mistake.
LONGEST = 1_000
#: The same for tags and for the columns that the caller asked for, which may be prose.
LONGEST_PROSE = 10_000

_NUMBERS = frozenset(
    {"phone", "postal_code", "street_number", "record_id", "source_record_id", "birth_date"}
)
_SOCIAL = frozenset({"facebook", "twitter"})
_TRUE = ("true", "yes", "y", "1", "t")
#: NationBuilder's ``signup_type``.
_ENTITY_TYPES = {"0": "person", "1": "organization"}


@dataclass(slots=True)
class Canonical:
    """The records of one sheet under canonical names, every column as long as the sheet.

    Attributes:
        columns: canonical name (``email1`` and so on, ``extra:<name>``) -> text or null.
        id_candidates: position -> values of columns that may turn out to hold record ids.
        rejects: values that were cut from use.
        notes: what a user should know.
    """

    columns: dict[str, pa.StringArray]
    id_candidates: dict[int, pa.StringArray] = field(default_factory=dict)
    rejects: list[pa.Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def canonical(sheet: Sheet, layout: Layout, spill: Spill | None = None) -> Canonical:
    """The used columns of a sheet, cleaned, under their canonical names; it has them no more.

    Raises:
        UnreadableFile: a column holds more text than one array can.
    """
    cleaned = _clean_used(sheet, layout, spill or Spill())
    candidates = {i: cleaned.columns[i].values for i in layout.id_candidates}
    result = Canonical({}, candidates, [cut for cut in cleaned.cuts if cut.num_rows])
    for name in layout.names():
        columns = [cleaned.columns[i].values for i in layout.positions(name)]
        if name in REPEATED:
            for number, values in enumerate(spread(name, columns), 1):
                result.columns[f"{name}{number}"] = values
        else:
            result.columns[name] = _coalesced(columns)
    address = choose(
        layout.addresses(),
        lambda where: _coalesced([cleaned.columns[i].values for i in where]),
    )
    result.columns.update(address)
    for name, i in layout.extra.items():
        result.columns[EXTRA_PREFIX + name] = cleaned.columns[i].values
    nothings.settle(result.columns, _nothings(cleaned, layout))
    _settle_postal_codes(result)
    _settle_meanings(result.columns)
    return result


@dataclass(frozen=True, slots=True)
class _Used:
    columns: dict[int, Cleaned]
    cuts: list[pa.Table]


def _clean_used(sheet: Sheet, layout: Layout, spill: Spill) -> _Used:
    kinds = {i: _kind(role.name) for i, role in enumerate(layout.roles) if role is not None}
    kinds |= {i: kinds.get(i, Kind.TEXT) for i in layout.extra.values()}
    kinds |= dict.fromkeys(layout.id_candidates, Kind.NUMBER)
    tags = {i for i, role in enumerate(layout.roles) if role is not None and role.name == "tags"}
    prose = tags | set(layout.extra.values())

    def one(item: tuple[int, Kind]) -> tuple[int, Cleaned, pa.Table]:
        i, kind = item
        values, cut = _cut_long(sheet, i, LONGEST_PROSE if i in prose else LONGEST)
        cleaned = clean(values, kind)
        del values
        kept = spill.column("records as they came", cleaned.values)
        cleaned = replace(cleaned, values=kept)
        pa.default_memory_pool().release_unused()
        return i, cleaned, cut

    with workers(len(sheet), spill.threads) as pool:  # Arrow and NumPy let go of the interpreter
        done = list(pool.map(one, kinds.items()))
    return _Used({i: column for i, column, _ in done}, [cut for _, _, cut in done])


def _kind(name: str) -> Kind:
    if name in nothings.NAME_COLUMNS:
        return Kind.NAME
    if name in _NUMBERS or name.startswith("id:"):
        return Kind.NUMBER
    return Kind.NUMBER if name in EXTERNAL_ID_COLUMNS and name not in _SOCIAL else Kind.TEXT


def _cut_long(sheet: Sheet, i: int, longest: int) -> tuple[pa.StringArray, pa.Table]:
    """The column without its overlong cells, and a reject for each of those."""
    waiting = sheet.hand_over(i).chunks[::-1]  # each goes when it was cut
    chunks = [_cut_chunk(waiting.pop(), longest) for _ in range(len(waiting))]
    where = np.concatenate([long for _, long, _ in chunks]) if chunks else np.zeros(0, np.bool_)
    cut = reject(
        sheet.name,
        sheet.rows[where],
        f"longer than {longest:,} characters; the value is not used",
        column=sheet.headers[i],
        values=[value for _, _, values in chunks for value in values],
    )
    try:
        return pa.concat_arrays([c for c, _, _ in chunks] or [pa.array([], pa.string())]), cut
    except pa.ArrowInvalid:
        raise UnreadableFile(
            f"{sheet.name}, column {sheet.headers[i]}: holds more than 2 GB of text;"
            " split the file."
        ) from None


def _cut_chunk(chunk: pa.StringArray, longest: int) -> tuple[pa.StringArray, Flags, list[str]]:
    offsets, _ = flat(chunk)
    long = np.diff(offsets) > longest  # bytes, which are no fewer than characters
    if long.any():
        long &= pc.fill_null(pc.utf8_length(chunk), 0).to_numpy() > longest
    if not long.any():
        return chunk, long, []
    mask = pa.array(long)
    values = pc.utf8_slice_codeunits(chunk.filter(mask), 0, 100).to_pylist()
    kept = pc.replace_with_mask(chunk, mask, pa.scalar(None, pa.string()))  # without their text
    return kept, long, values


def _coalesced(columns: Sequence[pa.StringArray]) -> pa.StringArray:
    return columns[0] if len(columns) == 1 else pc.coalesce(*columns)


def _nothings(cleaned: _Used, layout: Layout) -> frozenset[str]:
    """How the columns in which no name can stand spell "nothing"."""
    told: Iterable[frozenset[str]] = (
        cleaned.columns[i].nothings
        for i, role in enumerate(layout.roles)
        if role is not None and role.name not in nothings.NAME_COLUMNS
    )
    return frozenset().union(*told)


def _settle_postal_codes(result: Canonical) -> None:
    codes = result.columns.get("postal_code")
    if codes is None:
        return
    region, country = result.columns.get("region"), result.columns.get("country")
    result.columns["postal_code"], restored = postal.restore_zeros(codes, region, country)
    if restored:
        result.notes.append(f"ZIP codes that had lost their leading zeros: {restored:,}")


def _of_calls(text: str) -> str | None:
    """What a cell says about calls: the vendors' column is ``do_not_call``."""
    if text.lower() in _TRUE:
        return f"do_not_call={text}"
    return text if says_in_words(text) else None


def _settle_meanings(columns: dict[str, pa.StringArray]) -> None:
    """Cells whose text means little without their column's name."""
    consent = columns.get("phone_consent")
    if consent is not None:
        encoded = consent.dictionary_encode()
        told = [_of_calls(text) for text in encoded.dictionary.to_pylist()]
        columns["phone_consent"] = pa.array(told, pa.string()).take(encoded.indices)
    kind = columns.get("entity_type")
    if kind is not None:
        encoded = kind.dictionary_encode()
        names = [_ENTITY_TYPES.get(text, text) for text in encoded.dictionary.to_pylist()]
        columns["entity_type"] = pa.array(names, pa.string()).take(encoded.indices)
    for name in EXTERNAL_ID_COLUMNS:
        if name in columns:  # systems write 0 for "no id"
            none = pc.fill_null(pc.equal(columns[name], "0"), False)
            if none.true_count:
                columns[name] = pc.if_else(none, None, columns[name])
