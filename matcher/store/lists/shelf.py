"""Vendors' lists in the file: by which rules each is kept, what it holds, what happened."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.errors import OptionError, StoreError
from matcher.policies.collector import paused_collector
from matcher.policies.history import History
from matcher.policies.people import Person
from matcher.store.ledger import Ledger
from matcher.store.lists.documents import from_documents, to_document
from matcher.store.lists.kept import KeptList
from matcher.store.lists.rules import Rules

Ints = npt.NDArray[np.int64]


def settled(ledger: Ledger, asked: Rules) -> Rules:
    """The rules that hold for a list, given what is asked for now.

    Raises:
        StoreError: the list has been kept by another profile until now.
        OptionError: an option cannot be kept.
    """
    found = ledger.rows(_LAST, [asked.policy])
    if not found:
        return Rules(asked.policy, asked.profile or "document", _plain(asked))
    profile, options = found[0]
    if asked.profile not in (None, profile):
        raise StoreError(
            f"the list of {asked.policy} has been kept by the profile {profile} since it was begun;"
            f" go on with it, or begin anew in another store."
        )
    return Rules(asked.policy, profile, _plain(asked) or json.loads(options))


_LAST = "SELECT profile, options FROM vendor_list WHERE policy = ? ORDER BY run DESC LIMIT 1"


def _plain(asked: Rules) -> dict[str, Any]:
    """The options as JSON knows them."""
    try:
        options: dict[str, Any] = json.loads(json.dumps(asked.options, default=sorted))
    except TypeError as error:
        raise OptionError(f"An option of {asked.policy} cannot be kept: {error}.") from None
    return options


def exists(ledger: Ledger, policy: str) -> bool:
    """Whether the store keeps such a list."""
    return bool(ledger.rows("SELECT 1 FROM vendor_list WHERE policy = ? LIMIT 1", [policy]))


def load(ledger: Ledger, policy: str) -> KeptList:
    """A list as it was saved last; empty where there is none."""
    kept = KeptList()
    held = ledger.table(_HELD, [policy])
    texts = held["content"].drop_null().to_pylist()
    with paused_collector():
        people = from_documents(texts)
    numbers, ids = held["number"].to_pylist(), held["person_id"].to_pylist()
    named = dict(zip(numbers, ids, strict=True))
    merged = {
        own: named[into]
        for own, into in zip(ids, held["merged_into"].to_pylist(), strict=True)
        if into is not None and own is not None and named.get(into) is not None
    }
    kept.take_over(people, merged, max(numbers, default=0) + 1)
    kept.numbers = {own: number for number, own in named.items() if own is not None}
    kept.rows = _rows_so_far(ledger, policy)
    return kept


#: What is said last of each number of a list. A later one may have the id of one that is gone.
_HELD = """
SELECT number, arg_max(person_id, run) AS person_id, arg_max_null(content, run) AS content,
    arg_max_null(merged_into, run) AS merged_into
FROM vendor_person WHERE policy = ? GROUP BY number ORDER BY number"""


def _rows_so_far(ledger: Ledger, policy: str) -> int:
    found = ledger.rows('SELECT arg_max("rows", run) FROM vendor_list WHERE policy = ?', [policy])
    return int(found[0][0] or 0)


def save(ledger: Ledger, rules: Rules, kept: KeptList, history: History, run: int) -> None:
    """Adds what a run changed in a list; to be called inside a transaction."""
    kept.rules = rules
    policy = {"policy": rules.policy, "run": run}
    ledger.add(
        "vendor_list",
        {
            **policy, "profile": [rules.profile], "options": [json.dumps(dict(rules.options))],
            "rows": [kept.rows], "state": [run],
        },
    )  # fmt: skip
    ledger.add("vendor_person", policy | _people(kept))
    owners = pa.array(history.owners, pa.string())
    rows = {"row": _ints(history.rows), "number": _numbers(owners, kept.numbers)}
    ledger.add("vendor_row", policy | rows)
    ledger.add("vendor_event", policy | _events(history, kept))


def _people(kept: KeptList) -> dict[str, Any]:
    """Rows of the table ``vendor_person``: those who changed."""
    changed = kept.changed()
    return {
        "number": _ints([version.number for version in changed]),
        "person_id": pa.array([version.person_id for version in changed], pa.string()),
        "content": pa.array([_document(version.person) for version in changed], pa.string()),
        "merged_into": pa.array([version.merged_into for version in changed], pa.int64()),
    }


def _events(history: History, kept: KeptList) -> dict[str, Any]:
    """Rows of the table ``vendor_event``: what happened, without what anybody said."""
    events = history.events()
    plain = ("row", "outcome", "rule", "field", "status_code")
    return {
        **{name: _flat(events[name]) for name in plain},
        "number": _numbers(_flat(events["person_id"]), kept.numbers),
        "other_number": _numbers(_flat(events["other_person_id"]), kept.numbers),
    }


def _document(person: Person | None) -> str | None:
    return None if person is None else to_document(person)


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, np.int64)


def _flat(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    flat = column.combine_chunks()
    if isinstance(flat, pa.ChunkedArray):
        return pa.concat_arrays(flat.chunks) if flat.num_chunks else pa.array([], flat.type)
    return flat


def _numbers(ids: pa.Array, numbers: Mapping[str, int]) -> pa.Array:
    """The numbers of people by their ids; null where there is none of that id."""
    encoded = ids.dictionary_encode()
    known = pa.array([numbers.get(one) for one in encoded.dictionary.to_pylist()], pa.int64())
    return known.take(encoded.indices)


def rows_of(ledger: Ledger, policy: str, kept: KeptList) -> History:
    """Which rows went to whom, as far as the list still holds them and runs are in force."""
    history = History()
    found = ledger.table(_ROWS, [policy, _runs_in_force(ledger, policy)])
    ids = {number: own for own, number in kept.numbers.items() if kept.get(own) is not None}
    numbers = found["number"].to_pylist()
    held = [(row, ids.get(n)) for row, n in zip(found["row"].to_pylist(), numbers, strict=True)]
    history.rows = [row for row, own in held if own is not None]
    history.owners = [own for _, own in held if own is not None]
    return history


_ROWS = """
SELECT "row", number FROM vendor_row
WHERE policy = ? AND run IN (SELECT unnest(?::BIGINT[])) AND number IS NOT NULL ORDER BY "row" """


def _runs_in_force(ledger: Ledger, policy: str) -> list[int]:
    """The runs whose rows make up the list: all but those undone."""
    made: dict[int, list[int]] = {0: []}
    now: list[int] = []
    for run, state in ledger.rows(_STATES, [policy]):
        now = made.setdefault(state, [*now, state] if state == run else now)
    return now


_STATES = "SELECT run, state FROM vendor_list WHERE policy = ? ORDER BY run"
