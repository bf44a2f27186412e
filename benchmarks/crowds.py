"""How a replay's time grows where all rows share a value, or pile up on one person.

``python -m benchmarks.replay --growth`` prints the seconds of CPU for each policy, profile and
shared value at growing numbers of rows. Twice the rows should take twice as long.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rich.table import Table

import matcher

_PROFILES = ("document", "native")
#: From the numbers of one area code, as many as it has.
_FIRST_NUMBER = 12022000000

Row = dict[str, Any]


class Crowd(NamedTuple):
    """What one policy took for rows that share one value.

    Attributes:
        policy, profile, shared: what was run.
        seconds: of CPU by number of rows.
    """

    policy: str
    profile: str
    shared: str
    seconds: Mapping[int, float]

    @property
    def growth(self) -> float:
        """Times as long for twice the rows, from the smallest number to the largest."""
        (few, short), *_, (many, long) = self.seconds.items()
        return float((long / short) ** (1 / _doublings(few, many)))


def crowds(policies: Sequence[str], sizes: Sequence[int]) -> Iterator[Crowd]:
    """Each policy and profile on each kind of crowd, smallest first."""
    for policy in policies:
        for profile in _PROFILES:
            for shared, made in CROWDS.items():
                seconds = {}
                for size in sorted(sizes):
                    rows = [row for number in range(size) for row in made(number)]
                    began = time.process_time()
                    matcher.replay(rows, policy=policy, profile=profile)
                    seconds[size] = time.process_time() - began
                yield Crowd(policy, profile, shared, seconds)


def table(found: Sequence[Crowd]) -> Table:
    """The seconds, one row per crowd."""
    sizes = list(found[0].seconds)
    shown = Table(title="CPU seconds of matcher.replay by rows; 2.0 is growth with the rows")
    for heading in ("policy", "profile", "all rows share"):
        shown.add_column(heading)
    for heading in (*(f"{size:,}" for size in sizes), "per doubling"):
        shown.add_column(heading, justify="right")
    for each in found:
        taken = [f"{each.seconds[size]:.2f}" for size in sizes]
        shown.add_row(each.policy, each.profile, each.shared, *taken, f"{each.growth:.1f}")
    return shown


def _sharing(**shared: Any) -> Callable[[int], Sequence[Row]]:
    return lambda number: [_row(number) | shared]


def _asking(number: int) -> Sequence[Row]:
    """A person at the switchboard, and a request for them by its number alone."""
    phone = {"phone": "+12024561414"}
    return _row(number) | phone, phone | {"request": "match"}


def _untagging(number: int) -> Sequence[Row]:
    """Two tags for the one person, one of which the next row takes away."""
    same = {"first_name": "Ann", "last_name": "Smith", "email": "all@smith.net"}
    return (
        same | {"tags": f"t{number};u{number}"},
        same | {"remove_tags": f"t{number}"},
    )


def _customising(number: int) -> Sequence[Row]:
    email = [{"address": "all@smith.net"}]
    return [{"person": {"email_addresses": email, "custom_fields": {f"f{number}": "x"}}}]


CROWDS: Mapping[str, Callable[[int], Sequence[Row]]] = {
    "email": _sharing(email="all@smith.net"),
    "phone": _sharing(phone="+12024561414"),
    "name": _sharing(first_name="Ann", last_name="Smith"),
    "name and email": _sharing(first_name="Ann", last_name="Smith", email="all@smith.net"),
    "name and phone": _sharing(first_name="Ann", last_name="Smith", phone="+12024561414"),
    "address": _sharing(address="1 Main St", zip="10001"),
    "external id": _sharing(external_id="7"),
    "birthday": _sharing(zip="10001", birth_date="1970-01-01"),
    "family and phone": _sharing(last_name="Smith", phone="+12024561414"),
    "phone, no name": _sharing(first_name=None, last_name=None, phone="+12024561414"),
    "phone, asked for": _asking,
    "person, tags go": _untagging,
    "person, fields": _customising,
}


def _row(number: int) -> Row:
    """A row of which nothing is like that of another one."""
    return {
        "first_name": f"Q{_letters(number)}",
        "last_name": f"X{_letters(number * 7 % 1_000_000)}",
        "email": f"u{number}@d{number}.org",
        "phone": f"+{_FIRST_NUMBER + number}",
        "address": f"{number} Oak Ave",
        "zip": f"{20_000 + number % 70_000}",
        "external_id": f"e{number}",
        "birth_date": f"{1920 + number // 12 % 80}-{1 + number % 12:02}-11",
        "identifiers": f"s{number}:{number}",
        "tags": f"t{number}",
    }


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in f"{number:06}")


def _doublings(few: int, many: int) -> float:
    return math.log2(many / few) or 1.0
