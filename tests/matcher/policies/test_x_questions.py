"""Questions that the vendors answer differently, and how this package answers them."""

from __future__ import annotations

from typing import Any

import matcher

Row = dict[str, Any]

PHONE = "+1 202 555 0171"
ADA: Row = {"first_name": "Ada", "last_name": "Quartermaine"}
BASIL: Row = {"first_name": "Basil", "last_name": "Quartermaine"}
CHIDI: Row = {"first_name": "Chidi", "last_name": "Ossington"}


def people(*rows: Row) -> int:
    return int(matcher.dedupe(list(rows)).clusters["cluster_id"].nunique())


def test_x1_a_phone_alone_joins_nobody_whose_names_disagree() -> None:
    assert people({**ADA, "phone": PHONE}, {**CHIDI, "phone": PHONE}) == 2
    assert people({**ADA, "phone": PHONE}, {**BASIL, "phone": PHONE}) == 2


def test_x1_a_phone_joins_a_row_that_has_nothing_else() -> None:
    assert people({"phone": PHONE}, {**ADA, "email": "ada@example.org", "phone": PHONE}) == 1


def test_x2_an_email_joins_compatible_names() -> None:
    email = {"email": "ada.q@example.org"}
    assert people(email, {**ADA, **email}) == 1
    assert people({**ADA, **email}, {**ADA, "first_name": "A.", **email}) == 1


def test_x2_a_mailbox_that_a_family_shares_joins_nobody() -> None:
    email = {"email": "family@example.org"}
    result = matcher.dedupe([{**ADA, **email}, {**BASIL, **email}])
    assert result.clusters["cluster_id"].nunique() == 2
    assert len(result.review) == 1


def test_x3_every_email_of_a_person_is_kept_with_its_source() -> None:
    rows = [
        {**ADA, "email": "ada.q@example.org", "phone": PHONE},
        {**ADA, "email": "ada.quartermaine@example.net", "phone": PHONE},
    ]
    (person,) = matcher.dedupe(rows).people.to_dict("records")
    assert sorted(person["emails"]) == ["ada.q@example.org", "ada.quartermaine@example.net"]
    assert person["email_from"]


def test_x4_a_phone_is_e164_inside_however_a_vendor_writes_it() -> None:
    written = (PHONE, "12025550171", "202-555-0171", "(202) 555 0171")
    for phone in written:
        row = {**ADA, "email": "ada.q@example.org", "phone": phone}
        assert list(matcher.dedupe([row]).people["phones"][0]) == ["+12025550171"]
        assert matcher.replay([row]).people["phones"][0] == ["+12025550171"]


def test_x5_an_email_that_somebody_has_merges_nobody_and_is_told() -> None:
    rows = [
        {**ADA, "email": "ada.q@example.org"},
        {**BASIL, "email": "basil@example.org"},
        {"request": "update", "person_id": "1", "email": "basil@example.org"},
    ]
    for profile in ("document", "native"):
        found = matcher.replay(rows, profile=profile)
        assert len(found.people) == 2
        assert "email_change_refused" in set(found.events["outcome"])


def test_x6_created_and_updated_are_told_apart_by_code_and_by_outcome() -> None:
    row = {"request": "create", **ADA, "email": "ada.q@example.org"}
    again = {**row, "middle_name": "Eleonora"}
    for policy in ("action_network", "nationbuilder"):
        events = matcher.replay([row, {**again, "request": "push"}], policy, "native").events
        main = events[events["outcome"].isin(["created", "updated"])]
        assert main["outcome"].tolist() == ["created", "updated"]
        assert main["status_code"].tolist() == [201, 200]


def test_x7_an_organisation_is_never_one_with_a_person() -> None:
    email = {"email": "quarries@example.org", "phone": PHONE}
    shop = {"organization": "Quartermaine Quarries Inc", **email}
    assert people(shop, {**ADA, **email}) == 2
