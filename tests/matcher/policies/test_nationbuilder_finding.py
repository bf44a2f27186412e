from __future__ import annotations

from typing import Any

import pytest

import matcher

MATCH_IDS = (
    "civicrm_id", "county_file_id", "dw_id", "external_id", "email", "facebook_username",
    "ngp_id", "salesforce_id", "twitter_login", "van_id",
)  # fmt: skip


def replay(*rows: dict[str, Any], **options: Any) -> matcher.Replay:
    return matcher.replay(list(rows), policy="nationbuilder", **options)


def push(**fields: Any) -> dict[str, Any]:
    return fields | {"request": "push"}


def create(**fields: Any) -> dict[str, Any]:
    return fields | {"request": "create"}


def main(result: matcher.Replay) -> list[str]:
    """What became of each row."""
    return list(result.events.drop_duplicates("row").outcome)


def codes(result: matcher.Replay) -> list[Any]:
    firsts = result.events.drop_duplicates("row").status_code
    return firsts.astype(object).where(firsts.notna(), None).to_list()


def people(result: matcher.Replay) -> list[list[int]]:
    return list(result.people.rows)


@pytest.mark.parametrize(
    "row",
    [
        {"last_name": "Smith"},
        {"first_name": "Ann"},
        {"full_name": "Ann Smith"},
        {"phone": "503-555-0841"},
        {"mobile": "503-555-0841"},
        {"email": "ann@smith.net"},
        {"organization": "Acme Inc", "signup_type": "1"},
    ],
)
def test_nb_01_a_name_a_phone_or_an_email_makes_a_person(row: dict[str, str]) -> None:
    assert main(replay(create(**row))) == ["created"]


@pytest.mark.parametrize("row", [{"external_id": "7"}, {"employer": "Acme", "van_id": "1"}])
def test_nb_01_anything_else_is_an_error_of_identity(row: dict[str, str]) -> None:
    result = replay(create(**row), profile="native")
    assert (main(result), codes(result)) == (["rejected"], [422])
    (reject,) = result.rejects.itertuples()
    assert (reject.column, reject.rule, reject.row) == ("identity", "NB-01", 1)
    assert codes(replay(create(**row))) == [None]  # the document names no code


def test_nb_02_people_of_a_name_alone_are_valid_and_never_found() -> None:
    row = push(first_name="Ann", last_name="Smith")
    result = replay(row, row)
    assert main(result) == ["created", "created"]
    assert result.events.query("rule == 'NB-02'").note.to_list() == ["no_match_key"] * 2


def test_nb_02_an_import_refuses_them() -> None:
    row = {"first_name": "Ann", "last_name": "Smith"}
    result = replay(row, uploads="import")
    assert main(result) == ["rejected"]
    assert result.rejects.rule.to_list() == ["NB-02"]


def test_nb_10_a_first_name_may_hold_middle_names() -> None:
    query = {"first_name": "Mary", "last_name": "Smith", "request": "match"}
    assert main(replay(create(first_name="Mary Ann", last_name="Smith"), query)) == [
        "created",
        "matched",
    ]


def test_nb_11_a_person_never_matches_an_organisation() -> None:
    rows = (create(email="info@acme.org", signup_type="1"), push(email="info@acme.org"))
    assert main(replay(*rows)) == ["created", "updated"] or main(replay(*rows))[1] == "unchanged"
    result = replay(rows[0], push(email="info@acme.org", signup_type="0", first_name="Ann"))
    assert main(result) == ["created", "rejected"]
    assert result.events.query("outcome == 'conflict'").rule.to_list() == ["NB-11"]
    assert result.people.entity_type.to_list() == ["organization"]


def test_nb_11_the_type_is_zero_or_one() -> None:
    result = replay(create(email="ann@smith.net", signup_type="7"))
    assert result.events.query("rule == 'NB-11'").outcome.to_list() == ["warning"]
    assert result.people.entity_type.to_list() == ["person"]


