"""How a component falls apart as its weakest links go, and where one more record would be in it.

Clustering breaks components that are too large at their weakest links, step by step
(``matcher.clustering.parts``). Here the steps are taken once for all records that are there; the
part of a record that comes in besides follows from whom it links to, whatever else is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from matcher.clustering import CUTS, WHOLE_COMPONENT, PairEvidence, components

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: The log2 odds above which pairs link, step by step.
_STEPS = (0.0, *CUTS)


class Layers:
    """The groups in which records hang together at each step.

    Args:
        groups: per step, int64 per record, the place of the first record of its group.
    """

    def __init__(self, groups: Sequence[Ints]) -> None:
        self._groups = groups
        self._sizes = [np.bincount(each, minlength=len(each)) for each in groups]

    @classmethod
    def of(cls, count: int, left: Ints, right: Ints, evidence: PairEvidence) -> Layers:
        """Those of some records.

        Args:
            count: records.
            left: int64 places of candidate pairs.
            right: int64 places of the other side.
            evidence: of each pair.
        """
        return cls([components(count, left[s], right[s]) for s in _strong(evidence)])

    def with_more(self, places: Ints, more: Ints, pairs: tuple[Ints, Ints, PairEvidence]) -> Layers:
        """Those of the same records and some more.

        Args:
            places: int64, ascending; where each of the records is then.
            more: int64, where the further ones are.
            pairs: left and right places of all candidate pairs that those are in, and evidence.
        """
        left, right, evidence = pairs
        made = []
        for groups, strong in zip(self._groups, _strong(evidence), strict=True):
            joined = np.empty(len(places) + len(more), np.int64)
            joined[places], joined[more] = places[groups], more
            made.append(_united(joined, left[strong], right[strong]))
        return Layers(made)

    @cached_property
    def _lone(self) -> list[Ints]:
        """By group of the step before: how many of its records are alone at a step."""
        before = [np.zeros(len(self._groups[0]), np.int64), *self._groups]
        return [
            np.bincount(above[size[each] == 1], minlength=len(each))
            for above, each, size in zip(before, self._groups, self._sizes, strict=False)
        ]

    @cached_property
    def parts(self) -> Ints:
        """The part of each record, as ``matcher.clustering.parts`` says."""
        labels, sizes = self._groups[0], self._sizes[0]
        whole = np.zeros(len(labels), np.bool_)
        for apart, size in zip(self._groups[1:], self._sizes[1:], strict=True):
            large = (sizes[labels] > WHOLE_COMPONENT) & ~whole[labels]
            if not large.any():
                break
            alone = large & (size[apart] == 1)
            whole |= np.bincount(labels[alone], minlength=len(labels)) > sizes / 2
            labels = np.where(large & ~whole[labels], apart, labels)
            sizes = np.bincount(labels, minlength=len(labels))
        return labels

    def groups(self, step: int, places: Ints) -> Ints:
        """The groups of some records at a step, each once."""
        return np.unique(self._groups[step][places])

    def size(self, step: int, groups: Ints) -> int:
        """How many records some groups have."""
        return int(self._sizes[step][groups].sum())

    def alone(self, step: int, groups: Ints) -> int:
        """How many records of some groups of the step before are alone at a step."""
        return int(self._lone[step][groups].sum())

    def lone(self, step: int, groups: Ints) -> int:
        """How many of some groups of a step are of one record."""
        return int((self._sizes[step][groups] == 1).sum())

    def members(self, step: int, groups: Ints) -> Ints:
        """The records of some groups of a step, in ascending order."""
        return np.flatnonzero(np.isin(self._groups[step], groups))


def part_of_another(layers: Sequence[Layers], links: Sequence[tuple[Ints, Floats]]) -> list[Ints]:
    """The records that one more record would be in a part with, by component.

    Args:
        layers: of the components that it links to.
        links: for each of these, the places of the records that it links to, and the log2 odds.
    """
    step, groups = 0, _linked(layers, links, 0)
    while step + 1 < len(_STEPS):
        size = 1 + sum(each.size(step, mine) for each, mine in zip(layers, groups, strict=True))
        if size <= WHOLE_COMPONENT:
            break
        after = _linked(layers, links, step + 1)
        alone = sum(each.alone(step + 1, mine) for each, mine in zip(layers, groups, strict=True))
        alone -= sum(each.lone(step + 1, mine) for each, mine in zip(layers, after, strict=True))
        alone += not any(map(len, after))
        if alone > size / 2:  # the cut would shatter it
            break
        step, groups = step + 1, after
    return [each.members(step, mine) for each, mine in zip(layers, groups, strict=True)]


def _linked(
    layers: Sequence[Layers], links: Sequence[tuple[Ints, Floats]], step: int
) -> list[Ints]:
    """The groups of each component that the record links to at a step."""
    return [
        each.groups(step, places[odds > _STEPS[step]])
        for each, (places, odds) in zip(layers, links, strict=True)
    ]


def _strong(evidence: PairEvidence) -> Iterator[Bools]:
    """Which pairs link, step by step."""
    linking = ~evidence.veto
    for step in _STEPS:
        yield linking & (evidence.log_odds > step)


def _united(groups: Ints, left: Ints, right: Ints) -> Ints:
    """Joins whole groups by pairs of their records."""
    met, ends = np.unique(groups[np.concatenate([left, right])], return_inverse=True)
    became = np.arange(len(groups))
    became[met] = met[components(len(met), ends[: len(left)], ends[len(left) :])]
    return became[groups]
