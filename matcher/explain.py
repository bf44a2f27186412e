"""Why two records are, or are not, one person: each comparison with its level and weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from matcher.compared import compared_texts
from matcher.errors import OptionError
from matcher.pipeline import Matched, Scale
from matcher.records import Records
from scoring import MISSING, Comparison, Frequency, Weighed

if TYPE_CHECKING:
    from matcher.plots import Chart

Rows = npt.NDArray[np.int64]

#: Characters of a value that the printed table shows.
_WIDEST = 48
#: Log odds that differ by no more are equal but for rounding.
_NOISE = 1e-6


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
        veto: why they never may, whatever the probability; ``None`` where they may.
        alone: the probability by prior and evidence alone, where two sets were linked and other
            candidates of the two records count too; ``None`` elsewhere.
    """

    record_id_left: str
    record_id_right: str
    reasons: tuple[Reason, ...]
    prior: float
    weight: float
    probability: float
    household_probability: float
    same_cluster: bool
    veto: str | None = None
    alone: float | None = None

    @property
    def unrelated_probability(self) -> float:
        """That they have nothing to do with each other."""
        return max(0.0, 1.0 - self.probability - self.household_probability)

    def __str__(self) -> str:
        rows = [("comparison", "level", self.record_id_left, self.record_id_right, "weight")]
        rows += [_row(reason) for reason in self.reasons if _says_something(reason)]
        widths = [max(len(row[place]) for row in rows) for place in range(5)]
        lines = [_line(row, widths) for row in rows]
        lines.insert(1, "  ".join("-" * width for width in widths))
        return "\n".join([*lines, "", *self._verdict()])

    def _verdict(self) -> list[str]:
        veto = f" ({self.veto})" if self.veto else ""
        others = f", {self.alone:.1%} but for other candidates" if self.alone is not None else ""
        return [
            f"prior {self.prior:+.1f} bits, evidence {self.weight:+.1f} bits{others}",
            f"{self._chances()}; they are {self._together()}{veto}",
        ]

    def _chances(self) -> str:
        return (
            f"same person {self.probability:.1%}, same household "
            f"{self.household_probability:.1%}, unrelated {self.unrelated_probability:.1%}"
        )

    def _together(self) -> str:
        return "in one cluster" if self.same_cluster else "in different clusters"

    def plot(self) -> Chart:
        """The weights from prior to total as a waterfall; needs the extra ``plot``."""
        from matcher.plots import Step, waterfall_chart

        said = [reason for reason in self.reasons if reason.level != "missing"]
        steps = [
            Step("prior", "how likely two records drawn at random are one person", self.prior),
            *(Step(f"{it.comparison}: {it.level}", _both(it), it.weight) for it in said),
        ]
        return waterfall_chart(
            f"{self.record_id_left} and {self.record_id_right}", self._chances(), steps
        )


def _both(reason: Reason) -> str:
    return f"{reason.left} | {reason.right}"


def _says_something(reason: Reason) -> bool:
    return bool(reason.left or reason.right) or reason.weight != 0.0


def _row(reason: Reason) -> tuple[str, str, str, str, str]:
    left, right = (_shortened(value or "-") for value in (reason.left, reason.right))
    return (reason.comparison, reason.level, left, right, f"{reason.weight:+.1f}")


def _shortened(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    """The cells of a row, the weight to the right."""
    *texts, weight = row
    cells = [cell.ljust(width) for cell, width in zip(texts, widths, strict=False)]
    return "  ".join([*cells, weight.rjust(widths[-1])])


def explain(matched: Matched, record_id_left: str, record_id_right: str) -> Explanation:
    """Explains one pair, whether or not any key proposed it.

    Raises:
        OptionError: one of the ids is unknown, or both are the same.
    """
    left, right = (_row_of(matched, str(id_)) for id_ in (record_id_left, record_id_right))
    if left == right:
        raise OptionError(f"Both ids name the record {record_id_left!r}; give two different ones.")
    pair = (np.array([left]), np.array([right]))
    scale = matched.scale
    alone = scale.weigh(scale.comparer.compare(*pair))
    weighed = _as_candidate(matched, min(left, right), max(left, right)) or alone
    settled = abs(float(weighed.log_odds[0] - alone.log_odds[0])) > _NOISE
    return Explanation(
        str(record_id_left),
        str(record_id_right),
        pair_reasons(scale, matched.records, *pair),
        scale.universe.prior(scale.weights.rates)[0],
        float(alone.weight[0]),
        float(weighed.probability[0]),
        float(weighed.household_probability[0]),
        bool(matched.clusters[left] == matched.clusters[right]),
        pair_veto(scale, matched.records, *pair),
        float(alone.probability[0]) if settled else None,
    )


def _as_candidate(matched: Matched, left: int, right: int) -> Weighed | None:
    """What the run found about a pair, if any key proposed it."""
    candidates = matched.candidates
    begin, end = np.searchsorted(candidates.left, [left, left + 1])
    place = begin + int(np.searchsorted(candidates.right[begin:end], right))
    if place == end or candidates.right[place] != right:
        return None
    return matched.weighed.of(np.array([place]))


def _row_of(matched: Matched, record_id: str) -> int:
    import pyarrow.compute as pc

    found = pc.index(matched.raw.table.column("record_id"), record_id).as_py()
    if found < 0:
        raise OptionError(
            f"There is no record {record_id!r}; the column record_id of crosswalk.csv lists them."
        )
    return int(found)


def pair_veto(scale: Scale, records: Records, left: Rows, right: Rows) -> str | None:
    """Why two records may never be one person, whatever their probability."""
    organisation = records.organisation
    if organisation[left[0]] != organisation[right[0]]:
        return "an organisation is never one with a person"
    if scale.weigh_pairs(left, right).veto[0]:
        return "their suffixes contradict each other, like Jr and Sr"
    return None


def pair_reasons(scale: Scale, records: Records, left: Rows, right: Rows) -> tuple[Reason, ...]:
    """Every comparison of a pair.

    Args:
        scale: weighs the records.
        records: normalised.
        left: one row.
        right: one row.
    """
    details = scale.comparer.details(left, right)
    reasons = []
    for comparison in scale.weights.comparisons:
        levels, shared = details[comparison.name]
        number = int(levels[0])
        weight, household = _weights(scale, comparison, number, shared.codes)
        one, other = (
            compared_texts(records, comparison.name, rows)[0].as_py() for rows in (left, right)
        )
        label = comparison.label(number)
        reasons.append(Reason(comparison.name, label, one, other, weight, household))
    return tuple(reasons)


def _weights(
    scale: Scale, comparison: Comparison, number: int, shared: npt.NDArray[np.int32]
) -> tuple[float, float]:
    """log2 evidence of a level for one person and for one household.

    Args:
        scale: how rare values are.
        comparison: what was judged.
        number: the level.
        shared: the value that both records share, where its rarity counts.
    """
    if number == MISSING:
        return 0.0, 0.0
    level = comparison.levels[number - 1]
    if level.frequency is Frequency.NONE:
        return level.weight, level.household_weight
    unrelated = float(scale.frequencies.chance[comparison.name][shared[0]])
    floor = comparison.household_floor
    household = max(unrelated, floor) if floor else level.h
    return float(np.log2(level.m / unrelated)), float(np.log2(household / unrelated))