def test_nb_12_one_name_with_and_without_email_is_a_possible_duplicate() -> None:
    result = replay(
        create(first_name="Ann", last_name="Smith", email="ann@smith.net"),
        create(first_name="Ann", last_name="Smith", phone="503-555-0841"),
        create(first_name="Ann", last_name="Smith", email="bob@smith.net"),
        create(first_name="Bob", last_name="Smith", phone="503-555-0842"),
    )
    assert result.people.possible_duplicate_of.to_list() == [["2"], ["1", "3"], ["2"], []]


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ({"facebook_username": "a"}, {}, True),
        ({"twitter_login": "a"}, {}, True),
        ({"facebook_username": "a"}, {"twitter_login": "b"}, True),
        ({"facebook_username": "a"}, {"facebook_username": "b", "twitter_login": "c"}, False),
        ({}, {}, False),
    ],
)
def test_nb_12_social_accounts_make_possible_duplicates(
    one: dict[str, str], other: dict[str, str], shown: bool
) -> None:
    name = {"first_name": "Ann", "last_name": "Smith"}
    result = replay(create(**name, **one), create(**name, **other))
    assert bool(result.people.possible_duplicate_of[0]) is shown


def test_nb_12_two_accounts_of_one_kind_block_the_suggestion() -> None:
    name = {"first_name": "Ann", "last_name": "Smith"}
    result = replay(
        create(**name, facebook_username="a", email="ann@smith.net"),
        create(**name, facebook_username="b"),
    )
    assert result.people.possible_duplicate_of.to_list() == [[], []]


def test_nb_12_the_vendors_own_hint_is_told_and_merges_nobody() -> None:
    row = create(first_name="Ann", last_name="Smith", is_possible_duplicate="true")
    result = replay(row, row)
    assert main(result) == ["created", "created"]
    hints = result.events.query("outcome == 'possible_duplicate'")
    assert hints.rule.to_list() == ["NB-12", "NB-12"]


def test_nb_13_ids_are_texts_and_zero_is_none() -> None:
    result = replay(
        create(first_name="Ann", civicrm_id=7, van_id="0", rnc_regid="003F", linkedin_id="0"),
        push(civicrm_id=" 7 ", last_name="Smith"),
    )
    assert main(result) == ["created", "updated"]
    assert result.people.identifiers.to_list() == [["civicrm:7", "rnc_regid:003F"]]


def test_nb_13_an_id_beyond_the_match_ids_stays_with_its_holder() -> None:
    result = replay(
        create(first_name="Ann", rnc_regid="003F"), create(first_name="Bob", rnc_regid="003F")
    )
    assert result.people.identifiers.to_list() == [["rnc_regid:003F"], []]
    (told,) = result.events.query("outcome == 'conflict'").itertuples()
    assert (told.rule, told.other_person_id, told.note) == ("NB-13", "1", "identifier_not_unique")


def test_nb_14_ids_of_a_nation_are_its_own() -> None:
    result = replay({"nationbuilder_id": "5", "first_name": "Ann"}, nation="foobar")
    assert result.people.identifiers.to_list() == [["nationbuilder/foobar:5"]]
    twice = replay(
        {"nationbuilder_id": "5", "first_name": "Ann", "nation": "foo"},
        {"nationbuilder_id": "5", "first_name": "Bob", "nation": "bar"},
        {"nationbuilder_id": "5", "last_name": "Smith", "nation": "foo"},
    )
    assert people(twice) == [[1, 3], [2]]


@pytest.mark.parametrize(
    "named",
    [
        {"person_id": "8491", "id_type": "external"},
        {"person_id": "external:8491"},
        {"person_id": "5"},
        {"person_id": "1"},
        {"nationbuilder_id": "5"},
    ],
)
def test_nb_15_a_person_is_named_by_any_id(named: dict[str, str]) -> None:
    first = {"nationbuilder_id": "5", "external_id": "8491", "first_name": "Ann"}
    update = named | {"last_name": "Smith", "request": "update"}
    result = replay(first, update)
    assert main(result) == ["created", "updated"]
    assert result.people.last_name.to_list() == ["Smith"]


def test_nb_16_create_answers_200_and_update_201_to_the_letter() -> None:
    rows = (
        create(first_name="Bob", email="bob@smith.net"),
        {"person_id": "1", "first_name": "Joe", "request": "update"},
    )
    assert codes(replay(*rows)) == [200, 201]
    assert codes(replay(*rows, profile="native")) == [201, 200]


