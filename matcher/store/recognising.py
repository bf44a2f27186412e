"""Who is this? Records against all persons of a store, each as if alone; nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.frozen import IN_NEITHER
from matcher.store.ids import person_id
from matcher.store.loading import come_apart
from matcher.store.naming import Named, name_rows
from matcher.store.population import closed
from matcher.store.session import Session
from matcher.store.state import State
from matcher.store.visiting import Gathering, Near, Visitors, met, near
from matcher.store.worlds import Surroundings

Ints = npt.NDArray[np.int64]

#: Persons that are shown beside the answer.
_MOST_CANDIDATES = 10
#: Of so few records also those that hang on them are made ready to be compared.
_FEW = 1_000
#: Less likely ones are not worth showing.
_LEAST_PROBABILITY = 0.001


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person that the record may be.

    Attributes:
        person_id: the person.
        record_id: the record of the person that agrees best.
        probability: that the two records are one person.
        household_probability: that they are two people of one household.
        weight: log2 evidence for one person, in bits.
        reasons: comparison -> level in words, of all that both records tell.
    """

    person_id: str
    record_id: str
    probability: float
    household_probability: float
    weight: float
    reasons: dict[str, str]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answer for one record.

    Attributes:
        person_id: the person that the record would belong to; ``None`` for a new one.
        merges: further persons that would merge into that one if the record came in.
        candidates: persons that share something with it, the likeliest first.
    """

    person_id: str | None
    merges: Sequence[str]
    candidates: Sequence[Candidate]

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [self.person_id or "nobody in the store"]
        if self.merges:
            lines[0] += f", and it would merge {', '.join(self.merges)} into that person"
        for candidate in self.candidates:
            told = ", ".join(f"{name} {level}" for name, level in candidate.reasons.items())
            lines.append(
                f"{candidate.probability:7.1%}  {candidate.person_id}  "
                f"{candidate.record_id}: {told}"
            )
        return "\n".join(lines)


def recognise(session: Session, raw: RawRecords) -> list[Resolved]:
    """The person that each record would belong to, by what ingesting it alone would do.

    Args:
        session: of the store.
        raw: records that were read each as if it came alone (``matcher.reading.read_apart``).
    """
    records = _normalised(session, raw)
    named = name_rows(raw.table)
    visitors = Visitors.of(records, named.names)
    with session.lock:
        persons, close = _looked_up(session, visitors)
        persons.update(_here_already(session, named))
        told = _Teller(session, close)
        return [
            _resolved(persons.get(row, []), told.candidates(row)) for row in range(records.count)
        ]


def recognise_each(session: Session, raw: RawRecords) -> list[tuple[str, Resolved]]:
    """The ``record_id`` of each of several records, and who it is, each as if it came alone."""
    ids: list[str] = raw.table["record_id"].to_pylist()
    return list(zip(ids, recognise(session, raw), strict=True))


def _normalised(session: Session, raw: RawRecords) -> Records:
    """Clean values."""
    options: dict[str, Any] = {"default_region": session.region, "extra": session.extras}
    return normalise(raw, **options, apart=come_apart(raw.table))[0]


def _resolved(persons: Sequence[int], candidates: Sequence[Candidate]) -> Resolved:
    ids = [person_id(person) for person in persons]
    return Resolved(ids[0] if ids else None, ids[1:], candidates)


def _here_already(session: Session, named: Named) -> dict[int, list[int]]:
    """The person of each record that is in the store and says the same there."""
    records, same = session.state.known(named)
    persons = session.state.persons(records[same])
    return {
        row: [person]
        for row, person in zip(np.flatnonzero(same).tolist(), persons.tolist(), strict=True)
    }


def _looked_up(session: Session, visitors: Visitors) -> tuple[dict[int, list[int]], Near]:
    """The persons that visitors would belong to, and the records near them."""
    state = session.state
    around = Surroundings(
        state.population, session.model, state.decided(), state.remembered, visitors
    )
    rows, slots = met(around.population, visitors)
    together = closed([slots])
    if len(together) < _FEW:  # those that hang on them are likely asked for next
        mates = around.population.in_small_components(together)
        together = closed([together, mates])
    gathering = Gathering.of(around.population, around.model, together, visitors.records)
    close = near(gathering, rows, slots)
    clusters = around.clusters(close, gathering)
    return {row: _ranked(state, mates) for row, mates in clusters.items()}, close


def _ranked(state: State, mates: Ints) -> list[int]:
    """The persons of some records, the one with most of them first."""
    persons, counts = np.unique(state.persons(state.records(mates)), return_counts=True)
    ranked: list[int] = persons[np.lexsort((persons, -counts))].tolist()
    return ranked


class _Teller:
    """Tells the persons that are near visitors."""

    def __init__(self, session: Session, near: Near) -> None:
        self._session = session
        self._near = near
        self._probability = near.weighed.probability
        self._household = near.weighed.household_probability
        self._persons = session.state.persons(session.state.records(near.slots))
        self._comparisons = session.model.model.weights.comparisons
        self._reasons: dict[int, dict[str, str]] = {}

    def candidates(self, row: int) -> list[Candidate]:
        """The best record of each person that shares something with a visitor."""
        start, stop = np.searchsorted(self._near.rows, [row, row + 1])
        probability = self._probability[start:stop]
        found: dict[int, Candidate] = {}
        for at in np.argsort(-probability, kind="stable").tolist():
            if probability[at] < _LEAST_PROBABILITY or len(found) == _MOST_CANDIDATES:
                break
            person = int(self._persons[start + at])
            if person not in found:
                found[person] = self._candidate(int(start) + at, person)
        return list(found.values())

    def _candidate(self, place: int, person: int) -> Candidate:
        near = self._near
        (record_id,) = self._session.state.record_ids(near.slots[place : place + 1])
        return Candidate(
            person_id(person),
            record_id,
            float(self._probability[place]),
            float(self._household[place]),
            float(near.weighed.weight[place]),
            dict(self._told(int(near.evidence.which[place]))),
        )

    def _told(self, which: int) -> dict[str, str]:
        """A combination of levels in words."""
        if which not in self._reasons:
            levels = self._near.evidence.combinations[which].tolist()
            self._reasons[which] = {
                comparison.name: label
                for comparison, level in zip(self._comparisons, levels, strict=True)
                if level and (label := comparison.label(level)) != IN_NEITHER
            }
        return self._reasons[which]
