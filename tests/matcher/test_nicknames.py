"""Which given names stand for which."""

from __future__ import annotations

import pytest

from matcher.nicknames import formal_names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob", "robert"),
        ("bob", "rob"),
        ("chuck", "charles"),
        ("liz", "elizabeth"),
        ("bill", "will"),
    ],
)
def test_nicknames_share_a_formal_name(one: str, other: str) -> None:
    names = formal_names()
    assert names[one] & names[other]


@pytest.mark.parametrize(
    ("one", "other"),
    [("alexander", "alexandra"), ("robert", "richard"), ("john", "james"), ("robert", "william")],
)
def test_formal_names_are_not_joined_through_a_nickname_of_both(one: str, other: str) -> None:
    names = formal_names()
    assert not names[one] & names[other]


def test_a_formal_name_stands_for_itself() -> None:
    for name, formals in formal_names().items():
        assert name == name.lower()
        for formal in formals:
            assert formal in formal_names()[formal]
