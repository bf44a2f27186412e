"""Each rule of the Interactions API, on the pure validator and on a replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import matcher
from matcher.errors import OptionError
from matcher.policies.interactions import person_ids, validate

PHONE = {"contactInfo": {"phone": ["+14155552671"]}}
VAN = {"person": [{"type": "VAN", "id": "12345"}], "stateCode": "CA"}


def found(interaction: object, **options: Any) -> list[tuple[str, str, bool]]:
    return [(p.path, p.code, p.error) for p in validate(interaction, **options)]


def replayed(*interactions: Any, **options: Any) -> Any:
    return matcher.replay(list(interactions), policy="interactions", **options)


def test_ix_01_contact_info_may_be_left_out_where_the_person_is_known() -> None:
    assert found(VAN) == []
    assert found({**VAN, "contactInfo": None}) == []
    assert found({**VAN, "contactInfo": "John"}) == [("$.contactInfo", "wrong_type", True)]


@pytest.mark.parametrize(
    "info",
    [
        None,
        {},
        {"firstName": "John", "lastName": "Doe"},
        {"socialHandle": ["@jdoe"]},
        {"email": [], "phone": ["  "], "address": [{}, {"city": " "}]},
    ],
)
def test_ix_02_without_a_person_there_must_be_something_to_know_one_by(info: Any) -> None:
    for person in ({}, {"person": None}, {"person": []}, {"person": [{"id": " "}]}):
        problems = found({**person, "contactInfo": info})
        assert problems == [("$.contactInfo", "identifier_required", True)]


def test_ix_02_one_phone_is_enough_and_is_listed() -> None:
    assert found(PHONE) == []
    result = replayed(PHONE)
    assert list(result.people["phones"]) == [["+14155552671"]]
    assert list(result.events["outcome"]) == ["valid"]


def test_ix_03_beside_a_person_a_name_is_enough() -> None:
    for person in ([{"type": "VAN", "id": 7}], {"type": "VAN", "id": "7"}):
        assert found({"person": person, "contactInfo": {"firstName": "John"}}) == []
    assert found({"person": "John"}) == [("$.person", "wrong_type", True)]
    assert found({"person": [5]}) == [("$.person[0]", "wrong_type", True)]
    assert person_ids({"person": [{"id": 7, "type": "VAN"}, {"id": ""}, 3]}) == [("VAN", "7")]


def test_ix_04_arrays_hold_strings_and_each_error_has_its_path() -> None:
    wrong = {"contactInfo": {"phone": [4155552671], "email": "a@b.c", "firstName": 3}}
    assert sorted(found(wrong)) == [
        ("$.contactInfo.email", "wrong_type", True),
        ("$.contactInfo.firstName", "wrong_type", True),
        ("$.contactInfo.phone[0]", "wrong_type", True),
    ]
    result = replayed(wrong, PHONE)
    assert set(result.rejects["column"]) == {path for path, _, _ in found(wrong)}
    assert set(result.rejects["rule"]) == {"IX-04"}
    assert list(result.people["rows"]) == [[2]]


def test_ix_05_an_address_is_one_filled_field_and_may_say_more() -> None:
    assert found({"contactInfo": {"address": [{"city": "Salem", "country": "US", "x": 1}]}}) == []
    assert found({"contactInfo": {"address": [{"city": 5}]}}) == [
        ("$.contactInfo.address[0].city", "wrong_type", True)
    ]
    assert found({"contactInfo": {"address": {"city": "Salem"}}}) == [
        ("$.contactInfo.address", "wrong_type", True)
    ]


def test_ix_06_a_phone_is_normalised_with_a_warning_or_refused_if_strict() -> None:
    typed = {"contactInfo": {"phone": ["(415) 555-2671"]}}
    assert found(typed) == [("$.contactInfo.phone[0]", "phone_not_e164", False)]
    assert found(typed, strict=True) == [("$.contactInfo.phone[0]", "phone_not_e164", True)]
    lenient = replayed(typed)
    assert list(lenient.people["phones"]) == [["+14155552671"]]
    assert list(lenient.events["note"])[1] == "phone_not_e164"
    strict = replayed(typed, strict=True)
    assert strict.people.empty
    assert list(strict.rejects["rule"]) == ["IX-06"]


def test_ix_06_strict_holds_for_rows_of_tables_too() -> None:
    rows = [{"phone": "(415) 555-2671"}, {"phone": "+14155552671"}]
    assert list(replayed(*rows, strict=True).people["rows"]) == [[2]]


def test_ix_07_names_and_handles_identify_nobody() -> None:
    info = {"firstName": "John", "lastName": "Doe", "socialHandle": ["@jdoe"]}
    result = replayed(
        {"contactInfo": {**info, "email": ["a@mail.org"]}},
        {"contactInfo": {**info, "email": ["b@mail.org"]}},
    )
    assert list(result.people["rows"]) == [[1], [2]]
    assert all(not ids for ids in result.people["identifiers"])


def test_ix_08_what_goes_to_van_needs_a_person_of_van() -> None:
    assert found(PHONE, destination="van") == [("$.person", "van_person_id_required", True)]
    other = {**PHONE, "person": [{"type": "NationBuilder", "id": "1"}]}
    assert found(other, destination="VAN") == [("$.person", "van_person_id_required", True)]
    assert found(VAN, destination="van") == []
    result = replayed(PHONE, VAN, destination="van", profile="native")
    assert list(result.people["identifiers"]) == [["van:unknown:CA:12345"]]
    assert list(result.events["status_code"]) == [422, 200]
    with pytest.raises(OptionError, match="no destination"):
        replayed(PHONE, destination="moon")


def test_ix_09_what_identifies_a_contact_is_kept_as_it_came_and_normalised() -> None:
    result = replayed({"contactInfo": {"phone": ["415 555 2671", "nonsense"]}})
    (person,) = result.people_list.everyone()
    assert [(each.number, each.raw) for each in person.phones] == [("+14155552671", "415 555 2671")]
    nothing = replayed({"contactInfo": {"phone": ["nonsense"]}})
    assert "no_usable_identifier" in set(nothing.events["note"])
    assert list(nothing.rejects["column"]) == ["$.contactInfo.phone[0]"]


def test_ix_10_all_of_several_identifiers_are_kept_in_their_order() -> None:
    emails = ["z@mail.org", "a@mail.org"]
    result = replayed({"contactInfo": {"email": emails}})
    assert list(result.people["emails"]) == [emails]


def test_ix_10_the_same_interaction_again_changes_nothing() -> None:
    own = {"id": 9, **PHONE}
    result = replayed(PHONE, own, {**own, "outcome": "again"}, PHONE)
    assert list(result.people["rows"]) == [[1, 4], [2, 3]]
    assert list(result.events["outcome"]) == ["valid", "valid", "unchanged", "unchanged"]


def test_ix_11_the_channel_identifies_nobody_unless_asked() -> None:
    text = {**PHONE, "channel": {"type": "email", "value": "c@mail.org"}, "jsonMetadata": "{}"}
    assert list(replayed(text).people["emails"]) == [[]]
    assert list(replayed(text, use_channel=True).people["emails"]) == [["c@mail.org"]]
    assert found({**text, "jsonMetadata": {}}) == [("$.jsonMetadata", "wrong_type", False)]


def test_ix_12_addresses_hidden_by_a_web_page_are_told() -> None:
    hidden = {"contactInfo": {"email": ["[email protected]"], "phone": ["+14155552671"]}}
    assert found(hidden) == [("$.contactInfo.email[0]", "email_obfuscated", False)]
    assert list(replayed(hidden).people["emails"]) == [[]]


def test_a_broken_item_costs_only_itself(tmp_path: Path) -> None:
    bomb = '{"contactInfo":' + "[" * 100_000 + "]" * 100_000 + "}"
    huge = json.dumps({"contactInfo": {"email": ["x" * 2_000_000]}})
    lines = [json.dumps(PHONE), bomb, huge, "{not json", "{}", "5", json.dumps(VAN)]
    file = tmp_path / "interactions.ndjson"
    file.write_text("\n".join(lines))
    result = matcher.replay(file, policy="interactions")
    assert list(result.people["rows"]) == [[1], [7]]
    assert sorted(result.rejects["row"]) == [2, 3, 4, 5, 6]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
INFO = st.dictionaries(
    st.sampled_from(["email", "phone", "address", "firstName", "socialHandle"]), JSON
)
INTERACTION = st.fixed_dictionaries(
    {}, optional={"person": JSON, "contactInfo": INFO | JSON, "stateCode": JSON, "channel": JSON}
)


@given(INTERACTION | JSON, st.booleans(), st.sampled_from([None, "van"]))
def test_whatever_comes_is_judged_without_an_exception(
    value: Any, strict: bool, destination: str | None
) -> None:
    lenient = validate(value)
    chosen = validate(value, strict=strict, destination=destination)
    assert {p for p in lenient if p.error} <= set(chosen)
    assert all(p.path.startswith("$") and p.rule.startswith("IX-") for p in chosen)


@settings(max_examples=40, deadline=None)
@given(st.lists(INTERACTION, min_size=1, max_size=6), st.booleans())
def test_every_interaction_is_listed_once_or_rejected(items: list[Any], strict: bool) -> None:
    result = replayed({"contactInfo": {"email": ["a@mail.org"]}}, *items, strict=strict)
    listed = [row for rows in result.people["rows"] for row in rows]
    refused = set(result.events[result.events["outcome"] == "rejected"]["row"])
    assert len(listed) == len(set(listed))
    assert set(listed).isdisjoint(refused)
    assert set(listed) | refused == set(range(1, len(items) + 2))
    assert refused <= set(result.rejects["row"])
