"""How well contacts fit those whom they share something with, and why, in words.

A contact is weighed against the records of persons and, where asked, against other contacts that
are known to be a person's: what somebody texted from is theirs, though no list has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.records import Records
from matcher.store.frozen import IN_NEITHER, FrozenModel
from matcher.store.identities import NOBODY
from matcher.store.interactions.contacts import Contacts
from matcher.store.interactions.meeting import key_entries, meetings
from matcher.store.interactions.outcomes import Fits
from matcher.store.population import Population, closed
from matcher.store.state import State
from matcher.subsets import stacked
from scoring import Comparison, Evidence

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: An agreement in one of these is what a person is known by (IX-02, IX-07).
_IDENTIFYING = frozenset({"email", "phone", "location", "external_id"})
_BY_ID = "external_id"


@dataclass(frozen=True)
class Known:
    """Whom a contact may meet: all of whom it is known whose they are.

    Attributes:
        population: by slot.
        person: of each of some slots.
        record: of each of some slots, by which it is known.
        through: of each of some slots, the interaction that it is of; -1 for a record.
        start: where its slots begin among those of all.
        only: by slot, which are met; ``None`` for all.
    """

    population: Population
    person: Callable[[Ints], Ints]
    record: Callable[[Ints], Ints]
    through: Callable[[Ints], Ints]
    start: int = 0
    only: Bools | None = None


def known_records(state: State) -> Known:
    """The records of persons."""
    return Known(
        state.population,
        lambda slots: state.persons(state.records(slots)),
        state.records,
        lambda slots: np.full(len(slots), NOBODY),
    )


def known_contacts(state: State, contacts: Contacts) -> Known:
    """The contacts of interactions that records tie to a person."""
    return Known(
        contacts.population,
        lambda slots: contacts.direct(contacts.interactions(slots))[0],
        lambda slots: contacts.direct(contacts.interactions(slots))[1],
        contacts.interactions,
        len(state.population),
        contacts.is_direct_slot(),
    )


@dataclass(frozen=True)
class Reasons:
    """Why each pair is as likely as it is: a text per combination of levels.

    Attributes:
        texts: each once.
        which: int64 per pair, an index into ``texts``.
    """

    texts: pa.StringArray
    which: Ints

    def of(self, places: Ints) -> pa.StringArray:
        """The texts of some pairs."""
        return self.texts.take(pa.array(self.which[places]))


def weighed(
    model: FrozenModel, records: Records, asked: Ints, known: Sequence[Known]
) -> tuple[Fits, Reasons]:
    """Weighs contacts against all that they share something with.

    Args:
        model: weighs.
        records: the contacts, normalised.
        asked: int64 per contact, the place of its interaction.
        known: whom they may meet.
    """
    entries = key_entries(records) if records.count else {}
    parts = []
    for each in known:
        rows, slots = meetings(entries, each.population, each.only)
        if len(rows):
            parts.append(_weighed(model, records, (rows, slots), asked, each))
    return _joined(parts)


def _weighed(
    model: FrozenModel, records: Records, pairs: tuple[Ints, Ints], asked: Ints, known: Known
) -> tuple[Fits, Reasons]:
    rows, slots = pairs
    distinct = closed([slots])
    scale = model.scale(stacked([known.population.records(distinct), records]))
    evidence = scale.comparer.compare(np.searchsorted(distinct, slots), len(distinct) + rows)
    comparisons = model.model.weights.comparisons
    which = evidence.which.astype(np.int64)
    identified, by_id = known_by(comparisons, evidence)
    fits = Fits(
        asked[rows], known.person(slots), known.start + slots, known.record(slots),
        known.through(slots), known.population.ties(slots), scale.weigh(evidence).log_odds,
        identified[which], by_id[which],
    )  # fmt: skip
    return fits, Reasons(_in_words(comparisons, evidence), which)


def _joined(parts: Sequence[tuple[Fits, Reasons]]) -> tuple[Fits, Reasons]:
    texts, which, start = [pa.array([], pa.string())], [np.zeros(0, np.int64)], 0
    for _, reasons in parts:
        texts.append(reasons.texts)
        which.append(reasons.which + start)
        start += len(reasons.texts)
    fits = Fits.joined([fits for fits, _ in parts])
    return fits, Reasons(pa.concat_arrays(texts), np.concatenate(which))


def known_by(comparisons: Sequence[Comparison], evidence: Evidence) -> tuple[Bools, Bools]:
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
    """Each combination of levels as ``email exact, first name nickname``."""
    return pa.array(
        [
            ", ".join(
                f"{comparison.name.replace('_', ' ')} {comparison.label(level)}"
                for comparison, level in zip(comparisons, levels, strict=True)
                if level and comparison.label(level) != IN_NEITHER
            )
            for levels in evidence.combinations.tolist()
        ],
        pa.string(),
    )
