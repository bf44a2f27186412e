"""What is worked out for the pairs asked for is what weighing all pairs gives."""

from __future__ import annotations

import numpy as np
import pytest

import matcher
from matcher.pair_weights import PairWeights

FIRST = ("Ann", "Bob", "Carla", "Dev")
PEOPLE = [
    {
        "first_name": FIRST[row % 4],
        "last_name": f"Okafor{chr(97 + row % 26)}",
        "email": f"user{row // 2}@example.org",
        "phone": f"413-586-{row // 3:04d}",
        "zip": f"{97201 + row % 5}",
    }
    for row in range(400)
]


@pytest.fixture(scope="module")
def weighed() -> PairWeights:
    return matcher.dedupe(PEOPLE).matched.weighed


def test_some_pairs_are_as_in_all(weighed: PairWeights) -> None:
    places = np.array([5, 0, len(weighed) - 1, 3])
    found, everything = weighed.of(places), weighed.of(np.arange(len(weighed)))
    for some, whole in zip(found, everything, strict=True):
        assert some.tolist() == whole[places].tolist()
    assert everything.log_odds.tolist() == weighed.log_odds.tolist()
    assert everything.weight.tolist() == weighed.weight.tolist()
    assert everything.household_probability.tolist() == weighed.household_probability.tolist()
    assert everything.probability.tolist() == weighed.probability.tolist()


def test_likely_households_and_bands_follow_the_probabilities(weighed: PairWeights) -> None:
    household = weighed.household_probability
    assert weighed.household.tolist() == (household >= 0.5).tolist()
    probability = weighed.probability
    inside = np.flatnonzero((probability >= 0.1) & (probability <= 0.9))
    assert weighed.between(0.1, 0.9).tolist() == inside.tolist()


def test_what_comparing_derived_is_not_kept() -> None:
    matched = matcher.dedupe(PEOPLE).matched
    weigher = matched.weighed.weigher
    scale = getattr(weigher, "__self__")  # noqa: B009 - what the bound method holds
    fields = {"attributes", "weights", "nicknames", "extras", "holders"}
    assert vars(scale.comparer).keys() == vars(matched.scale.comparer).keys() == fields


def test_pairs_that_competed_stay_as_they_were_settled() -> None:
    found = matcher.link(PEOPLE[::2], PEOPLE[1::2]).matched.weighed
    everything = found.of(np.arange(len(found)))
    assert everything.log_odds.tolist() == found.log_odds.tolist()
    assert everything.household_probability.tolist() == found.household_probability.tolist()
