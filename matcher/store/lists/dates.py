"""When the people of a list were created in it, and last changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from matcher.store.ledger import Ledger


class Dates(NamedTuple):
    """Of one person.

    Attributes:
        created_at: when the list first held the person.
        modified_at: when it last said something new of them.
    """

    created_at: datetime
    modified_at: datetime


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(microseconds: int) -> datetime:
    """A time in UTC by its microseconds since 1970, as ``epoch_us`` gives them."""
    return EPOCH + timedelta(microseconds=microseconds)


def dates_of(
    ledger: Ledger, policy: str, numbers: Sequence[int], first_new: int, at: datetime | None
) -> dict[int, Dates]:
    """The dates of people of a list by their numbers.

    Args:
        ledger: of the file.
        policy: the list.
        numbers: of the people.
        first_new: those from this number on came in the run.
        at: when the run was, if there was any.
    """
    known = sorted({number for number in numbers if number < first_new})
    found = {
        number: Dates(instant(created), instant(modified))
        for number, created, modified in (ledger.rows(_DATES, [policy, known]) if known else ())
    }
    new = {number for number in numbers if number >= first_new}
    if new and at is not None:
        found |= dict.fromkeys(new, Dates(at, at))
    return found


_DATES = """
WITH known AS (
    SELECT number, min(run) AS first, max(run) AS last FROM vendor_person
    WHERE policy = ? AND number IN (SELECT unnest(?::BIGINT[])) GROUP BY number
)
SELECT number, epoch_us(began.done_at), epoch_us(ended.done_at) FROM known
JOIN run AS began ON began.run = first JOIN run AS ended ON ended.run = last"""
