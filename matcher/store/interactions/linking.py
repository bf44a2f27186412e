"""Links interactions to persons, and writes down what was found where that is news.

First each interaction is held against the records of persons. Those that are linked so tell more
of their person: the others are held against them too, once. That is no chain: only what records tie
to a person counts, so what is found follows from records and contacts alone, in whatever order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.hashes import Hashes, mixed
from matcher.store.frozen import FrozenModel
from matcher.store.identities import NOBODY
from matcher.store.interactions.contacts import NO_STATUS, Contacts
from matcher.store.interactions.meeting import key_entries, sharing
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
from matcher.store.interactions.weighing import (
    Known,
    Reasons,
    known_contacts,
    known_records,
    weighed,
)
from matcher.store.ledger import Ledger
from matcher.store.population import closed
from matcher.store.session import Session
from matcher.store.state import State

Ints = npt.NDArray[np.int64]

#: Statuses of interactions that are not looked at again.
FINAL = (INVALID, ERASED)
#: So many interactions are looked at together.
_TOGETHER = 100_000

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
        }
        words = [f"{count:,} {word}" for word, count in told.items() if count]
        if self.withdrawn:
            words.append(f"{self.withdrawn:,} link{'s' * (self.withdrawn > 1)} withdrawn")
        return ", ".join(words)


@dataclass(frozen=True)
class Found:
    """What was found of some interactions.

    Attributes:
        interactions: int64, ascending.
        outcomes: of each.
        person: int64 per interaction, the one linked to; -1 for none.
        record: int64 per interaction, by which; -1 for none.
        through: int64 per interaction, the interaction of that person that it agrees with best;
            -1 where that is a record.
        reason: in words, per interaction.
        hashes: uint64 per interaction, equal where all of that is equal.
        whose: int64 per candidate, the place of its interaction.
        candidates: person, record and reason of each candidate.
    """

    interactions: Ints
    outcomes: Outcomes
    person: Ints
    record: Ints
    through: Ints
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
    tally = Tally()
    for found in looked(session.state, session.contacts, session.model, interactions):
        tally += _saved(session, found, run)
    return tally


def looked(
    state: State, contacts: Contacts, model: FrozenModel, interactions: Ints
) -> Iterator[Found]:
    """Whom some interactions were with, and those that this says more about; each once.

    Args:
        state: the persons and their records.
        contacts: of the interactions; learns which of them records tie to a person.
        model: weighs.
        interactions: numbers, in ascending order.
    """
    interactions = interactions[~np.isin(contacts.statuses(interactions), FINAL)]
    plain, changed = [], [np.zeros(0, np.int64)]
    for start in range(0, len(interactions), _TOGETHER):
        some = interactions[start : start + _TOGETHER]
        found = look(contacts, model, some, [known_records(state)])
        changed.append(some[found.person != contacts.direct(some)[0]])
        contacts.set_direct(some, found.person, found.record)
        plain.append(found)
    again = _told_more(contacts, interactions, np.concatenate(changed))
    for found in plain:
        yield _without(found, again)
    known = [known_records(state), known_contacts(state, contacts)] if len(again) else []
    for start in range(0, len(again), _TOGETHER):
        yield look(contacts, model, again[start : start + _TOGETHER], known)


def _told_more(contacts: Contacts, interactions: Ints, changed: Ints) -> Ints:
    """The interactions of which contacts of a person's other interactions may tell more.

    Args:
        contacts: of all interactions.
        interactions: that are looked at.
        changed: of which it has changed whether records tie them to a person, or to whom.
    """
    beside_changed = beside(contacts, contacts.slots(changed))
    open_ones = interactions[contacts.direct(interactions)[0] == NOBODY]
    near = [np.zeros(0, np.int64)]
    direct = contacts.is_direct_slot()
    for start in range(0, len(open_ones), _TOGETHER):
        slots = contacts.slots(open_ones[start : start + _TOGETHER])
        if len(slots) and direct.any():
            near.append(slots[_meets(contacts, slots, direct)])
    again = closed([contacts.of_slots(np.concatenate(near)), beside_changed])
    again = again[contacts.direct(again)[0] == NOBODY]
    open_again: Ints = again[~np.isin(contacts.statuses(again), FINAL)]
    return open_again


def _meets(contacts: Contacts, slots: Ints, direct: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of the slots share a key value with a contact that records tie to a person."""
    found = np.zeros(len(slots), np.bool_)
    for name, made in key_entries(contacts.population.records(slots)).items():
        held = contacts.population.holders({name: closed([made.keys])})
        values = closed([held.keys[direct[held.rows]]])
        if len(values):
            at = np.minimum(np.searchsorted(values, made.keys), len(values) - 1)
            found[made.rows[values[at] == made.keys]] = True
    return found


def beside(contacts: Contacts, slots: Ints) -> Ints:
    """The interactions of all contacts that share a key value with those of some slots."""
    if not len(slots):
        return slots
    entries = key_entries(contacts.population.records(slots))
    return contacts.of_slots(sharing(entries, contacts.population))


def let_go(contacts: Contacts, interactions: Ints) -> Ints:
    """Takes the contacts of some interactions out of memory; whom that may concern.

    Returns:
        the interactions that contacts of these, known to be of a person, may have told more of.
    """
    told = interactions[contacts.direct(interactions)[0] != NOBODY]
    concerned = beside(contacts, contacts.slots(told))
    contacts.retire(interactions)
    contacts.set_direct(interactions, NOBODY, NOBODY)
    return concerned


