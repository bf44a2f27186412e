"""Header keys and the tables of aliases."""

from __future__ import annotations

import pytest

from matcher.reading.headers import ADDRESS_PARTS, ALIASES, REPEATED, header_key, role_of
from matcher.records import (
    CONSENT_COLUMNS,
    EXTERNAL_ID_COLUMNS,
    REPEATED_COLUMNS,
    SINGLE_COLUMNS,
)


@pytest.mark.parametrize("header", ["First Name", "first_name", "FIRST-NAME", "\ufefffirstName "])
def test_spellings_of_one_header(header: str) -> None:
    assert header_key(header) == "firstname"


def test_every_canonical_column_is_known_by_its_own_name() -> None:
    names = (*SINGLE_COLUMNS, *REPEATED_COLUMNS, *CONSENT_COLUMNS, *EXTERNAL_ID_COLUMNS)
    for name in ("record_id", "source", "source_record_id", *names):
        role = role_of(header_key(name))
        assert role is not None and role.name == name, name


def test_no_alias_is_in_two_tables_and_all_are_keys() -> None:
    aliases = [k for t in (ALIASES, REPEATED, ADDRESS_PARTS) for keys in t.values() for k in keys]
    assert len(aliases) == len(set(aliases))
    assert all(key == header_key(key) for key in aliases)


@pytest.mark.parametrize(
    ("header", "name", "group"),
    [
        ("mailing_address1", "address_line1", "mailing"),
        ("residential_postal_code", "postal_code", "residential"),
        ("mZip5", "postal_code", "m"),
        ("address_city", "city", "address"),
        ("address_line1", "address_line1", ""),
        ("Home Address", "address_line1", "home"),
        ("Home Phone", "phone", None),
        ("E-mail 3", "email", None),
        ("lname", "last_name", None),
        ("Middle Initial", "middle_name", None),
    ],
)
def test_aliases(header: str, name: str, group: str | None) -> None:
    role = role_of(header_key(header))
    assert role is not None and (role.name, role.group) == (name, group)


@pytest.mark.parametrize(
    "header",
    [
        "county",
        "fax_number",
        "title",
        "email1_is_bad",
        "zip4",
        "polling_city",
        "is_mobile_bad",
        "phone type",
        "ssn",
        "contact_id",
        "party",
        "age",
        "notes",
        "primary_submitted_address",
        "HomePhoneCountryCode",
    ],
)
def test_columns_that_only_look_alike(header: str) -> None:
    assert role_of(header_key(header)) is None
