"""Explanations add up to what the pair has, and print for people."""

from __future__ import annotations

import pytest

import matcher
from matcher.explain import Explanation, Reason

HOME = {"last_name": "Okafor", "email": "okafors@example.org", "postal_code": "01101"}


def test_the_reasons_add_up_to_the_weight_of_the_pair(found: matcher.Result) -> None:
    pairs = found.pairs
    assert len(pairs) > 300
    for row in pairs.iloc[:: max(len(pairs) // 150, 1)].itertuples():
        explanation = found.explain(row.record_id_left, row.record_id_right)
        total = sum(reason.weight for reason in explanation.reasons)
        assert total == pytest.approx(row.weight, abs=1e-6)
        assert explanation.weight == pytest.approx(row.weight, abs=1e-9)
        assert explanation.probability == pytest.approx(row.probability, abs=1e-9)
        assert explanation.household_probability == pytest.approx(
            row.household_probability, abs=1e-9
        )
        levels = {reason.comparison: reason.level for reason in explanation.reasons}
        assert levels == {name: getattr(row, name) for name in levels}


def test_the_three_probabilities_follow_from_prior_and_weights(found: matcher.Result) -> None:
    scale = found.matched.scale
    priors = scale.universe.prior(scale.weights.rates)
    for row in found.review.head(20).itertuples():
        explanation = found.explain(row.record_id_left, row.record_id_right)
        match = 2 ** (explanation.prior + explanation.weight)
        home = 2 ** (priors[1] + sum(reason.household_weight for reason in explanation.reasons))
        assert explanation.prior == priors[0]
        assert explanation.probability == pytest.approx(match / (match + home + 1), rel=1e-6)
        assert explanation.household_probability == pytest.approx(home / (match + home + 1))
        assert explanation.unrelated_probability == pytest.approx(1 / (match + home + 1))


def test_the_order_of_the_two_does_not_matter(found: matcher.Result) -> None:
    row = found.review.iloc[0]
    one = found.explain(row["record_id_left"], row["record_id_right"])
    other = found.explain(row["record_id_right"], row["record_id_left"])
    assert one.weight == pytest.approx(other.weight)
    assert one.probability == pytest.approx(other.probability)
    assert [reason.left for reason in one.reasons] == [reason.right for reason in other.reasons]


def test_a_pair_that_no_key_proposed_is_explained(found: matcher.Result) -> None:
    proposed = {
        frozenset(pair)
        for pair in found.pairs[["record_id_left", "record_id_right"]].itertuples(index=False)
    }
    ids = found.clusters["record_id"]
    other = next(id_ for id_ in ids[1:] if frozenset((ids[0], id_)) not in proposed)
    explanation = found.explain(ids[0], other)
    assert explanation.probability < 0.5
    assert not explanation.same_cluster


def test_where_candidates_compete_the_pair_says_what_it_was_worth_alone() -> None:
    def side(letter: str, cities: list[str]) -> list[dict[str, str]]:
        return [
            {"record_id": f"{letter}{place}", "first_name": "Ann", "last_name": f"{city}ly",
             "city": city, "email": f"{city}{place}@example.org"}
            for place, city in enumerate(cities)
        ]  # fmt: skip

    names = ["Zur", "Ostro", "Quim", "Vell", "Ubry", "Yax", "Iggo", "Wem"]
    linked = matcher.link(side("l", names), side("r", names))
    pair = linked.pairs.iloc[0]
    explanation = linked.explain(pair["record_id_left"], pair["record_id_right"])
    assert explanation.probability == pair["probability"]
    assert explanation.household_probability == pair["household_probability"]
    assert explanation.alone is not None
    assert explanation.alone != explanation.probability
    assert f"{explanation.alone:.1%} but for other candidates" in str(explanation)


def test_in_one_set_nothing_competes(found: matcher.Result) -> None:
    row = found.review.iloc[0]
    assert found.explain(row["record_id_left"], row["record_id_right"]).alone is None


def test_an_unknown_record_is_named(found: matcher.Result) -> None:
    with pytest.raises(matcher.OptionError, match="'nobody'"):
        found.explain("nobody", found.clusters["record_id"][0])


def test_one_record_alone_is_no_pair(found: matcher.Result) -> None:
    id_ = found.clusters["record_id"][0]
    with pytest.raises(matcher.OptionError, match="two different ones"):
        found.explain(id_, id_)


def test_ids_given_as_numbers_are_found() -> None:
    rows = [{"record_id": id_, "first_name": "Ann", **HOME} for id_ in (1, 2)]
    assert matcher.dedupe(rows).explain(1, 2).same_cluster  # type: ignore[arg-type]


def test_what_never_may_be_one_person_says_why() -> None:
    rows = [
        {"record_id": "jr", "first_name": "Ann", "suffix": "Jr", **HOME},
        {"record_id": "sr", "first_name": "Ann", "suffix": "Sr", **HOME},
        {"record_id": "org", "organization": "Okafor LLC", "email": HOME["email"]},
    ]
    result = matcher.dedupe(rows)
    generations = result.explain("jr", "sr")
    assert generations.veto == "their suffixes contradict each other, like Jr and Sr"
    assert str(generations).endswith(f"they are in different clusters ({generations.veto})")
    veto = result.explain("jr", "org").veto
    assert veto == "an organisation is never one with a person"


def test_values_of_every_sort_are_shown() -> None:
    row = {"first_name": "Ann", "last_name": "Okafor", "email": "a.okafor@example.org",
           "email2": "ann@example.net", "phone": "413-555-0142", "address_line1": "12 Elm St Apt 2",
           "city": "Salem", "region": "MA", "postal_code": "01970", "van_id": "7"}  # fmt: skip
    result = matcher.dedupe([{"record_id": id_, **row} for id_ in ("a", "b")])
    values = {reason.comparison: reason.left for reason in result.explain("a", "b").reasons}
    assert values["email"] == "a.okafor@example.org; ann@example.net"
    assert values["phone"] == "+14135550142"
    assert values["location"] == "12 elm st, 2, salem, ma, 01970"
    assert values["birth_date"] is None


PINNED = """\
comparison  level     left                                              right  weight
----------  --------  ------------------------------------------------  -----  ------
first_name  nickname  robert                                            bob      +5.4
last_name   exact     okafor                                            -       +12.3
email       missing   xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…  -        +0.0

prior -7.0 bits, evidence +17.7 bits
same person 97.5%, same household 2.0%, unrelated 0.5%; they are in one cluster"""


def test_an_explanation_prints_as_a_table() -> None:
    explanation = Explanation(
        "left",
        "right",
        (
            Reason("first_name", "nickname", "robert", "bob", 5.4, 1.9),
            Reason("last_name", "exact", "okafor", None, 12.3, 3.0),
            Reason("middle_name", "missing", None, None, 0.0, 0.0),
            Reason("email", "missing", "x" * 5000, None, 0.0, 0.0),
        ),
        prior=-7.0,
        weight=17.7,
        probability=0.975,
        household_probability=0.02,
        same_cluster=True,
    )
    assert str(explanation) == PINNED
