"""A person of a list in the vendor's own JSON, which a replay reads as the same person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher.policies.shapes import shapes
from matcher.store import Store

ADA = {
    "prefix": "Dr", "first_name": "Ada", "middle_name": "B", "last_name": "Quartermaine",
    "email": "Ada@quarter.org", "phone": "202 456 0171", "address": "1 Main St",
    "city": "Boston", "state": "MA", "zip": "02108", "tags": "contact_code:12",
    "identifiers": "salesforce:77", "email_status": "unsubscribed", "birth_date": "1970-01-02",
}  # fmt: skip
SHAPES = {
    "action_network": "osdi",
    "nationbuilder": "nationbuilder",
    "ngp_van": "ngp_van",
    "ngp_van_people": "van_people",
    "interactions": "interactions",
}


def shown(folder: Path, policy: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    with Store(folder / "store.duckdb") as store:
        store.ingest(rows, policy=policy)
        return store.vendor_person(policy, "1")


@pytest.mark.parametrize("policy", ["action_network", "nationbuilder", "ngp_van", "ngp_van_people"])
def test_what_is_shown_is_read_as_the_same_person(policy: str, tmp_path: Path) -> None:
    payload = shown(tmp_path, policy, [ADA])
    assert shapes(SHAPES[policy])[0].fits(payload)
    payload.pop("contactId", None)  # which no POST may state
    (held,) = matcher.replay([ADA], policy=policy).people.to_dict("records")
    (again,) = matcher.replay([payload], policy=policy).people.to_dict("records")
    for name in ("entity_type", "first_name", "last_name", "emails", "phones", "email_consent"):
        assert again[name] == held[name], name
    for one, other in zip(held["addresses"], again["addresses"], strict=True):
        kept = ("line1", "city", "region", "postal_code", "country")
        assert [one[part] for part in kept] == [other[part] for part in kept]


def test_an_organisation_of_ngp_van_has_a_common_name(tmp_path: Path) -> None:
    emails = [{"type": "WORK", "address": "hi@acme.org"}]
    rows = [{"type": "ORGANIZATION", "commonName": "Acme Tools", "emails": emails}]
    payload = shown(tmp_path, "ngp_van", rows)
    assert (payload["type"], payload["commonName"]) == ("ORGANIZATION", "Acme Tools")
    assert "firstName" not in payload


def test_a_person_of_nationbuilder_has_slots_flags_and_addresses(tmp_path: Path) -> None:
    rows = [ADA | {"email1": "ada@quarter.org", "email1_is_bad": "true", "email2": "a@maine.net"}]
    rows[0].pop("email")
    payload = shown(tmp_path, "nationbuilder", rows)
    assert (payload["email1"], payload["email1_is_bad"]) == ("ada@quarter.org", True)
    assert (payload["email2"], payload["email"]) == ("a@maine.net", "a@maine.net")
    assert payload["home_address"]["zip"] == "02108"


def test_an_interaction_shows_whom_it_was_with(tmp_path: Path) -> None:
    payload = shown(tmp_path, "interactions", [ADA])
    assert payload["contactInfo"]["email"] == ["Ada@quarter.org"]
    assert payload["person"] == [{"type": "salesforce", "id": "77"}]


def test_nothing_empty_is_shown(tmp_path: Path) -> None:
    payload = shown(tmp_path, "action_network", [{"email": "ada@quarter.org"}])
    assert set(payload) == {"email_addresses", "_links"}
