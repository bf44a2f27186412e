"""The work of a replay grows with its rows, whatever all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unittest import mock

import pytest

import matcher
from matcher.policies.holders import Holders
from matcher.policies.memory_list import MemoryList
from matcher.policies.people import Person
from matcher.policies.piles import Pile, difference

ROWS = 400
#: People looked at for a row; going through all who share a value would be 200 on average.
MOST = 80
#: Values written down for a row, where no more than ``HELD`` of a kind are kept by rules that have
#: a limit; writing all of one kind anew would be 200 on average.
MOST_WRITTEN = 150
HELD = 20
#: The limits of the policies, each under the module that reads it.
LIMITS = (
    "ngp_van.layering.MOST_VALUES",
    "ngp_van.typed.MOST_VALUES",
    "ngp_van.people.MOST_VALUES",
    "ngp_van.key_sets.MOST_KEYS",
    "nationbuilder.layering.MOST_SYSTEMS",
)
POLICIES = ["action_network", "nationbuilder", "ngp_van", "ngp_van_people"]
SHARED = {
    "email": {"email": "all@smith.net"},
    "phone": {"phone": "+12024561414"},
    "name": {"first_name": "Ann", "last_name": "Smith"},
    "name and email": {"first_name": "Ann", "last_name": "Smith", "email": "all@smith.net"},
    "address": {"address": "1 Main St", "zip": "10001"},
    "external id": {"external_id": "7"},
    "birthday": {"zip": "10001", "birth_date": "1970-01-01"},
    "family and phone": {"last_name": "Smith", "phone": "+12024561414"},
    "phone of the nameless": {"first_name": None, "last_name": None, "phone": "+12024561414"},
}


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:04}")


def _row(number: int) -> dict[str, Any]:
    """A row of which nothing is like that of another one."""
    return {
        "first_name": f"Q{_letters(number)}",
        "last_name": f"X{_letters(number * 7 % 10_000)}",
        "email": f"u{number}@d{number}.org",
        "phone": f"+1202456{number:04}",
        "address": f"{number} Oak Ave",
        "zip": f"{20_000 + number}",
        "external_id": f"e{number}",
        "birth_date": f"{1920 + number // 12 % 80}-{1 + number % 12:02}-11",
        "identifiers": f"s{number}:{number}",
        "tags": f"t{number}",
    }


@pytest.mark.parametrize("profile", ["document", "native"])
@pytest.mark.parametrize("shared", SHARED)
@pytest.mark.parametrize("policy", POLICIES)
def test_no_row_goes_through_all_who_share_a_value(policy: str, shared: str, profile: str) -> None:
    rows = [_row(number) | SHARED[shared] for number in range(ROWS)]
    assert _looked_at(rows, policy, profile) < MOST * ROWS


@pytest.mark.parametrize("profile", ["document", "native"])
@pytest.mark.parametrize("criterion", ["phone", "mobile", "first_name", "last_name"])
def test_no_match_goes_through_all_who_share_a_criterion(criterion: str, profile: str) -> None:
    common = {
        "phone": "+12024561414",
        "mobile": "+12024561415",
        "first_name": "Ann",
        "last_name": "Smith",
    }
    people = [
        common | {"email": f"u{number}@d{number}.org", criterion: _row(number).get(criterion)}
        for number in range(ROWS // 2)
    ]
    asked = [{"request": "match", **common} for _ in range(ROWS // 2)]
    assert _looked_at([*people, *asked], "nationbuilder", profile) < MOST * ROWS


@pytest.mark.parametrize("profile", ["document", "native"])
@pytest.mark.parametrize("shared", SHARED)
@pytest.mark.parametrize("policy", POLICIES)
def test_no_row_writes_all_that_its_person_holds(policy: str, shared: str, profile: str) -> None:
    rows = [_row(number) | SHARED[shared] for number in range(ROWS)]
    assert _written(rows, policy, profile) < MOST_WRITTEN * ROWS


@pytest.mark.parametrize("policy", POLICIES)
def test_no_payload_writes_all_fields_of_its_person(policy: str) -> None:
    name = {"given_name": "Ann", "family_name": "Smith"}
    email = [{"address": "all@smith.net"}]
    rows = [
        {"person": {**name, "email_addresses": email, "custom_fields": {f"f{number}": "x"}}}
        for number in range(ROWS)
    ]
    assert _written(rows, policy, "document") < MOST_WRITTEN * ROWS


@pytest.mark.parametrize("policy", POLICIES)
def test_no_row_writes_all_tags_to_take_one_away(policy: str) -> None:
    same = {"first_name": "Ann", "last_name": "Smith", "email": "all@smith.net"}
    rows = [same | {"tags": ";".join(f"t{number}" for number in range(ROWS))}]
    rows += [same | {"remove_tags": f"t{number}"} for number in range(ROWS)]
    assert _written(rows, policy, "document") < MOST_WRITTEN * ROWS


@pytest.mark.parametrize("policy", POLICIES)
def test_events_tell_what_changed_and_not_all_that_is_held(policy: str) -> None:
    rows = [_row(number) | SHARED["name and email"] for number in range(ROWS)]
    events = matcher.replay(rows, policy=policy).events
    texts = events[["before", "after", "note"]].fillna("").map(len)
    assert texts.max(axis=None) < 100


def _looked_at(rows: list[dict[str, Any]], policy: str, profile: str) -> int:
    """People whom the policy got from lookups."""
    looked_at = 0
    whole = Holders.of

    def counted(self: Holders, *asked: Any) -> Any:
        nonlocal looked_at
        found = whole(self, *asked)
        looked_at += len(found)
        return found

    with mock.patch.object(Holders, "of", counted):
        matcher.replay(rows, policy=policy, profile=profile)
    return looked_at


def _written(rows: list[dict[str, Any]], policy: str, profile: str) -> int:
    """Values in those parts of people that are not shared with the version before."""
    written = 0
    whole = MemoryList.save

    def counted(self: MemoryList, person: Person) -> None:
        nonlocal written
        before = self.get(person.person_id) or Person("", 0)
        written += sum(_new(old, new) for old, new in zip(before, person, strict=True))
        whole(self, person)

    with pytest.MonkeyPatch.context() as patch:
        for limit in LIMITS:
            patch.setattr(f"matcher.policies.{limit}", HELD)
        patch.setattr(MemoryList, "save", counted)
        matcher.replay(rows, policy=policy, profile=profile)
    return written


def _new(old: Any, new: Any) -> int:
    if new is old or not isinstance(new, tuple | Mapping):
        return 0
    shared = isinstance(old, Pile) and isinstance(new, Pile) and old.until(new) is not None
    return sum(map(len, difference(old, new))) if shared else len(new)
