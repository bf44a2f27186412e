"""Who is this? One record against all persons of a store, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.content import content_hashes
from matcher.errors import OptionError
from matcher.normalise import normalise
from matcher.records import RawRecords
from matcher.store.ids import person_id
from matcher.store.loading import with_settled_dates
from matcher.store.naming import Named, name_rows
from matcher.store.resolving import Compared, compared, resolve
from matcher.store.session import Session

Ints = npt.NDArray[np.int64]

#: Persons that are shown beside the answer.
_MOST_CANDIDATES = 10
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


def recognise(session: Session, raw: RawRecords) -> Resolved:
    """The person that one record would belong to, by what ingesting it would do.

    Raises:
        OptionError: there is not exactly one record.
    """
    if len(raw) != 1:
        raise OptionError(f"resolve takes one record; these are {len(raw)}.")
    return _recognise(session, raw, name_rows(raw.table))


def recognise_each(session: Session, raw: RawRecords) -> list[tuple[str, Resolved]]:
    """The ``record_id`` of each of several records, and who it is, each as if it came alone."""
    records, _ = normalise(raw, default_region=session.region, extra=session.extras)
    table, named = with_settled_dates(raw.table, records), name_rows(raw.table)
    ids: list[str] = table["record_id"].to_pylist()
    return [
        (known, _recognise(session, RawRecords(table.slice(row, 1)), named.of(np.array([row]))))
        for row, known in enumerate(ids)
    ]


def _recognise(session: Session, raw: RawRecords, named: Named) -> Resolved:
    records, _ = normalise(raw, default_region=session.region, extra=session.extras)
    with session.lock:
        population = session.state.population
        here = _here_already(session, named)
        ties = named.names.view(np.uint64)
        with population.visited(records, content_hashes(records), ties) as slots:
            near = compared(population, session.model, population.pairs(slots))
            persons = here or (_persons(session, slots) if near.may_link else [])
            return Resolved(
                person_id(persons[0]) if persons else None,
                [person_id(person) for person in persons[1:]],
                _candidates(session, near, int(slots[0])),
            )


def _here_already(session: Session, named: Named) -> list[int]:
    """The person of a record that is in the store and says the same there."""
    records, same = session.state.known(named)
    persons: list[int] = session.state.persons(records[same]).tolist()
    return persons


def _persons(session: Session, slots: Ints) -> list[int]:
    """The persons whose records would be in one cluster with a visitor, the largest part first."""
    found = resolve(session.state.population, session.model, session.state.decided(), slots)
    cluster = found.clusters[np.searchsorted(found.slots, slots[0])]
    mates = found.slots[(found.clusters == cluster) & (found.slots != slots[0])]
    persons, counts = np.unique(
        session.state.persons(session.state.records(mates)), return_counts=True
    )
    ranked: list[int] = persons[np.lexsort((persons, -counts))].tolist()
    return ranked


def _candidates(session: Session, near: Compared, visitor: int) -> list[Candidate]:
    """The best record of each person that shares something with the visitor."""
    others = np.where(near.left == visitor, near.right, near.left)
    probability = near.weighed.probability
    persons = session.state.persons(session.state.records(others))
    found: dict[int, Candidate] = {}
    for place in np.argsort(-probability, kind="stable").tolist():
        if probability[place] < _LEAST_PROBABILITY or len(found) == _MOST_CANDIDATES:
            break
        person = int(persons[place])
        if person not in found:
            (record_id,) = session.state.record_ids(others[place : place + 1])
            found[person] = _candidate(session, near, place, person_id(person), record_id)
    return list(found.values())


def _candidate(
    session: Session, near: Compared, place: int, person: str, record_id: str
) -> Candidate:
    levels = near.evidence.combinations[near.evidence.which[place]].tolist()
    return Candidate(
        person,
        record_id,
        float(near.weighed.probability[place]),
        float(near.weighed.household_probability[place]),
        float(near.weighed.weight[place]),
        {
            comparison.name: comparison.label(level)
            for comparison, level in zip(
                session.model.model.weights.comparisons, levels, strict=True
            )
            if level
        },
    )
