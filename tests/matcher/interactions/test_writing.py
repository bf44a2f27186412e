"""An interaction leaves as it came, but for the person."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import InputError
from matcher.interactions import enriched

PERSON = [{"type": "VAN", "id": "123"}]
WRITTEN = '[{"type": "VAN", "id": "123"}]'


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("{}", f'{{"person": {WRITTEN}}}'),
        (' { "a":1.50 }', f' {{"person": {WRITTEN},  "a":1.50 }}'),
        (
            '{"a": 1, "person" : null ,"b":"\\u00e9"}',
            f'{{"a": 1, "person" : {WRITTEN} ,"b":"\\u00e9"}}',
        ),
        ('{"person": {"id": 1}}', f'{{"person": {WRITTEN}}}'),
        ('{"person": [], "person": 5}', f'{{"person": {WRITTEN}, "person": {WRITTEN}}}'),
        ('{"x": {"person": 1}}', f'{{"person": {WRITTEN}, "x": {{"person": 1}}}}'),
        ('{"pers\\u006fn": 1}', f'{{"pers\\u006fn": {WRITTEN}}}'),
    ],
)
def test_the_person_is_filled_in_and_all_else_stays(raw: str, expected: str) -> None:
    assert enriched(raw, PERSON) == expected


@pytest.mark.parametrize("raw", ["", "[]", "5", '{"a": }', '{"a" 1}', '{"a": 1', "{1: 2}", "{"])
def test_what_is_no_object_cannot_be_filled_in(raw: str) -> None:
    with pytest.raises(InputError, match="JSON object"):
        enriched(raw, PERSON)


_VALUES: Any = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["person", "a", "b", ""]), _VALUES))
def test_it_says_the_same_with_the_person_in_it(interaction: Any) -> None:
    for indent in (None, 2):
        found = json.loads(enriched(json.dumps(interaction, indent=indent), PERSON))
        assert found == {**interaction, "person": PERSON}
