"""One answer to which rows are one person: that of a vendor, with the rule behind each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.policies.contacts import ORGANIZATION
from matcher.policies.outcomes import MAIN, Outcome
from matcher.policies.partitions import NOBODY, Ints, numbered_by_first_row
from matcher.policies.replayed import Replay

Bools = npt.NDArray[np.bool_]

#: What kept a row from another person, where it is told beside what became of the row.
_KEEPS_APART = (
    Outcome.PHONE_MOVED, Outcome.CONFLICT, Outcome.EMAIL_CHANGE_REFUSED,
    Outcome.POSSIBLE_DUPLICATE, Outcome.EMAIL_DROPPED,
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: of the policy, or ``matcher`` for our own resolution.
        owner: int64 per row, its person, numbered by the first of its rows; ``NOBODY`` for none.
        people: persons and organisations held.
        organisations: how many of them are organisations.
        joins: per row, as text, why it is with others.
        parts: per row, as text, why it is not with more, or is with nobody.
    """

    name: str
    owner: Ints
    people: int
    organisations: int
    joins: pa.DictionaryArray
    parts: pa.DictionaryArray


def vendor_side(replay: Replay, rows: int) -> Side:
    """What a replay says, without the people themselves.

    Args:
        replay: of one policy.
        rows: how many rows all inputs have.
    """
    owner = _owners(replay, rows)
    outcome, told, beside = _reasons(replay, rows)
    created = pc.fill_null(pc.equal(outcome, Outcome.CREATED.value), False)
    later = _next_not_created(owner, created.to_numpy(zero_copy_only=False))
    return Side(
        name=replay.policy,
        owner=owner,
        people=len(replay.people_list),
        organisations=sum(
            person.entity_type == ORGANIZATION for person in replay.people_list.everyone()
        ),
        joins=told.take(pa.array(later)).dictionary_encode(),
        parts=pc.coalesce(beside, told).dictionary_encode(),
    )


def _owners(replay: Replay, rows: int) -> Ints:
    """The person of each row, with merges applied."""
    held = pa.array(replay.history.owners, pa.string()).dictionary_encode()
    today = [replay.people_list.resolve(each) for each in held.dictionary.to_pylist()]
    numbers = pa.array(today, pa.string()).dictionary_encode().indices.to_numpy()
    owner = np.full(rows, NOBODY, np.int64)
    if len(numbers):
        owner[np.array(replay.history.rows, np.int64) - 1] = numbers[held.indices.to_numpy()]
    return numbered_by_first_row(owner)


def _reasons(replay: Replay, rows: int) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Per row what became of it, the same with its rule, and what else kept it apart."""
    events = replay.history.events()
    at = events.column("row").to_numpy() - 1
    outcomes = events.column("outcome").cast(pa.string())
    told = pc.binary_join_element_wise(events.column("rule").cast(pa.string()), outcomes, " ")
    main = pc.is_in(outcomes, value_set=pa.array(sorted(MAIN), pa.string())).to_numpy()
    beside = pa.nulls(rows, pa.string())
    for each in _KEEPS_APART:
        beside = pc.coalesce(beside, _by_row(told, at, pc.equal(outcomes, each.value), rows))
    return _by_row(outcomes, at, main, rows), _by_row(told, at, main, rows), beside


def _by_row(
    texts: pa.ChunkedArray, at: Ints, wanted: Bools | pa.ChunkedArray, rows: int
) -> pa.Array:
    """The texts of some events by row; of several the first, null where there is none."""
    places = np.flatnonzero(np.asarray(wanted))[::-1]
    where = np.full(rows, -1, np.int64)
    where[at[places]] = places
    found = texts.take(pa.array(where, mask=where < 0))
    return pa.concat_arrays(found.chunks) if found.num_chunks else pa.nulls(rows, pa.string())


def _next_not_created(owner: Ints, created: Bools) -> Ints:
    """For each row that made a person the next one of that person that did not; else itself.

    Whoever came first was joined by whoever came next, or by what merged two later.
    """
    ranked = np.argsort(owner, kind="stable")
    count = len(ranked)
    places = np.where(created[ranked], count, np.arange(count))
    ahead = np.minimum.accumulate(places[::-1])[::-1]
    found = np.minimum(ahead, max(count - 1, 0))
    usable = (ahead < count) & (owner[ranked[found]] == owner[ranked]) & created[ranked]
    later = np.arange(count)
    later[ranked[usable]] = ranked[found[usable]]
    return later
