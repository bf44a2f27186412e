"""How often unrelated people share a value: a shared Smith says less than a shared Okonkwo.

Names, dates and ZIP codes: the share of records that hold the value, not counting records of the
same person (in a file where everybody stands five times, a rare name would look five times as
common), nor its first holder for more than others are to be expected. Emails, phones and addresses:
random pairs that agree on these are mostly matches, so a fixed share of the other holders counts
as unrelated.

Value-specific agreement weights: Newcombe (1959); Winkler (1989).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from scoring.columns import Codes, Floats, Ints, SharedValues
from scoring.evidence import Evidence
from scoring.levels import Comparison, Weights
from scoring.turns import in_turn

#: Records that the shipped share of a value counts for.
_PRIOR_RECORDS = 100.0


class Rarities(NamedTuple):
    """How rare the values are that each pair shares.

    Attributes:
        unrelated: float64 per pair, log2 of how often unrelated people share these very values.
        household: float64 per pair, the same for two people of one household, over the
            comparisons with a household floor.
    """

    unrelated: Floats
    household: Floats


#: Tells how likely each of some pairs is one person.
ProbabilityOf = Callable[[Evidence], Floats]

#: Pairs that are looked at together: few enough to stay in the cache.
_SLICE = 1 << 16

#: Tells the rarities of compared pairs.
RarityOf = Callable[[Evidence], Rarities]


def rarities_of(rarities: Rarities | RarityOf, place: slice, part: Evidence) -> Rarities:
    """The rarities of one part of the pairs, from those of all or from what tells them."""
    if isinstance(rarities, Rarities):
        return Rarities(*(whole[place] for whole in rarities))
    return rarities(part)


@dataclass(frozen=True)
class Frequencies:
    """The chance that an unrelated record holds a value, for all values of all comparisons.

    Attributes:
        values: comparison -> its values.
        records: records in all.
        chance: comparison -> float64 per value.
    """

    values: Mapping[str, SharedValues]
    records: int
    chance: Mapping[str, Floats]

    @classmethod
    def counted(
        cls, values: Mapping[str, SharedValues], records: int, weights: Weights
    ) -> Frequencies:
        """Plain counts: every holder but one may be unrelated."""
        chance = {
            name: _chance(counted, _expected(counted, counted.holders), records, weights, name)
            for name, counted in values.items()
        }
        return cls(values, records, chance)

    @classmethod
    def frozen(
        cls,
        values: Mapping[str, SharedValues],
        records: int,
        weights: Weights,
        known: Mapping[str, Floats],
    ) -> Frequencies:
        """Chances that were counted over another set.

        Args:
            values: of the set at hand; their holders do not count.
            records: records of the other set.
            weights: the model.
            known: comparison -> float64 per value, its chance there; NaN for a value that it did
                not have, which counts as if one record had it.
        """
        chance = {}
        for name, counted in values.items():
            once = SharedValues(np.ones(len(counted.holders)), counted.usual)
            unseen = _chance(once, once.holders[_by_share(once)], records, weights, name)
            found = known.get(name)
            chance[name] = unseen if found is None else np.where(np.isnan(found), unseen, found)
        return cls(values, records, chance)

    def without_matches(
        self, evidence: Evidence, probability: ProbabilityOf, weights: Weights
    ) -> Frequencies:
        """Counts that leave out the holders who are the same person.

        Args:
            evidence: of the candidate pairs.
            probability: tells of some pairs how likely each is one person.
            weights: the model.
        """
        matches = self._matches(evidence, probability, weights)
        chance = dict(self.chance)
        for name, matched in matches.items():
            counted = self.values[name]
            strangers = counted.holders - 2.0 * matched / np.maximum(counted.holders, 1.0)
            others = _expected(counted, np.maximum(strangers, 1.0))
            chance[name] = _chance(counted, others, self.records, weights, name)
        return Frequencies(self.values, self.records, chance)

    def _matches(
        self, evidence: Evidence, probability: ProbabilityOf, weights: Weights
    ) -> Mapping[str, Floats]:
        """How many matches share each value, by comparison in which a value's share counts."""
        asked = {}
        for place, comparison in enumerate(weights.comparisons):
            counted = self.values.get(comparison.name)
            if counted is None or not len(evidence.shared[place].rows):
                continue
            by_share = ~np.isnan(counted.usual)
            if by_share.any():  # the others are told from their other holders, whoever they are
                asked[comparison.name] = place, by_share, np.zeros(len(counted.holders))

        def found(here: slice) -> list[tuple[Codes, Floats]]:
            part = evidence.part(here)
            likely = probability(part)
            shared = [part.shared[place] for place, _, _ in asked.values()]
            kept = [
                np.flatnonzero(by_share[codes])
                for (_, codes), (_, by_share, _) in zip(shared, asked.values(), strict=True)
            ]
            return [
                (codes[chosen], likely[rows[chosen]])
                for (rows, codes), chosen in zip(shared, kept, strict=True)
            ]

        for part in in_turn(found, evidence.slices(_SLICE)):
            for (codes, likely), (_, _, matches) in zip(part, asked.values(), strict=True):
                # In the order of the pairs, as if they were counted at once.
                np.add.at(matches, codes, likely)
        return {name: matches for name, (_, _, matches) in asked.items()}

    def of(self, evidence: Evidence, weights: Weights) -> Rarities:
        """The rarity of what each pair shares."""
        return self.lookup(weights)(evidence)

    def lookup(self, weights: Weights) -> RarityOf:
        """Tells the rarities of pairs, as often as it is asked."""
        logs = [self._logs(comparison) for comparison in weights.comparisons]

        def of(evidence: Evidence) -> Rarities:
            unrelated, household = np.zeros((2, len(evidence)))
            for (plain, floored), (rows, codes) in zip(logs, evidence.shared, strict=True):
                if plain is not None:
                    unrelated[rows] += plain[codes]
                if floored is not None:
                    household[rows] += floored[codes]
            return Rarities(unrelated, household)

        return of

    def _logs(self, comparison: Comparison) -> tuple[Floats | None, Floats | None]:
        """log2 of the chance of each value, plain and with the household floor."""
        chance = self.chance.get(comparison.name)
        if chance is None:
            return None, None
        floor = comparison.household_floor
        return np.log2(chance), np.log2(np.maximum(chance, floor)) if floor else None


