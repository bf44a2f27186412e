"""The golden record: which value of several, how it is written, and where it comes from."""

from __future__ import annotations

from typing import Any

import matcher

Row = dict[str, Any]


def person(rows: list[Row]) -> Row:
    """The golden record of rows that are plainly one person."""
    same = {"email": "grace.okafor@example.org", "phone": "413-555-0142"}
    result = matcher.dedupe(
        [{"record_id": f"r{place}", **same, **row} for place, row in enumerate(rows)]
    )
    people = result.people_table().to_pylist()
    assert len(people) == 1, result.pairs
    found: Row = people[0]
    return found


GRACE = {"first_name": "Grace", "last_name": "Okafor"}


def test_a_whole_name_outranks_initials_however_many() -> None:
    found = person([{**GRACE, "first_name": name} for name in ("G", "G.", "Grace")])
    assert (found["first_name"], found["first_name_from"]) == ("Grace", "r2")


def test_the_most_frequent_name_outranks_the_longest() -> None:
    found = person([{**GRACE, "first_name": name} for name in ("Bob", "Robert", "Bob")])
    assert found["first_name"] == "Bob"


def test_among_names_as_frequent_the_longest_is_taken() -> None:
    found = person([{**GRACE, "first_name": name} for name in ("Kat", "Katherine")])
    assert (found["first_name"], found["first_name_from"]) == ("Katherine", "r1")


def test_mixed_case_outranks_capitals() -> None:
    rows = [{**GRACE, "last_name": "OKAFOR", "updated_at": "2024-01-01"}, GRACE]
    found = person(rows)
    assert (found["last_name"], found["last_name_from"]) == ("Okafor", "r1")


def test_equal_names_come_from_the_most_recent_record() -> None:
    dates = ["2020-01-01", "2024-01-01", "2022-01-01"]
    found = person([{**GRACE, "updated_at": date} for date in dates])
    assert found["first_name_from"] == "r1"
    assert found["updated_at"] == "2024-01-01"


def test_each_name_may_come_from_another_record() -> None:
    found = person(
        [{"first_name": "G", "last_name": "Okafor-Li"}, {**GRACE, "last_name": "Okafor"}]
    )
    assert (found["first_name"], found["first_name_from"]) == ("Grace", "r1")
    assert (found["last_name"], found["last_name_from"]) == ("Okafor-Li", "r0")


def test_names_typed_into_one_column_are_shown_apart() -> None:
    found = person([{"full_name": "Dr. Ronald McDonald III"}])
    names = [found[name] for name in ("prefix", "first_name", "last_name", "suffix")]
    assert names == ["Dr.", "Ronald", "McDonald", "III"]


def test_the_most_recent_email_comes_first_and_all_others_are_kept() -> None:
    rows = [
        {**GRACE, "email": "old@example.org", "updated_at": "2020-01-01"},
        {**GRACE, "email": "Grace.New@Example.org", "updated_at": "2024-01-01"},
        {**GRACE, "email": "not an address", "updated_at": "2025-01-01"},
        {**GRACE, "email": "grace.new@example.org", "updated_at": "2019-01-01"},
    ]
    found = person(rows)
    assert (found["email"], found["email_from"]) == ("Grace.New@Example.org", "r1")
    assert found["emails"] == ["Grace.New@Example.org", "old@example.org"]


def test_a_role_mailbox_is_the_last_resort() -> None:
    rows = [
        {**GRACE, "email": "info@example.org", "updated_at": "2024-01-01"},
        {**GRACE, "email": "grace@example.org", "updated_at": "2020-01-01"},
    ]
    assert person(rows)["emails"] == ["grace@example.org", "info@example.org"]
    assert person(rows[:1])["email"] == "info@example.org"


def test_an_email_is_shown_as_it_can_be_sent_to() -> None:
    found = person([{**GRACE, "email": "Grace Okafor <Grace.Okafor+news@gmail.com>"}])
    assert found["email"] == "grace.okafor+news@gmail.com"


def test_several_phones_of_a_record_keep_their_order() -> None:
    found = person([{**GRACE, "phone": "413-555-0142", "phone2": "+1 (617) 555-0177"}])
    assert found["phones"] == ["+14135550142", "+16175550177"]
    assert (found["phone"], found["phone_from"]) == ("+14135550142", "r0")


