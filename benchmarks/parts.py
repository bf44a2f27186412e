"""The parts of the product that a run can do without, each as a context that leaves one out.

The product itself has no switches for this: a part is replaced from outside while the context
lasts, and a part that was renamed fails loudly instead of measuring nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np

import matcher.pipeline
from blocking import ALWAYS, MEASURED, candidates
from blocking.keys import KeyMaker
from matcher.clustering import Linkage, components
from matcher.model import Model
from matcher.pipeline import Scale
from scoring import CONTACT_MODEL, Comparer, Evidence, Frequencies, Rarities, Weights
from scoring.columns import Ints

Part = Callable[[], AbstractContextManager[Any]]


def parts() -> Mapping[str, Part]:
    """Every part by name."""
    found: dict[str, Part] = {}
    for comparison in CONTACT_MODEL.comparisons:
        found[f"comparison: {comparison.name}"] = _part(without_comparison, comparison.name)
    for key in (*ALWAYS, *MEASURED):
        found[f"key: {key.name}"] = _part(without_key, key.name)
    found["keys: all measured"] = without_measured_keys
    found["keys: one edit apart"] = without_near_keys
    found["EM"] = without_estimation
    found["rarity"] = without_rarity
    found["recount without matches"] = without_recount
    found["household class"] = without_households
    found["average-link repair"] = without_repair
    found["suffix veto"] = without_veto
    return found


def _part(leave_out: Callable[[str], AbstractContextManager[Any]], name: str) -> Part:
    return lambda: leave_out(name)


def together(chosen: Sequence[Part]) -> Part:
    """Several parts left out at once."""

    @contextmanager
    def without_all() -> Iterator[None]:
        with ExitStack() as stack:
            for part in chosen:
                stack.enter_context(part())
            yield

    return without_all


def without_comparison(name: str) -> AbstractContextManager[Any]:
    """The attribute counts as missing in every pair."""
    compare = Comparer.compare

    def blind(comparer: Comparer, left: Ints, right: Ints, *into: Any) -> Evidence:
        place = [each.name for each in comparer.weights.comparisons].index(name)
        return compare(comparer, left, right, *into).without(place)

    return patch.object(Comparer, "compare", blind)


@contextmanager
def without_key(name: str) -> Iterator[None]:
    """The key proposes nothing."""
    with ExitStack() as stack:
        for where in ("ALWAYS", "MEASURED"):
            kept = tuple(key for key in getattr(candidates, where) if key.name != name)
            stack.enter_context(patch.object(candidates, where, kept))
        yield


@contextmanager
def without_measured_keys() -> Iterator[None]:
    """Only the keys that are cheap at any size, and those of ids and of the caller's columns."""
    with patch.object(candidates, "MEASURED", ()), without_near_keys():
        yield


def without_near_keys() -> AbstractContextManager[Any]:
    """No phone and no email user one edit apart."""
    return patch.object(KeyMaker, "near_entries", lambda maker: iter(()))


def without_estimation() -> AbstractContextManager[Any]:
    """The shipped model, whatever the data."""

    def shipped(start: Weights, *data: Any) -> Weights:
        return start

    return patch.object(matcher.pipeline, "estimate", shipped)


def without_rarity() -> AbstractContextManager[Any]:
    """A shared value counts as its comparison's usual one, be it Smith or Okonkwo."""

    def usual(weights: Weights, evidence: Evidence) -> Rarities:
        unrelated = np.zeros(len(evidence))
        household = np.zeros(len(evidence))
        for comparison, shared in zip(weights.comparisons, evidence.shared, strict=True):
            exact = comparison.levels[0]
            unrelated[shared.rows] += np.log2(exact.u)
            if comparison.household_floor:
                household[shared.rows] += np.log2(exact.h)
        return Rarities(unrelated, household)

    return patch.object(Frequencies, "lookup", lambda _, weights: partial(usual, weights))


def without_recount() -> AbstractContextManager[Any]:
    """Holders of a value who are the same person make it look common."""

    def as_counted(frequencies: Frequencies, *found: Any) -> Frequencies:
        return frequencies

    return patch.object(Frequencies, "without_matches", as_counted)


def without_households() -> AbstractContextManager[Any]:
    """Two classes: same person, or unrelated."""
    shipped = Model.shipped()
    rates = replace(shipped.weights.rates, household=0.0)
    lonely = replace(shipped, weights=replace(shipped.weights, rates=rates))
    return patch.object(Model, "shipped", lambda: lonely)


def without_repair() -> AbstractContextManager[Any]:
    """Whatever hangs together is one person."""

    def chained(linkage: Linkage) -> Ints:
        links = linkage.evidence.log_odds > linkage.threshold
        links &= ~linkage.evidence.veto
        return components(linkage.count, linkage.left[links], linkage.right[links])

    return patch.object(matcher.pipeline, "cluster", chained)


def without_veto() -> AbstractContextManager[Any]:
    """A contradicting suffix is evidence like any other."""
    return patch.object(Scale, "vetoes", lambda _, evidence: np.zeros(len(evidence), np.bool_))
