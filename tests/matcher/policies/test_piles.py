from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.policies.piles import (
    FEW,
    Pile,
    difference,
    gathered,
    gone_and_come,
    overlaid,
    rewritten,
)

KEYS = st.sampled_from("abcde")
#: What goes and what comes, version by version.
STEPS = st.lists(st.tuples(st.lists(KEYS), st.dictionaries(KEYS, st.integers(0, 2))), max_size=8)
VALUES = st.lists(st.integers(0, 60), max_size=50)


def versions(steps: list[tuple[list[str], dict[str, int]]]) -> list[tuple[Pile, dict[str, int]]]:
    """Each version of a pile, and what a dictionary would hold."""
    found = [(Pile[str, int]({}), dict[str, int]())]
    for gone, came in steps:
        pile, plain = found[-1]
        plain = {key: value for key, value in plain.items() if key not in gone} | came
        found.append((pile.changed(came, gone), plain))
    return found


@given(STEPS)
def test_the_newest_version_is_as_a_dictionary_in_its_order(steps: Any) -> None:
    pile, plain = versions(steps)[-1]
    assert list(pile.items()) == list(plain.items())
    assert len(pile) == len(plain)
    assert all((key in pile) == (key in plain) for key in "abcde")


@given(STEPS, st.data())
def test_an_older_version_is_what_it_was(steps: Any, data: st.DataObject) -> None:
    for pile, plain in data.draw(st.permutations(versions(steps))):
        assert dict(pile) == plain
        assert len(pile) == len(plain)


@given(STEPS, STEPS)
def test_two_versions_of_one_pile_go_their_own_ways(one: Any, other: Any) -> None:
    (root, _), *_ = versions([])
    left, right = root, root
    plain_left: dict[str, int] = {}
    plain_right: dict[str, int] = {}
    for gone, came in one:
        left = left.changed(came, gone)
        plain_left = {k: v for k, v in plain_left.items() if k not in gone} | came
    for gone, came in other:
        right = right.changed(came, gone)
        plain_right = {k: v for k, v in plain_right.items() if k not in gone} | came
    assert (dict(left), dict(right), dict(root)) == (plain_left, plain_right, {})


@given(STEPS)
def test_versions_are_equal_where_their_content_is(steps: Any) -> None:
    pile, plain = versions(steps)[-1]
    assert pile == Pile(dict(plain))
    assert pile != Pile({**plain, "z": 1})


@given(STEPS)
def test_a_version_equals_an_older_one_where_nothing_is_left_of_the_change(steps: Any) -> None:
    made = versions(steps)
    pile, plain = made[-1]
    for older, old in made:
        assert (older == pile) == (pile == older) == (old == plain)


@given(STEPS, st.integers(0, 8))
def test_what_changed_between_two_versions_is_told(steps: Any, back: int) -> None:
    made = versions(steps)
    pile, plain = made[-1]
    old_pile, old_plain = made[max(len(made) - 1 - back, 0)]
    expected = [(k, old_plain.get(k), v) for k, v in plain.items() if old_plain.get(k) != v]
    gone, came = difference(old_pile, pile)
    assert sorted(rewritten(old_pile, pile)) == sorted(expected)
    assert sorted(gone) == sorted(old_plain.keys() - plain.keys())
    assert sorted(came) == sorted(plain.keys() - old_plain.keys())


@given(VALUES, VALUES, st.frozensets(st.integers(0, 60)))
def test_values_are_gathered_once_each_few_or_many(
    first: list[int], second: list[int], gone: frozenset[int]
) -> None:
    held = gathered((), first)
    assert list(held) == list(dict.fromkeys(first))
    after = gathered(held, second, gone)
    assert list(after) == [each for each in dict.fromkeys((*first, *second)) if each not in gone]
    assert isinstance(held, tuple) == (len(held) <= FEW)


@pytest.mark.parametrize("count", [3, 3 * FEW])
def test_nothing_new_leaves_the_very_same_values(count: int) -> None:
    held = gathered((), range(count))
    assert gathered(held, [0, 1], [count + 5]) is held
    fields = overlaid({}, dict.fromkeys(map(str, range(count)), 1))
    assert overlaid(fields, {"0": 1}) is fields


@pytest.mark.parametrize("count", [3, 3 * FEW])
def test_fields_are_overlaid_few_or_many(count: int) -> None:
    plain = {str(key): key for key in range(count)}
    fields: Mapping[str, int] = overlaid({}, plain)
    after = overlaid(fields, {"0": 7, "new": 8})
    assert dict(after) == plain | {"0": 7, "new": 8}
    assert rewritten(fields, after) == [("0", 0, 7), ("new", None, 8)]


def test_events_show_what_went_and_what_came() -> None:
    assert gone_and_come(("a", "b"), ("b", "c", "d")) == ("a", "c; d")
    assert gone_and_come((), ("a",)) == (None, "a")