def test_the_parts_of_an_address_are_of_one_record() -> None:
    rows = [
        {**GRACE, "address_line1": "12 Elm St", "city": "Salem", "updated_at": "2020-01-01"},
        {**GRACE, "city": "Boston", "postal_code": "02108", "updated_at": "2024-01-01"},
    ]
    found = person(rows)
    assert (found["address_line1"], found["city"]) == ("12 Elm St", "Salem")
    assert (found["address_line1_from"], found["city_from"]) == ("r0", "r0")
    assert (found["postal_code"], found["postal_code_from"]) == (None, None)


def test_the_most_recent_address_with_a_street_is_taken() -> None:
    rows = [
        {**GRACE, "address_line1": f"{number} Elm St", "updated_at": f"20{number}-01-01"}
        for number in (19, 23, 21)
    ]
    assert person(rows)["address_line1"] == "23 Elm St"


def test_a_house_number_of_its_own_column_is_put_before_the_street() -> None:
    row = {**GRACE, "street_number": "12", "address_line1": "Elm St"}
    assert person([row])["address_line1"] == "12 Elm St"


def test_the_most_frequent_birth_date_is_taken() -> None:
    dates = ["1980-02-03", "1980-02-03", "1980-03-02"]
    rows = [{**GRACE, "birth_date": date} for date in dates]
    rows[2]["updated_at"] = "2024-01-01"
    assert person(rows)["birth_date"] == "1980-02-03"


def test_sources_tags_and_ids_are_joined() -> None:
    rows = [
        {**GRACE, "source": "gala", "tags": "host", "van_id": "MA:1", "updated_at": "2024-01-01"},
        {**GRACE, "source": "van", "tags": "donor", "van_id": "MA:2"},
        {**GRACE, "source": "van", "tags": "host"},
    ]
    found = person(rows)
    assert found["sources"] == "gala; van"
    assert found["tags"] == "host; donor"
    assert found["van_id"].split("; ")[0].endswith("1")
    assert len(found["van_id"].split("; ")) == 2


def test_an_organisation_keeps_its_own_spelling_and_has_no_personal_name() -> None:
    rows = [
        {"record_id": "o1", "organization": "SEIU Local 503", "phone": "413-555-0142"},
        {"record_id": "o2", "full_name": "SEIU Local 503", "phone": "413-555-0142"},
        {"record_id": "p1", "first_name": "Ann", "last_name": "Moss", "phone": "413-555-0142"},
    ]
    people = matcher.dedupe(rows).people_table().to_pylist()
    kinds = {row["entity_type"]: row for row in people}
    assert kinds["organization"]["organization"] == "SEIU Local 503"
    assert kinds["organization"]["record_count"] == 2
    assert kinds["organization"]["first_name"] is None
    assert kinds["person"]["organization"] is None


def test_attributes_that_a_person_lacks_are_missing_with_their_source() -> None:
    rows = [
        {"record_id": "a", "first_name": "Ann", "birth_date": "1980-02-03"},
        {"record_id": "b", "last_name": "Quy", "email": "quy@example.org", "city": "Salem"},
    ]
    ann, quy = matcher.dedupe(rows).people_table().to_pylist()
    for name in ("last_name", "email", "city"):
        assert (ann[name], ann[f"{name}_from"]) == (None, None)
    assert ann["emails"] == []
    assert (quy["birth_date"], quy["birth_date_from"]) == (None, None)


def test_letters_of_any_script_survive() -> None:
    found = person([{"first_name": "Zoë", "last_name": "Ångström"}])
    assert (found["first_name"], found["last_name"]) == ("Zoë", "Ångström")
    found = person([{"first_name": "小龙", "last_name": "李"}])
    assert (found["first_name"], found["last_name"]) == ("小龙", "李")


def test_every_value_is_the_text_of_the_record_that_it_names(
    found: matcher.Result, made: tuple[Any, Any]
) -> None:
    typed = {row["record_id"]: row for row in made[0].to_pylist()}
    members = found.clusters.groupby("cluster_id")["record_id"].agg(set)
    checked = 0
    for row in found.people_table().to_pylist():
        for name in ("email", "address_line1", "city"):
            if row[name] is not None:
                origin = row[f"{name}_from"]
                assert origin in members[row["cluster_id"]]
                assert row[name].lower() in typed[origin][name].lower()
                checked += 1
    assert checked > 1000


def test_the_order_is_that_of_each_first_record(found: matcher.Result) -> None:
    firsts = found.clusters["cluster_id"].drop_duplicates().tolist()
    assert found.people["cluster_id"].tolist() == firsts
    assert found.people["record_count"].sum() == len(found.clusters)
