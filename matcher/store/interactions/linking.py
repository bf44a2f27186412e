"""Links interactions to persons, and writes down what was found where that is news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.hashes import Hashes, mixed
from matcher.records import Records
from matcher.store.frozen import FrozenModel
from matcher.store.interactions.contacts import NO_STATUS, Contacts
from matcher.store.interactions.meeting import key_entries, meetings
from matcher.store.interactions.outcomes import (
    ERASED,
    INVALID,
    LINKED,
    REVIEW,
    UNMATCHED,
    Fits,
    Outcomes,
    decide,
)
from matcher.store.interactions.tables import STATUSES
from matcher.store.ledger import Ledger
from matcher.store.population import closed
from matcher.store.session import Session
from matcher.store.state import State
from matcher.subsets import stacked
from scoring import Comparison, Evidence

Ints = npt.NDArray[np.int64]

#: Statuses of interactions that are not looked at again.
FINAL = (INVALID, ERASED)
#: So many interactions are looked at together.
_TOGETHER = 100_000

#: An agreement in one of these is what a person is known by (IX-02, IX-07).
_IDENTIFYING = frozenset({"email", "phone", "location", "external_id"})
_BY_ID = "external_id"

_NOBODY = "nobody has one of these emails, phones, addresses or ids"
_SOMEBODY_ELSE = "whoever has one of these emails, phones or addresses is probably somebody else"
_SOMEBODY = np.uint64(0x9E3779B97F4A7C15)
_ONE_FITS = "one person may be meant"
_SEVERAL_FIT = "{count} persons may be meant"


@dataclass
class Tally:
    """What became of interactions in one run.

    Attributes:
        at_once: linked as they came.
        later: linked now, and not before.
        moved: linked to another person than before.
        withdrawn: linked before, and not any more.
        looked_at: how many were looked at.
    """

    at_once: int = 0
    later: int = 0
    moved: int = 0
    withdrawn: int = 0
    looked_at: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def __bool__(self) -> bool:
        return bool(self.at_once or self.later or self.moved or self.withdrawn)

    def __str__(self) -> str:
        told = {
            "linked at once": self.at_once,
            "linked later": self.later,
            "linked to another person": self.moved,
            "links withdrawn": self.withdrawn,
        }
        return ", ".join(f"{count:,} {word}" for word, count in told.items() if count)


@dataclass(frozen=True)
class Found:
    """What was found of some interactions.

    Attributes:
        outcomes: of each.
        person: int64 per interaction, the one linked to; -1 for none.
        record: int64 per interaction, of the record that agrees best; -1 for none.
        reason: in words, per interaction.
        hashes: uint64 per interaction, equal where all of that is equal.
        whose: int64 per candidate, the place of its interaction.
        candidates: person, record and reason of each candidate.
    """

    outcomes: Outcomes
    person: Ints
    record: Ints
    reason: pa.StringArray
    hashes: Hashes
    whose: Ints
    candidates: tuple[Ints, Ints, pa.StringArray]


def link(session: Session, interactions: Ints, run: int) -> Tally:
    """Looks whom some interactions were with, and writes down what is news.

    To be called inside ``writing`` and a transaction.

    Args:
        session: of the store.
        interactions: their numbers, in ascending order.
        run: in which this happens.
    """
    contacts, tally = session.contacts, Tally()
    fixed = np.isin(contacts.statuses(interactions), FINAL)
    interactions = interactions[~fixed]
    for start in range(0, len(interactions), _TOGETHER):
        some = interactions[start : start + _TOGETHER]
        found = look(session.state, contacts, session.model, some)
        tally += _saved(session, some, found, run)
    return tally


def look(state: State, contacts: Contacts, model: FrozenModel, interactions: Ints) -> Found:
    """Whom some interactions were with.

    Args:
        state: the persons and their records.
        contacts: of the interactions.
        model: weighs.
        interactions: numbers, in ascending order.
    """
    slots = contacts.slots(interactions)
    asked = np.searchsorted(interactions, contacts.interactions(slots))
    met = _met(state, contacts.population.records(slots)) if len(slots) else None
    fits, reasons = _no_fits() if met is None else _fits(state, model, met, asked)
    outcomes = decide(fits, len(interactions))
    linked = outcomes.status == LINKED
    place = np.where(linked, outcomes.best, -1)
    person, record = _at(fits.person, place), _at(state.records(fits.slot), place)
    listed = outcomes.listed
    candidates = (fits.person[listed], state.records(fits.slot[listed]), reasons.of(listed))
    return Found(
        outcomes, person, record, _reasons(outcomes, reasons, fits, len(interactions)),
        _hashed(outcomes, fits), fits.asked[listed], candidates,
    )  # fmt: skip


@dataclass(frozen=True)
class _Reasons:
    """Why each pair is as likely as it is: a text per combination of levels."""

    texts: pa.StringArray
    which: Ints

    def of(self, places: Ints) -> pa.StringArray:
        return self.texts.take(pa.array(self.which[places]))


@dataclass(frozen=True)
class _Met:
    """Contacts, and the records that they share something with.

    Attributes:
        contacts: normalised.
        rows: int64, which contact, of each pair.
        slots: int64, which record, of each pair.
        held: normalised, the records of the distinct slots.
        distinct: int64, ascending.
    """

    contacts: Records
    rows: Ints
    slots: Ints
    held: Records
    distinct: Ints


def _met(state: State, contacts: Records) -> _Met | None:
    """The records that contacts share something with; ``None`` where there are none."""
    rows, slots = meetings(key_entries(contacts), state.population)
    distinct = closed([slots])
    if not len(distinct):
        return None
    return _Met(contacts, rows, slots, state.population.records(distinct), distinct)


def _fits(state: State, model: FrozenModel, met: _Met, asked: Ints) -> tuple[Fits, _Reasons]:
    """Weighs contacts against the records that they share something with."""
    scale = model.scale(stacked([met.held, met.contacts]))
    left = np.searchsorted(met.distinct, met.slots)
    evidence = scale.comparer.compare(left, len(met.distinct) + met.rows)
    comparisons = model.model.weights.comparisons
    which = evidence.which.astype(np.int64)
    identified, by_id = known_by(comparisons, evidence)
    fits = Fits(
        asked[met.rows], state.persons(state.records(met.slots)), met.slots,
        state.population.ties(met.slots), scale.weigh(evidence).log_odds,
        identified[which], by_id[which],
    )  # fmt: skip
    return fits, _Reasons(_in_words(comparisons, evidence), which)


def _no_fits() -> tuple[Fits, _Reasons]:
    none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
    fits = Fits(none, none, none, none.view(np.uint64), np.zeros(0), no, no)
    return fits, _Reasons(pa.array([], pa.string()), none)


def known_by(
    comparisons: Sequence[Comparison], evidence: Evidence
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Of each combination of levels: whether an identifier speaks for the pair, and an id does."""
    count = len(evidence.combinations)
    identified, by_id = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for place, comparison in enumerate(comparisons):
        if comparison.name in _IDENTIFYING:
            speaks = [False, *(level.weight > 0.0 for level in comparison.levels)]
            identified |= np.array(speaks)[evidence.combinations[:, place]]
        if comparison.name == _BY_ID:
            by_id = evidence.combinations[:, place] > 0
    return identified, by_id