def holders_by_chance(chance: Floats, comparison: Comparison, records: int) -> Floats:
    """About how many of the records hold each value, by its chance; 1 where that is NaN.

    Args:
        chance: float64 per value, as ``Frequencies`` have it of values whose share counts.
        comparison: of the values.
        records: of the set that they were counted in.
    """
    usual = comparison.levels[comparison.number("exact") - 1].u
    expected = chance * (records + _PRIOR_RECORDS) - _PRIOR_RECORDS * usual
    return np.where(np.isnan(chance), 1.0, expected + 1.0)


def _by_share(counted: SharedValues) -> Ints:
    """The values whose rarity is their share of all records."""
    return np.flatnonzero(~np.isnan(counted.usual))


def _chance(
    counted: SharedValues, expected: Floats, records: int, weights: Weights, name: str
) -> Floats:
    """The chance per value, by share of records or by its other holders.

    Args:
        counted: the values.
        expected: of those that go by their share, holders in as many other records.
        records: records in all.
        weights: the model.
        name: the comparison.
    """
    chance: Floats = np.maximum(counted.holders - 1.0, 1.0)
    chance *= weights.comparison(name).holders_unrelated
    chance /= max(records, 1)
    asked = _by_share(counted)
    if len(asked):
        usual = counted.usual[asked]
        chance[asked] = (expected + _PRIOR_RECORDS * usual) / (records + _PRIOR_RECORDS)
    return chance


#: Fewer values than this tell little of how far the counts deceive.
_UNTOLD = 10.0


def _expected(counted: SharedValues, holders: Floats) -> Floats:
    """The holders of each value to expect in as many other records.

    Who holds a value that nobody else has shows that it exists, not that one record in so many
    holds it: of two thousand people nearly all stand alone with their birth date, and yet the
    next one shares it once in thirty thousand. How many values two people hold beside those that
    one holds tells how far the counts deceive (absolute discounting: Ney, Essen and Kneser 1994).

    Args:
        counted: the values; the usual share tells those of one kind from those of another.
        holders: people who hold each value.

    Returns:
        float64 for each value whose rarity is its share of all records.
    """
    asked = _by_share(counted)
    held, usual = holders[asked], counted.usual[asked]
    if not len(asked):
        return held
    kind = np.cumsum(np.concatenate([[False], usual[1:] != usual[:-1]]))
    people = np.rint(held)
    once, twice = (np.bincount(kind[people == n], minlength=kind[-1] + 1) for n in (1, 2))
    discount = once / (once + 2 * twice + _UNTOLD)
    expected: Floats = np.maximum(held - discount[kind], 0.0)
    return expected