def look(
    contacts: Contacts, model: FrozenModel, interactions: Ints, known: Sequence[Known]
) -> Found:
    """Whom some interactions were with.

    Args:
        contacts: of the interactions.
        model: weighs.
        interactions: numbers, in ascending order.
        known: what they are held against.
    """
    slots = contacts.slots(interactions)
    asked = np.searchsorted(interactions, contacts.interactions(slots))
    known = [each for each in known if len(each.population)] if len(slots) else []
    records = contacts.population.records(slots) if known else None
    fits, reasons = Fits.joined([]), Reasons(pa.array([], pa.string()), slots[:0])
    if records is not None:
        fits, reasons = weighed(model, records, asked, known)
    outcomes = decide(fits, len(interactions))
    place = np.where(outcomes.status == LINKED, outcomes.best, -1)
    listed = outcomes.listed
    return Found(
        interactions, outcomes, _at(fits.person, place), _at(fits.record, place),
        _at(fits.through, place), _reasons(outcomes, reasons, fits, len(interactions)),
        _hashed(outcomes, fits), fits.asked[listed],
        (fits.person[listed], fits.record[listed], reasons.of(listed)),
    )  # fmt: skip


def _without(found: Found, others: Ints) -> Found:
    """What was found of those that are not among the others."""
    stays = np.flatnonzero(~np.isin(found.interactions, others))
    if len(stays) == len(found.interactions):
        return found
    at = np.searchsorted(stays, found.whose)
    listed = np.flatnonzero(np.isin(found.whose, stays))
    outcomes, (person, record, reason) = found.outcomes, found.candidates
    return Found(
        found.interactions[stays],
        Outcomes(
            outcomes.status[stays], outcomes.best[stays], outcomes.probability[stays],
            outcomes.listed[listed], outcomes.listed_probability[listed],
        ),
        found.person[stays], found.record[stays], found.through[stays],
        found.reason.take(pa.array(stays)), found.hashes[stays], at[listed],
        (person[listed], record[listed], reason.take(pa.array(listed))),
    )  # fmt: skip


def _reasons(outcomes: Outcomes, reasons: Reasons, fits: Fits, count: int) -> pa.StringArray:
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


def _saved(session: Session, found: Found, run: int) -> Tally:
    """Adds rows where something else was found than the last time."""
    contacts, interactions = session.contacts, found.interactions
    tally = _counted(contacts, found)
    news = found.hashes != contacts.outcomes(interactions)
    at = np.flatnonzero(news)
    status, person = found.outcomes.status[at], found.person[at]
    record, through = found.record[at], found.through[at]
    numbers = np.zeros(len(news), np.int64)
    numbers[at] = session.ledger.numbers("link", len(at))
    session.ledger.add(
        "link",
        {
            "link": numbers[at],
            "interaction": interactions[at],
            "run": run,
            "status": pa.array(STATUSES).take(pa.array(status)),
            "person": pa.array(person, mask=person < 0),
            "record": pa.array(record, mask=record < 0),
            "through": pa.array(through, mask=through < 0),
            "probability": pa.array(found.outcomes.probability[at], mask=status == UNMATCHED),
            "reason": found.reason.take(pa.array(at)),
            "model": session.model.version,
            "outcome": found.hashes[at],
        },
    )
    _save_candidates(session.ledger, found, numbers)
    contacts.set_outcomes(interactions[at], found.hashes[at], status, person)
    return tally


def _save_candidates(ledger: Ledger, found: Found, numbers: Ints) -> None:
    """Adds the candidates of interactions of which a link with that number has been added."""
    whose = found.whose
    place = np.arange(len(whose)) - np.searchsorted(whose, whose)
    rows = np.flatnonzero(numbers[whose])
    person, record, reason = found.candidates
    ledger.add(
        "link_candidate",
        {
            "link": numbers[whose[rows]],
            "place": place[rows].astype(np.int16),
            "person": person[rows],
            "record": record[rows],
            "probability": found.outcomes.listed_probability[rows],
            "reason": reason.take(pa.array(rows)),
        },
    )


def _counted(contacts: Contacts, found: Found) -> Tally:
    """What became of interactions, against what was known of them."""
    before, after = contacts.statuses(found.interactions), found.outcomes.status
    linked, was = after == LINKED, before == LINKED
    changed = found.person != contacts.persons(found.interactions)
    return Tally(
        at_once=int((linked & (before == NO_STATUS)).sum()),
        later=int((linked & ~was & (before != NO_STATUS)).sum()),
        moved=int((linked & was & changed).sum()),
        withdrawn=int((was & ~linked).sum()),
        looked_at=len(found.interactions),
    )


def differing(state: State, contacts: Contacts, model: FrozenModel) -> Ints:
    """The interactions of which something else would be found now than what was.

    ``contacts`` are to be read from the file for this, and not to be used afterwards.
    """
    wrong = [np.zeros(0, np.int64)]
    for found in looked(state, contacts, model, np.arange(contacts.count)):
        news = found.hashes != contacts.outcomes(found.interactions)
        wrong.append(found.interactions[news])
    return np.sort(np.concatenate(wrong))