def _in_words(comparisons: Sequence[Comparison], evidence: Evidence) -> pa.StringArray:
    """Each combination of levels as ``email exact, first_name nickname``."""
    return pa.array(
        [
            ", ".join(
                f"{comparison.name.replace('_', ' ')} {comparison.label(level)}"
                for comparison, level in zip(comparisons, levels, strict=True)
                if level
            )
            for levels in evidence.combinations.tolist()
        ],
        pa.string(),
    )


def _reasons(outcomes: Outcomes, reasons: _Reasons, fits: Fits, count: int) -> pa.StringArray:
    """Why each interaction has its status."""
    told = np.full(count, _NOBODY, object)
    told[(outcomes.status == UNMATCHED) & (outcomes.best >= 0)] = _SOMEBODY_ELSE
    candidates = np.bincount(fits.asked[outcomes.listed], minlength=count)
    for place in np.flatnonzero(outcomes.status == REVIEW).tolist():
        several = candidates[place] > 1
        told[place] = _SEVERAL_FIT.format(count=candidates[place]) if several else _ONE_FITS
    linked = np.flatnonzero(outcomes.status == LINKED)
    told[linked] = np.array(reasons.of(outcomes.best[linked]).to_pylist(), object)
    return pa.array(told, pa.string())


def _at(values: Ints, places: Ints) -> Ints:
    """The values at some places, -1 where the place is."""
    found = np.full(len(places), -1)
    found[places >= 0] = values[places[places >= 0]]
    return found


