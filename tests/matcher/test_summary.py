from __future__ import annotations

import matcher
from matcher.summary import Summary, counted, household_sizes, summarise


def test_a_household_is_counted_once_and_apart() -> None:
    home = {"last_name": "Okafor", "address": "12 Elm Street", "zip": "01060",
            "phone": "413-555-0142"}  # fmt: skip
    rows = [
        {**home, "first_name": "Robert", "birth_date": "1950-02-03"},
        {**home, "first_name": "Bob", "birth_date": "1950-02-03"},
        {**home, "first_name": "Yolanda", "birth_date": "1952-05-06"},
        {"first_name": "Mei", "last_name": "Tanaka", "email": "mei@example.org"},
    ]
    result = matcher.dedupe(rows)
    summary = summarise(result)
    assert (summary.records, summary.people, summary.people_of_several) == (4, 3, 1)
    assert household_sizes(result.matched).tolist() == [2]
    assert summary.households == 1
    assert "linked" not in summary.as_dict()


def test_organisations_are_not_people() -> None:
    rows = [
        {"organization": "Tenants Union", "email": "info@example.org", "first_name": None},
        {"organization": "Tenants Union", "email": "info@example.org", "first_name": None},
        {"organization": None, "email": "ada@example.org", "first_name": "Ada"},
    ]
    summary = summarise(matcher.dedupe(rows))
    assert summary.people == 1
    assert summary.organisations in (1, 2)
    assert summary.people_of_several == 0


def test_sentences_leave_out_findings_of_nothing() -> None:
    lone = Summary(1, 1, 1, 0, 0, 0, 0, 0)
    assert lone.sentences() == ["1 record in 1 file is 1 person."]
    full = Summary(2, 2000, 1000, 1, 5, 1, 1, 1, linked=7, left_records=900)
    assert len(full.sentences()) == 5
    assert "7 of the 900 records on the left are also on the right." in full.sentences()


def test_counted() -> None:
    assert [counted(n, "person", "people") for n in (0, 1, 2000)] == [
        "0 people",
        "1 person",
        "2,000 people",
    ]
