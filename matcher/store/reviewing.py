"""Which pairs of records are for a person to look at: the doubtful ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.pairs import absent_from, pack, unpack
from matcher.compared import compared_texts, is_compared
from matcher.errors import OptionError
from matcher.records import Records
from matcher.store.ids import person_id
from matcher.store.lookup import current_person
from matcher.store.population import closed
from matcher.store.resolving import Compared, compared
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

#: Probabilities between which a pair is doubtful, as in a batch.
BAND = (0.1, 0.9)
#: So many pairs are weighed together.
_TOGETHER = 1_000_000


_IDS = ("record_id_left", "record_id_right", "person_id_left", "person_id_right")


class _Doubtful(NamedTuple):
    """Packed pairs of slots, and how doubtful each is."""

    packed: Ints
    certainty: Floats
    weight: Floats


def review_table(
    session: Session, limit: int, asked: str | None = None, band: tuple[float, float] = BAND
) -> pa.Table:
    """The doubtful pairs; see ``matcher.store.Store.review_queue``.

    Args:
        session: of the store.
        limit: how many at most.
        asked: only pairs of which one record is of the person of this id.
        band: probabilities, the lower first.

    Raises:
        OptionError: the limit is below 1.
        UnknownInStore: there is no such person.
    """
    if limit < 1:
        raise OptionError(f"limit is {limit}; ask for one pair at least.")
    with session.lock:
        state = session.state
        slots = state.population.live
        if asked is not None:
            person = current_person(session.ledger, asked)
            slots = np.sort(state.slots(state.members(np.array([person]))))
        if not len(slots):
            return nothing_told()
        return pairs_told(session, *unpack(_chosen(session, slots, limit, band)))


def nothing_told() -> pa.Table:
    """No pairs."""
    return pa.table({name: pa.array([], pa.string()) for name in _IDS})


def pairs_told(session: Session, left: Ints, right: Ints) -> pa.Table:
    """Pairs of slots as they are shown."""
    pairs = compared(session.state.population, session.model, (left, right))
    return _told(session, pairs)


def _chosen(session: Session, slots: Ints, limit: int, band: tuple[float, float]) -> Ints:
    """The packed pairs around some slots to be looked at, the least certain first."""
    population = session.state.population
    packed = absent_from(pack(*population.pairs(slots)), decided_pairs(session))
    best = _Doubtful(packed[:0], np.zeros(0), np.zeros(0))
    for start in range(0, len(packed), _TOGETHER):
        part = packed[start : start + _TOGETHER]
        weighed = compared(population, session.model, unpack(part)).weighed
        probability = weighed.probability
        at = np.flatnonzero((probability >= band[0]) & (probability <= band[1]))
        certainty = np.round(np.abs(probability[at] - 0.5), 6)
        both = _Doubtful(
            np.concatenate([best.packed, part[at]]),
            np.concatenate([best.certainty, certainty]),
            np.concatenate([best.weight, np.round(weighed.weight[at], 6)]),
        )
        best = _first(session, both, limit)
    return best.packed


def _first(session: Session, doubtful: _Doubtful, limit: int) -> _Doubtful:
    """The least certain pairs; among equals the heavier, then by what the records are."""
    left, right = (session.state.population.ties(side) for side in unpack(doubtful.packed))
    ranked = np.lexsort(
        (np.maximum(left, right), np.minimum(left, right), -doubtful.weight, doubtful.certainty)
    )[:limit]
    return _Doubtful(doubtful.packed[ranked], doubtful.certainty[ranked], doubtful.weight[ranked])


def decided_pairs(session: Session) -> Ints:
    """The packed pairs of slots that somebody has looked at already, whatever they said."""
    state = session.state
    pairs = np.array(list(state.decisions), np.int64).reshape(-1, 2)
    pairs = pairs[state.is_live(pairs[:, 0]) & state.is_live(pairs[:, 1])]
    return np.sort(pack(state.slots(pairs[:, 0]), state.slots(pairs[:, 1])))


def _told(session: Session, pairs: Compared) -> pa.Table:
    """Pairs with their persons, levels and what was compared."""
    state, weighed = session.state, pairs.weighed
    sides = {"left": pairs.left, "right": pairs.right}
    columns: dict[str, pa.Array | Floats | list[str]] = {
        f"record_id_{side}": pa.array(state.record_ids(slots), pa.string())
        for side, slots in sides.items()
    }
    for side, slots in sides.items():
        persons = state.persons(state.records(slots)).tolist()
        columns[f"person_id_{side}"] = pa.array([person_id(one) for one in persons], pa.string())
    columns["weight"] = weighed.weight
    columns["probability"] = weighed.probability
    columns["household_probability"] = weighed.household_probability
    levels = pairs.evidence.levels
    comparisons = session.model.model.weights.comparisons
    for place, comparison in enumerate(comparisons):
        labels = [comparison.label(level) for level in levels[:, place].tolist()]
        columns[comparison.name] = pa.array(labels, pa.string())
    distinct = closed([pairs.left, pairs.right])
    if len(distinct):
        records = state.population.records(distinct)
        for comparison in comparisons:
            columns |= _texts(records, comparison.name, distinct, sides)
    return pa.table(columns)


def _texts(
    records: Records, comparison: str, distinct: Ints, sides: dict[str, Ints]
) -> dict[str, pa.Array]:
    """What was compared, on both sides; nothing where no record has a value."""
    if not is_compared(records, comparison):
        return {}
    return {
        f"{comparison}_{side}": compared_texts(
            records, comparison, np.searchsorted(distinct, slots)
        )
        for side, slots in sides.items()
    }
