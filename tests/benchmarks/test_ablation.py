from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcher
from benchmarks import ablation
from benchmarks.contacts import generate
from benchmarks.parts import parts, together


@pytest.fixture(scope="module")
def contacts() -> Any:
    return generate(1_000, 1)[0]


@pytest.fixture(scope="module")
def whole(contacts: Any) -> matcher.Result:
    return matcher.dedupe(contacts)


#: These change nothing in a small list, or only where their case occurs.
RARE = {"external_id", "organization", "suffix", "middle_name"}


@pytest.mark.parametrize("name", [name for name in parts() if name.startswith("comparison: ")])
def test_a_comparison_left_out_is_missing_in_every_pair(
    name: str, contacts: Any, whole: matcher.Result
) -> None:
    column = name.removeprefix("comparison: ")
    with parts()[name]():
        blind = matcher.dedupe(contacts)
    assert (blind.pairs[column] == "missing").all()
    assert column in RARE or (whole.pairs[column] != "missing").any()


@pytest.mark.parametrize("name", [name for name in parts() if name.startswith("key: ")])
def test_a_key_left_out_is_not_reported(name: str, contacts: Any) -> None:
    with parts()[name]():
        keys = matcher.dedupe(contacts).report["keys"]
    assert name.removeprefix("key: ") not in {key["key"] for key in keys}


def test_without_measured_keys_fewer_pairs_are_compared(
    contacts: Any, whole: matcher.Result
) -> None:
    for name in ("keys: all measured", "keys: one edit apart"):
        with parts()[name]():
            fewer = matcher.dedupe(contacts)
        assert len(fewer.matched.candidates) < len(whole.matched.candidates)


def test_keys_left_out_together_are_all_gone(contacts: Any) -> None:
    names = ["key: email", "key: phone", "key: address"]
    with together([parts()[name] for name in names])():
        keys = {key["key"] for key in matcher.dedupe(contacts).report["keys"]}
    assert keys.isdisjoint({"email", "phone", "address"})


@pytest.mark.parametrize("name", ["EM", "rarity", "recount without matches", "household class"])
def test_a_part_of_the_model_left_out_changes_probabilities(
    name: str, contacts: Any, whole: matcher.Result
) -> None:
    with parts()[name]():
        other = matcher.dedupe(contacts)
    before, after = whole.matched.weighed.probability, other.matched.weighed.probability
    assert len(before) == len(after)
    assert not np.allclose(before, after, atol=1e-3)


def test_without_households_no_pair_is_one(contacts: Any, whole: matcher.Result) -> None:
    with parts()["household class"]():
        assert matcher.dedupe(contacts).matched.weighed.household_probability.max() < 0.01
    assert whole.matched.weighed.household_probability.max() > 0.9


def test_without_repair_clusters_are_components(contacts: Any, whole: matcher.Result) -> None:
    with parts()["average-link repair"]():
        chained = matcher.dedupe(contacts)
    assert chained.report["counts"]["clusters"] <= whole.report["counts"]["clusters"]


def test_without_the_veto_a_father_and_a_son_may_be_one() -> None:
    person = {"first_name": "Tom", "last_name": "Okafor", "email": "t@x.org", "phone": "2125550123"}
    family = [person | {"suffix": suffix, "postal_code": "10001"} for suffix in ("Jr", "Sr")]
    assert matcher.dedupe(family).report["counts"]["clusters"] == 2
    with parts()["suffix veto"]():
        assert matcher.dedupe(family).report["counts"]["clusters"] == 1


def test_a_part_left_out_comes_back(contacts: Any, whole: matcher.Result) -> None:
    for part in parts().values():
        with part():
            pass
    assert np.array_equal(matcher.dedupe(contacts).matched.clusters, whole.matched.clusters)


def test_changes_are_differences_and_noise_earns_nothing() -> None:
    measured = {
        "everything": {"a": {"f1": 0.9, "pairs": 100.0}, "b": {"f1": 0.8, "pairs": 100.0}},
        "useful": {"a": {"f1": 0.85, "pairs": 150.0}, "b": {"f1": 0.8, "pairs": 150.0}},
        "idle": {"a": {"f1": 0.9, "pairs": 90.0}, "b": {"f1": 0.82, "pairs": 110.0}},
    }
    table = ablation.changes(measured)
    assert table["everything"] == {"a": 0.9, "b": 0.8}
    assert table["useful"] == {"a": -0.05, "b": 0.0, "pairs": 0.5}
    assert ablation.earn_nothing(table) == ["idle"]
