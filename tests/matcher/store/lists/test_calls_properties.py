"""Whatever a call says, it is decided on, and the store stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.policies.outcomes import MAIN
from matcher.store import Store
from matcher.store.lists.calls import Call
from matcher.store.lists.payloads import payload

TEXTS = st.sampled_from(
    ["Ada", "ada@quarter.org", "202 456 0171", "+12024560171", "", " ", "subscribed", "20009",
     "unsubscribed", "1", "0", "true", "US", "crm:7", ":", "é\u0301", "x" * 300, "1973-04-04",
     "action_network:1", "-1e999", "\x00", "ORGANIZATION", "INDIVIDUAL", "Organization"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2**40) | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)


def objects(*keys: str) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(keys), TEXTS | VALUES, max_size=len(keys)) | VALUES


def lists(*keys: str) -> st.SearchStrategy[Any]:
    return st.lists(objects(*keys), max_size=2) | VALUES


def said(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=keys)


ORDERS = st.sampled_from(["create", "update", "push", "match", "merge", "delete"])
AN = said(
    given_name=TEXTS | VALUES, family_name=VALUES, identifiers=st.lists(TEXTS) | VALUES,
    email_addresses=lists("address", "status", "primary"),
    phone_numbers=lists("number", "status", "primary"),
    postal_addresses=lists("postal_code", "country", "address_lines", "region"),
    languages_spoken=VALUES, custom_fields=objects("tea", "language"),
)  # fmt: skip
NB = said(
    first_name=TEXTS | VALUES, last_name=VALUES, email=TEXTS | VALUES, email3=TEXTS | VALUES,
    email1_is_bad=VALUES, primary_email_id=VALUES, mobile=TEXTS | VALUES, phone=VALUES,
    external_id=TEXTS | VALUES, van_id=VALUES, signup_type=VALUES, email_opt_in=VALUES,
    home_address=objects("address1", "city", "zip", "country_code", "lat", "lng"), tags=VALUES,
    primary_address=objects("city"), birthdate=VALUES, tea=VALUES, bad_emails=VALUES,
    do_not_call=VALUES, is_possible_duplicate=VALUES, created_at=VALUES, employer=VALUES,
)  # fmt: skip
NG = said(
    type=TEXTS | VALUES, firstName=TEXTS | VALUES, lastName=VALUES, commonName=VALUES,
    emails=lists("address", "type", "doNotEmail", "email", "isSubscribed"),
    phones=lists("number", "type", "phoneNumber", "phoneType"),
    addresses=lists("line1", "postalCode", "type", "addressLine1", "zipOrPostalCode"),
    externalLinks=lists("externalSourceTypeId", "externalId"),
    contactCodes=lists("contactCodeId"), disclosureFields=lists("value"),
    preferredContactMethod=VALUES, contactMode=VALUES, dateOfBirth=VALUES, vanId=VALUES,
    identifiers=lists("type", "externalId"), employer=VALUES, whatIf=VALUES,
)  # fmt: skip
CALLS = {
    "action_network": st.builds(
        lambda person, order, tags, own: {
            "person": person, "request": order, "add_tags": tags, "person_id": own,
        },
        AN | VALUES, ORDERS, VALUES, st.none() | TEXTS,
    ),
    "nationbuilder": st.builds(
        lambda person, order, own: {"person": person, "request": order, "person_id": own},
        NB | VALUES, ORDERS, st.none() | TEXTS,
    ) | st.builds(
        lambda tags, order: {"tagging": {"tag": tags}, "request": order, "person_id": "1"},
        VALUES, ORDERS,
    ),
    "ngp_van": st.builds(
        lambda said, order, own: {**said, "request": order, "person_id": own},
        NG, ORDERS, st.none() | TEXTS,
    ),
    "ngp_van_people": st.builds(
        lambda said, order, own: {**said, "request": order, "person_id": own},
        NG, ORDERS, st.none() | TEXTS,
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("calls") / "store.duckdb") as opened:
        yield opened


@pytest.mark.parametrize("policy", CALLS)
@pytest.mark.parametrize("is_blind", [False, True], ids=["known", "blind"])
def test_whatever_calls_say_each_is_answered(store: Store, policy: str, is_blind: bool) -> None:
    view = store.list_view(policy)

    @settings(
        max_examples=6 if is_blind else 15, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(CALLS[policy], min_size=1, max_size=4 if is_blind else 20))
    def holds(said: list[Any]) -> None:
        before = {held.person.person_id: held for held in view.page(0, 10_000)}
        calls = [Call(each, is_blind=is_blind) for each in said]
        answers = store.call(policy, calls)
        assert len(answers) == len(said)
        for answer in answers:
            assert answer.outcome in MAIN
            assert (answer.refusal is None) or answer.person is None
        after = {held.person.person_id: held for held in view.page(0, 10_000)}
        for held in after.values():
            assert payload(policy, held.person)
        if is_blind:
            assert before.items() <= after.items()

    holds()
    assert store.check().problems == []
