# ruff: noqa: S608 - the queries are made of constants; values are bound
"""The people of a list as last committed, read by SQL: beside a thread that writes.

Who is looked for by what they say is found in two steps: texts that a document of theirs must hold
narrow down the list in SQL, and the caller's own test decides of those people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from matcher.policies.contacts import Identifier
from matcher.policies.people import Person
from matcher.store.ledger import Ledger
from matcher.store.lists.dates import EPOCH, Dates, instant
from matcher.store.lists.documents import from_documents

#: People whose documents are read at a time.
_CHUNK = 500


class Held(NamedTuple):
    """A person of a list, and when they were created in it and last changed."""

    person: Person
    dates: Dates


class When(NamedTuple):
    """When somebody must have been created, or last changed; seconds are whole.

    Attributes:
        modified: whether it is about the last change.
        compare: ``eq``, ``ne``, ``gt``, ``ge``, ``lt`` or ``le``.
        at: what the time is compared with.
    """

    modified: bool
    compare: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is looked for.

    Attributes:
        texts: the document of each such person holds all of these, capitals aside.
        test: decides; ``None``: whoever holds the texts.
        when: conditions on their dates.
        after: only people whose number is greater.
        before: only people whose number is smaller, the last of them first.
    """

    texts: Sequence[str] = ()
    test: Callable[[Held], bool] | None = None
    when: Sequence[When] = ()
    after: int = 0
    before: int | None = None


def count(ledger: Ledger, policy: str) -> int:
    """How many people a list holds."""
    return int(ledger.rows(f"SELECT count(*) FROM ({_HELD})", [policy])[0][0])


def by_id(ledger: Ledger, policy: str, person_id: str) -> Held | None:
    """The person of an id, or the one that it was merged into."""
    found = ledger.rows(_NUMBER, [policy, person_id])
    number: int | None = found[0][0] if found else None
    for _ in range(_MOST_MERGES):
        held = [] if number is None else some(ledger, policy, [number])
        if number is None or held:
            return held[0] if held else None
        number = ledger.rows(_INTO, [policy, number])[0][0]
    return None


#: A chain of merges longer than this is none.
_MOST_MERGES = 1_000


def by_identifier(ledger: Ledger, policy: str, identifier: Identifier) -> Held | None:
    """Who holds an id of a system, the oldest first."""
    wanted = Wanted([_as_json(list(identifier))], lambda h: identifier in h.person.identifiers)
    return next(iter(search(ledger, policy, wanted, 1)), None)


def page(ledger: Ledger, policy: str, offset: int, limit: int) -> list[Held]:
    """People in the order of their creation.

    Args:
        ledger: of the file.
        policy: the list.
        offset: how many to pass over.
        limit: how many at most.
    """
    rows = ledger.rows(
        f"SELECT number FROM ({_HELD}) ORDER BY number LIMIT ? OFFSET ?", [policy, limit, offset]
    )
    return some(ledger, policy, [number for (number,) in rows])


def search(ledger: Ledger, policy: str, wanted: Wanted, limit: int, offset: int = 0) -> list[Held]:
    """Who is wanted, in the order of their creation.

    Args:
        ledger: of the file.
        policy: the list.
        wanted: who.
        limit: how many at most.
        offset: how many of them to pass over.
    """
    found: list[Held] = []
    for held in _passing(ledger, policy, wanted, None if wanted.test else limit + offset):
        found.append(held)
        if len(found) >= limit + offset:
            break
    return found[offset:]


def _passing(ledger: Ledger, policy: str, wanted: Wanted, most: int | None) -> Iterator[Held]:
    numbers = _numbers(ledger, policy, wanted, most)
    for start in range(0, len(numbers), _CHUNK):
        people = some(ledger, policy, numbers[start : start + _CHUNK])
        for held in people if wanted.before is None else reversed(people):
            if wanted.test is None or wanted.test(held):
                yield held


def _numbers(ledger: Ledger, policy: str, wanted: Wanted, most: int | None) -> list[int]:
    """The numbers of those who hold the texts, and of whom the dates are true."""
    is_back = wanted.before is not None
    texts = [text.lower() for text in wanted.texts]
    held = _NOW if texts else _HELD
    conditions = ["number < ?" if is_back else "number > ?"]
    conditions += ["contains(lower(content), ?)"] * len(texts)
    values: list[Any] = [policy, wanted.before if is_back else wanted.after, *texts]
    for condition in wanted.when:
        run = "ended" if condition.modified else "began"
        conditions.append(
            f"epoch_us({run}.done_at) // 1000000 * 1000000 {_SQL[condition.compare]} ?"
        )
        values.append((condition.at - EPOCH) // timedelta(microseconds=1))
    joined = _RUNS if wanted.when else ""
    order = "DESC" if is_back else "ASC"
    limit = "" if most is None else f" LIMIT {most}"
    rows = ledger.rows(
        f"SELECT number FROM ({held}) {joined} WHERE {' AND '.join(conditions)}"
        f" ORDER BY number {order}{limit}",
        values,
    )
    return [number for (number,) in rows]


_SQL = {"eq": "=", "ne": "<>", "gt": ">", "ge": ">=", "lt": "<", "le": "<="}


def as_text(value: str) -> str:
    """A text as it stands within a document."""
    return _as_json(value)[1:-1]


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def some(ledger: Ledger, policy: str, numbers: Sequence[int]) -> list[Held]:
    """Those of some people who are held, in the order of their creation."""
    if not numbers:
        return []
    rows = ledger.rows(_SOME, [policy, list(numbers)])
    people = from_documents([content for content, _, _ in rows])
    return [
        Held(person, Dates(instant(created), instant(modified)))
        for person, (_, created, modified) in zip(people, rows, strict=True)
    ]


#: Who is held, and since which run, and the last that said something of them.
_HELD = """
SELECT number, min(run) AS first, max(run) AS last FROM vendor_person WHERE policy = ?
GROUP BY number HAVING arg_max(content IS NOT NULL, run)"""
#: The same, with what is said last of each.
_NOW = """
SELECT number, min(run) AS first, max(run) AS last, arg_max_null(content, run) AS content
FROM vendor_person WHERE policy = ? GROUP BY number HAVING arg_max_null(content, run) IS NOT NULL"""
_RUNS = "JOIN run AS began ON began.run = first JOIN run AS ended ON ended.run = last"

_SOME = """
WITH said AS (
    SELECT number, arg_max_null(content, run) AS content, min(run) AS first, max(run) AS last
    FROM vendor_person WHERE policy = ? AND number IN (SELECT unnest(?::BIGINT[]))
    GROUP BY number HAVING arg_max_null(content, run) IS NOT NULL
)
SELECT content, epoch_us(began.done_at), epoch_us(ended.done_at)
FROM said JOIN run AS began ON began.run = first JOIN run AS ended ON ended.run = last
ORDER BY number"""

#: A later number may have the id of one that is gone.
_NUMBER = """
SELECT max(number) AS number FROM vendor_person WHERE policy = ? AND person_id = ?
HAVING max(number) IS NOT NULL"""

_INTO = """
SELECT arg_max_null(merged_into, run) FROM vendor_person WHERE policy = ? AND number = ?"""