def test_nb_16_a_taken_email_or_id_is_refused() -> None:
    result = replay(
        create(first_name="Ann", email="ann@smith.net", external_id="7"),
        create(first_name="Bob", email="ann@smith.net"),
        create(first_name="Bob", email="bob@smith.net"),
        {"person_id": "2", "email": "ann@smith.net", "external_id": "7", "request": "update"},
        {"person_id": "99", "first_name": "Joe", "request": "update"},
    )
    assert main(result) == ["created", "rejected", "created", "rejected", "rejected"]
    assert result.people.emails.to_list() == [["ann@smith.net"], ["bob@smith.net"]]
    told = result.events.query("row == 4 and outcome == 'conflict'")
    assert told.field.to_list() == ["external_id", "email"]
    assert set(told.other_person_id) == {"1"}


def test_nb_17_a_replay_takes_nobody_out() -> None:
    result = replay(create(first_name="Ann"), {"person_id": "1", "request": "delete"})
    assert main(result) == ["created", "rejected"]
    assert (len(result.people), result.rejects.rule.to_list()) == (1, ["NB-17"])


SMITHS = (
    create(first_name="Ann", last_name="Smith", email1="ann@smith.net", email2="bob@smith.net",
           phone="503-555-0841", mobile="503-555-0842"),
    create(first_name="Bob", last_name="Smith", phone="503-555-0841"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("criteria", "outcome", "native"),
    [
        ({"email": "bob@smith.net"}, "matched", 200),
        ({"email": "bob@smith.net", "first_name": "Bob"}, "no_match", 404),
        ({"last_name": "Smith"}, "multiple_matches", 409),
        ({"phone": "(503) 555-0841"}, "multiple_matches", 409),
        ({"phone": "503 555 0841", "first_name": "bob"}, "matched", 200),
        ({"mobile": "503-555-0842"}, "matched", 200),
        ({"first_name": "Zoe"}, "no_match", 404),
        ({"first_name": "Ann", "last_name": "Smith"}, "matched", 200),
        ({"external_id": "7"}, "rejected", 400),
    ],
)
def test_nb_18_a_single_person_must_match_all_criteria(
    criteria: dict[str, str], outcome: str, native: int
) -> None:
    query = criteria | {"request": "match"}
    result = replay(*SMITHS, query)
    assert main(result)[2] == outcome
    assert codes(result)[2] == (200 if outcome == "matched" else None)
    assert codes(replay(*SMITHS, query, profile="native"))[2] == native
    assert len(result.rejects) == (outcome != "matched")


def test_nb_18_mobile_and_phone_are_two_criteria_except_in_our_profile() -> None:
    query = {"phone": "503-555-0842", "request": "match"}
    assert main(replay(*SMITHS, query))[2] == "no_match"
    assert main(replay(*SMITHS, query, profile="native"))[2] == "matched"


def test_nb_19_a_search_decides_nothing() -> None:
    result = replay({"last_name": "Smith", "request": "search"})
    assert main(result) == ["rejected"]
    assert result.rejects[["column", "value", "rule"]].values.tolist() == [
        ["request", "search", "NB-19"]
    ]


@pytest.mark.parametrize("key", MATCH_IDS)
def test_nb_20_each_of_the_ten_ids_finds_its_person(key: str) -> None:
    value = "ann@smith.net" if key == "email" else "d6767"
    result = replay(push(first_name="Ann", **{key: value}), push(last_name="Smith", **{key: value}))
    assert (main(result), codes(result)) == (["created", "updated"], [201, 200])
    assert people(result) == [[1, 2]]


@pytest.mark.parametrize(
    "same",
    [
        {"first_name": "Ann", "last_name": "Smith", "phone": "503-555-0841"},
        {"mobile": "503-555-0841"},
        {"first_name": "Ann", "state_file_id": "9"},
        {"first_name": "Ann", "rnc_id": "9"},
        {"first_name": "Ann", "twitter_id": "9"},
        {"first_name": "Ann", "nationbuilder_id": "9"},
    ],
)
def test_nb_20_nothing_else_finds_anybody(same: dict[str, str]) -> None:
    result = replay(push(**same), push(**same))
    assert (main(result), codes(result)) == (["created", "created"], [201, 201])


def test_nb_20_all_four_slots_are_looked_at() -> None:
    result = replay(
        create(email1="ann@smith.net", email4="dan@smith.net"),
        push(email="dan@smith.net", first_name="Ann"),
    )
    assert main(result) == ["created", "updated"]
    assert result.people.emails[0] == ["dan@smith.net", "ann@smith.net"]


ANN, BOB = push(first_name="Ann", email="ann@smith.net"), push(first_name="Bob", external_id="7")


def test_nb_20_ids_of_two_people_are_a_conflict_and_write_nothing() -> None:
    row = push(email="ann@smith.net", external_id="7", last_name="Smith")
    result = replay(ANN, BOB, row, profile="native")
    assert (main(result)[2], codes(result)[2]) == ("rejected", 409)
    told = result.events.query("outcome == 'conflict'")
    assert list(zip(told.field, told.other_person_id, strict=True)) == [
        ("external_id", "2"),
        ("email", "1"),
    ]
    assert result.people.last_name.isna().all()
    assert result.rejects.row.to_list() == [3]


def test_nb_20_an_order_of_belief_settles_it_once_asked_for() -> None:
    row = push(email="ann@smith.net", external_id="7", last_name="Smith")
    assert people(replay(ANN, BOB, row, precedence=True)) == [[1], [2, 3]]
    result = replay(ANN, BOB, row, precedence=["email", "external_id"])
    assert people(result) == [[1, 3], [2]]
    assert result.people.identifiers.to_list() == [[], ["external:7"]]
    with pytest.raises(matcher.errors.OptionError, match="shoe_size"):
        replay(ANN, precedence=["shoe_size"])


def test_nb_20_another_record_id_vetoes_a_match_by_email_alone() -> None:
    rows = (
        push(email="ann@smith.net", external_id="7"),
        push(email="ann@smith.net", external_id="8"),
    )
    result = replay(*rows)
    assert main(result) == ["created", "rejected"]
    (told,) = result.events.query("outcome == 'conflict'").itertuples()
    assert (told.before, told.after, told.note) == ("7", "8", "id_disagreement")


def test_nb_20_another_id_beside_one_that_hits_is_written_and_flagged() -> None:
    rows = (push(van_id="1", external_id="7", first_name="Ann"), push(van_id="1", external_id="8"))
    result = replay(*rows)
    assert main(result) == ["created", "updated"]
    assert result.people.identifiers.to_list() == [["van:1", "external:8"]]
    assert result.events.query("outcome == 'conflict'").note.to_list() == ["id_disagreement"]


def test_nb_20_another_social_account_vetoes_nothing() -> None:
    rows = (
        push(email="ann@smith.net", twitter_login="old"),
        push(email="ann@smith.net", twitter_login="new"),
    )
    assert main(replay(*rows)) == ["created", "updated"]


def test_nb_20_without_a_key_we_create_only_when_told_to() -> None:
    row = push(first_name="Ann", phone="503-555-0841")
    assert main(replay(row, profile="native")) == ["rejected"]
    assert main(replay(row, profile="native", create_without_key=True)) == ["created"]


def test_nb_20_an_import_also_finds_by_phone_and_name() -> None:
    row = {"first_name": "Ann", "last_name": "Smith", "phone": "503-555-0841"}
    rows = (row, row, row | {"first_name": "Bob"}, {"phone": "503-555-0841"})
    assert people(replay(*rows, uploads="import")) == [[1, 2, 4], [3]]
    assert people(replay(*rows, profile="native")) == [[1, 2, 4], [3]]
    assert len(replay(*rows).people) == 4
    with pytest.raises(matcher.errors.OptionError, match="uploads"):
        replay(row, uploads="guess")


def test_nb_20_who_shares_a_crowded_phone_is_found_by_name_in_an_import() -> None:
    letters = "abcdefghij"
    rows = [
        {"first_name": f"Ann{one}{two}", "last_name": "Smith", "phone": "503-555-0841"}
        for one in letters
        for two in letters
    ]
    assert people(replay(*rows, *rows, uploads="import")) == [[n, n + 100] for n in range(1, 101)]


def test_nb_20_on_a_crowded_phone_whoever_is_nameless_may_be_anybody() -> None:
    crowd = [
        create(first_name=f"Ann{chr(97 + n)}", last_name="Smith", phone="503-555-0841")
        for n in range(25)
    ]
    nameless = create(phone="503-555-0841")
    query = {"first_name": "Zoe", "last_name": "Jones", "phone": "503-555-0841"}
    found = people(replay(*crowd, nameless, query, uploads="import"))
    assert found[25:] == [[26, 27]]
    asked = {"first_name": None, "last_name": None, "phone": "503-555-0841"}
    assert people(replay(*crowd, asked, uploads="import"))[0] == [1, 26]
