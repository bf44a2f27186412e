from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from matcher.policies.holders import Holders
from matcher.policies.people import Person

VALUES = st.sampled_from("abcde")
#: Whose version comes next, and which values it holds.
VERSIONS = st.lists(st.tuples(st.sampled_from("123"), st.lists(VALUES, max_size=4)), max_size=30)


def person(person_id: str, *values: str) -> Person:
    return Person(person_id, int(person_id), tags=tuple(values))


def holders(people: Mapping[str, Person]) -> Holders:
    return Holders(lambda each: each.tags, people)


def ids(index: Holders, value: str) -> list[str]:
    return [each.person_id for each in index.of(value)]


def test_nothing_is_indexed_until_somebody_asks() -> None:
    looked_at: list[str] = []

    def values(each: Person) -> tuple[str, ...]:
        looked_at.append(each.person_id)
        return each.tags

    people = {"1": person("1", "a"), "2": person("2", "b")}
    index = Holders(values, people)
    assert looked_at == []
    assert ids(index, "b") == ["2"]
    assert looked_at == ["1", "2"]
    assert ids(index, "a") == ["1"]
    assert looked_at == ["1", "2"]


def test_the_oldest_holder_comes_first_whoever_took_the_value_first() -> None:
    people = {"2": person("2", "a"), "1": person("1", "a"), "3": person("3", "a")}
    assert ids(holders(people), "a") == ["1", "2", "3"]


def test_a_value_of_nobody_has_no_holders() -> None:
    assert holders({}).of("a") == ()


def test_a_value_that_a_person_holds_twice_is_held_once() -> None:
    people = {"1": person("1", "a", "a")}
    index = holders(people)
    assert ids(index, "a") == ["1"]
    index.swap(people["1"], person("1"))
    assert index.of("a") == ()


def test_the_last_of_several_holders_is_found_after_the_others_left() -> None:
    people = {each: person(each, "a") for each in "123"}
    index = holders(people)
    assert ids(index, "a") == ["1", "2", "3"]
    for gone in "13":
        index.swap(people[gone], person(gone))
    assert ids(index, "a") == ["2"]
    index.swap(people["2"], person("2"))
    assert index.of("a") == ()


def test_who_comes_back_to_a_value_has_the_place_of_before() -> None:
    people = {each: person(each, "a") for each in "12"}
    index = holders(people)
    index.of("a")
    index.swap(people["1"], person("1"))
    index.swap(person("1"), people["1"])
    assert ids(index, "a") == ["1", "2"]


def test_the_version_given_is_the_one_of_today() -> None:
    people = {"1": person("1", "a")}
    index = holders(people)
    index.of("a")
    people["1"] = person("1", "a", "b")
    index.swap(person("1", "a"), people["1"])
    assert index.of("a") == (people["1"],)


@given(VERSIONS, VERSIONS)
def test_the_index_is_what_a_look_at_everybody_would_find(
    unasked: list[tuple[str, list[str]]], versions: list[tuple[str, list[str]]]
) -> None:
    people = {person_id: person(person_id, *values) for person_id, values in unasked}
    index = holders(people)
    index.of("a")
    for person_id, values in versions:
        before, after = people.get(person_id), person(person_id, *values)
        people[person_id] = after
        if before is None:
            index.add(after)
        else:
            index.swap(before, after)
    for value in "abcde":
        holding = {each for each, version in people.items() if value in version.tags}
        assert ids(index, value) == sorted(holding)
