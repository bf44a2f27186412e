"""The work of a replay grows with its rows, whatever all of them share."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

import matcher
from matcher.policies.holders import Holders

ROWS = 400
#: People looked at for a row; going through all who share a value would be 200 on average.
MOST = 80
SHARED = {
    "email": {"email": "all@smith.net"},
    "phone": {"phone": "+12024561414"},
    "name": {"first_name": "Ann", "last_name": "Smith"},
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
    }


@pytest.mark.parametrize("profile", ["document", "native"])
@pytest.mark.parametrize("shared", SHARED)
@pytest.mark.parametrize("policy", ["action_network", "nationbuilder", "ngp_van", "ngp_van_people"])
def test_no_row_goes_through_all_who_share_a_value(policy: str, shared: str, profile: str) -> None:
    rows = [_row(number) | SHARED[shared] for number in range(ROWS)]
    looked_at = 0
    whole = Holders.of

    def counted(self: Holders, *asked: Any) -> Any:
        nonlocal looked_at
        found = whole(self, *asked)
        looked_at += len(found)
        return found

    with mock.patch.object(Holders, "of", counted):
        matcher.replay(rows, policy=policy, profile=profile)
    assert looked_at < MOST * ROWS