def _hashed(outcomes: Outcomes, fits: Fits) -> Hashes:
    """One number per interaction for all that was found of it."""
    status = outcomes.status.astype(np.uint64)
    linked = outcomes.status == LINKED
    person = np.where(linked, _at(fits.person, outcomes.best), -1).astype(np.uint64)
    hashes = mixed(mixed(status) + person) + np.where(linked, _rounded(outcomes.probability), 0)
    hashes += np.where(outcomes.best >= 0, _SOMEBODY, np.uint64(0))
    listed = mixed(fits.person[outcomes.listed].astype(np.uint64))
    listed = mixed(listed + _rounded(outcomes.listed_probability))
    np.add.at(hashes, fits.asked[outcomes.listed], listed)
    found: Hashes = mixed(hashes) | np.uint64(1)  # 0 is for none yet
    return found


def _rounded(probability: npt.NDArray[np.float64]) -> Hashes:
    return mixed(np.round(probability * 1e6).astype(np.uint64))


def _saved(session: Session, interactions: Ints, found: Found, run: int) -> Tally:
    """Adds rows where something else was found than the last time."""
    contacts = session.contacts
    news = found.hashes != contacts.outcomes(interactions)
    tally = _counted(contacts, interactions, found)
    at = np.flatnonzero(news)
    status, person, record = found.outcomes.status[at], found.person[at], found.record[at]
    nobody = person < 0
    probability = pa.array(found.outcomes.probability[at], mask=status == UNMATCHED)
    session.ledger.add(
        "link",
        {
            "interaction": interactions[at],
            "run": run,
            "status": pa.array(STATUSES).take(pa.array(status)),
            "person": pa.array(person, mask=nobody),
            "record": pa.array(record, mask=nobody),
            "probability": probability,
            "reason": found.reason.take(pa.array(at)),
            "model": session.model.version,
            "outcome": found.hashes[at],
        },
    )
    _save_candidates(session.ledger, interactions, found, news, run)
    contacts.set_outcomes(interactions[at], found.hashes[at], status, person)
    return tally


def _save_candidates(
    ledger: Ledger, interactions: Ints, found: Found, news: npt.NDArray[np.bool_], run: int
) -> None:
    whose = found.whose
    place = np.arange(len(whose)) - np.searchsorted(whose, whose)
    rows = np.flatnonzero(news[whose])
    person, record, reason = found.candidates
    ledger.add(
        "link_candidate",
        {
            "interaction": interactions[whose[rows]],
            "run": run,
            "place": place[rows].astype(np.int16),
            "person": person[rows],
            "record": record[rows],
            "probability": found.outcomes.listed_probability[rows],
            "reason": reason.take(pa.array(rows)),
        },
    )


def _counted(contacts: Contacts, interactions: Ints, found: Found) -> Tally:
    """What became of interactions, against what was known of them."""
    before, after = contacts.statuses(interactions), found.outcomes.status
    linked = after == LINKED
    was = before == LINKED
    changed = found.person != contacts.persons(interactions)
    return Tally(
        at_once=int((linked & (before == NO_STATUS)).sum()),
        later=int((linked & ~was & (before != NO_STATUS)).sum()),
        moved=int((linked & was & changed).sum()),
        withdrawn=int((was & ~linked).sum()),
        looked_at=len(interactions),
    )


def differing(state: State, contacts: Contacts, model: FrozenModel) -> Ints:
    """The interactions of which something else would be found now than what was."""
    everything = np.flatnonzero(~np.isin(contacts.statuses(np.arange(contacts.count)), FINAL))
    found = [np.zeros(0, np.int64)]
    for start in range(0, len(everything), _TOGETHER):
        some = everything[start : start + _TOGETHER]
        now = look(state, contacts, model, some)
        found.append(some[now.hashes != contacts.outcomes(some)])
    return np.concatenate(found)
