"""Why two records are, or are not, one person: each comparison with its level and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matcher.errors import OptionError
from matcher.pipeline import Matched
from scoring import MISSING, Frequency

if TYPE_CHECKING:
    from matcher.plots import Chart


@dataclass(frozen=True, slots=True)
class Reason:
    """One comparison of a pair.

    Attributes:
        comparison: the attribute.
        level: the outcome in words.
        left, right: the normalised values, several joined by ``; ``; ``None`` where missing.
        weight: log2 evidence for one person, in bits; the rarity of a shared value is in it.
        household_weight: log2 evidence for two people of one household.
    """

    comparison: str
    level: str
    left: str | None
    right: str | None
    weight: float
    household_weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair has the probability that it has. Prints as a table.

    Attributes:
        record_id_left, record_id_right: the two records.
        reasons: one per comparison of the model.
        prior: log2 odds, before any comparison, that two records drawn at random are one person.
        weight: the sum of the reasons' weights.
        probability: that the two are one person.
        household_probability: that they are two people of one household.
        same_cluster: whether they ended up in one cluster.
    """

    record_id_left: str
    record_id_right: str
    reasons: tuple[Reason, ...]
    prior: float
    weight: float
    probability: float
    household_probability: float
    same_cluster: bool

    @property
    def unrelated_probability(self) -> float:
        """That they have nothing to do with each other."""
        return max(0.0, 1.0 - self.probability - self.household_probability)

    def __str__(self) -> str:
        rows = [("comparison", "level", self.record_id_left, self.record_id_right, "weight")]
        for reason in self.reasons:
            if reason.level == "missing" and not (reason.left or reason.right):
                continue
            values = (reason.left or "-", reason.right or "-")
            rows.append((reason.comparison, reason.level, *values, f"{reason.weight:+.1f}"))
        widths = [max(len(row[place]) for row in rows) for place in range(5)]
        lines = [
            "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
            for row in rows
        ]
        lines.insert(1, "  ".join("-" * width for width in widths))
        together = "one cluster" if self.same_cluster else "different clusters"
        lines += [
            "",
            f"prior {self.prior:+.1f} bits, evidence {self.weight:+.1f} bits",
            f"same person {self.probability:.1%}, same household "
            f"{self.household_probability:.1%}, unrelated {self.unrelated_probability:.1%}; "
            f"they are in {together}",
        ]
        return "\n".join(lines)

    def plot(self) -> Chart:
        """The weights from prior to total as a waterfall; needs the extra ``plot``."""
        from matcher.plots import waterfall_chart

        return waterfall_chart(self)


def explain(matched: Matched, record_id_left: str, record_id_right: str) -> Explanation:
    """Explains one pair, whether or not any key proposed it.

    Raises:
        OptionError: one of the ids is unknown, or both are the same.
    """
    left, right = (_row_of(matched, record_id) for record_id in (record_id_left, record_id_right))
    if left == right:
        raise OptionError(f"Both ids name the record {record_id_left!r}; give two different ones.")
    pair = (np.array([left]), np.array([right]))
    weights = matched.model.weights
    weighed = matched.scale.weigh(matched.scale.comparer.compare(*pair))
    return Explanation(
        record_id_left,
        record_id_right,
        tuple(_reasons(matched, left, right)),
        matched.scale.universe.prior(weights.rates)[0],
        float(weighed.weight[0]),
        float(weighed.probability[0]),
        float(weighed.household_probability[0]),
        bool(matched.clusters[left] == matched.clusters[right]),
    )


def _row_of(matched: Matched, record_id: str) -> int:
    import pyarrow.compute as pc

    found = pc.index(matched.raw.table.column("record_id"), record_id).as_py()
    if found < 0:
        raise OptionError(
            f"There is no record {record_id!r}; the column record_id of crosswalk.csv lists them."
        )
    return int(found)


def _reasons(matched: Matched, left: int, right: int) -> list[Reason]:
    details = matched.scale.comparer.details(np.array([left]), np.array([right]))
    reasons = []
    for comparison in matched.model.weights.comparisons:
        levels, shared = details[comparison.name]
        number = int(levels[0])
        weight = household = 0.0
        if number != MISSING:
            level = comparison.levels[number - 1]
            by_rarity = level.frequency is not Frequency.NONE
            chance = matched.scale.frequencies.chance
            unrelated = float(chance[comparison.name][shared.codes[0]]) if by_rarity else level.u
            family = level.h
            if by_rarity and comparison.household_floor:
                family = max(unrelated, comparison.household_floor)
            weight, household = np.log2(level.m / unrelated), np.log2(family / unrelated)
        values = (_value(matched, comparison.name, row) for row in (left, right))
        reasons.append(
            Reason(
                comparison.name, comparison.label(number), *values, float(weight), float(household)
            )
        )
    return reasons


_PARTS = {"location": ("address", "unit", "city", "region", "postal_code")}


def _value(matched: Matched, name: str, row: int) -> str | None:
    """The normalised value of a record for a comparison, as text."""
    records = matched.records
    several = {"email": records.emails, "phone": records.phones}.get(name)
    if several is None and name == "external_id":
        several = list(records.external_ids.values())
    if several is None:
        several = [records.get(part) for part in _PARTS.get(name, (name,))]
    texts = [c.values[int(c.codes[row])].as_py() for c in several if c.codes[row] >= 0]
    joiner = ", " if name == "location" else "; "
    return joiner.join(texts) or None
