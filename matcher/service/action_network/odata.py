"""Filters as public clients write them: ``email_address eq 'ada@example.org'``.

A few fields, compared with one value each, joined by ``and``; the operators are those of OData.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from matcher.policies.spelling import spelt
from matcher.service.action_network.shown import own_id
from matcher.service.problems import Problem
from matcher.store.lists.looking import Held, Wanted, When, as_text

_CONDITION = re.compile(r"\s*([A-Za-z_]{1,40})\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|\S+)\s*")
_AND = re.compile(r"and\s", re.I)
_MOST = 10
_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "gt", "ge", "lt", "le")
}
_HELP = "write it like email_address eq 'ada@example.org' or modified_date gt '2026-01-31'"


class _Condition(NamedTuple):
    field: str
    compare: str
    value: str


class _Field(NamedTuple):
    """A field that a filter may name.

    Attributes:
        values: of a person, for comparison.
        read: the value of the filter, for comparison with them.
        written: how the document of a person has such a value.
    """

    values: Callable[[Held], Iterable[Any]]
    read: Callable[[str], Any]
    written: str = "{}"


def wanted(text: str) -> Wanted:
    """Whom a filter asks for.

    Raises:
        Problem: it cannot be meant.
    """
    conditions = list(_conditions(text))
    when = [
        When(each.field == "modified_date", each.compare, _time(each.value))
        for each in conditions
        if each.field in _DATES
    ]
    others = [each for each in conditions if each.field not in _DATES]
    texts = [
        _FIELDS[each.field].written.format(as_text(each.value))
        for each in others
        if each.compare == "eq"
    ]
    tests = [_test(each) for each in others]
    return Wanted(texts, (lambda held: all(test(held) for test in tests)) if tests else None, when)


def _conditions(text: str) -> Iterable[_Condition]:
    place = 0
    for _ in range(_MOST):
        found = _CONDITION.match(text, place)
        if found is None or found[1] not in (*_FIELDS, *_DATES):
            raise _bad()
        value = found[3]
        if value.startswith("'"):
            value = value[1:-1].replace("''", "'")
        yield _Condition(found[1], found[2], value.strip())
        place = found.end()
        if place == len(text):
            return
        joined = _AND.match(text, place)
        if joined is None:
            raise _bad()
        place = joined.end()
    raise _bad()


def _test(condition: _Condition) -> Callable[[Held], bool]:
    field, compare = _FIELDS[condition.field], _COMPARE[condition.compare]
    value = field.read(condition.value)
    if condition.compare == "ne":
        return lambda held: value not in list(field.values(held))
    return lambda held: any(compare(each, value) for each in field.values(held))


def _bad() -> Problem:
    return Problem(400, "filter", f"The filter cannot be read; {_HELP}.")


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    except ValueError:
        raise _bad() from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _mailbox(text: str) -> str:
    return spelt(text) or text.lower()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _folded(*values: str | None) -> list[str]:
    return [value.casefold() for value in values if value]


_EMAIL = _Field(lambda held: [_mailbox(each.raw) for each in held.person.emails], _mailbox)
_DATES = ("created_date", "modified_date")
_FIELDS: Mapping[str, _Field] = {
    "email_address": _EMAIL,
    "email": _EMAIL,
    "phone_number": _Field(
        lambda held: [_digits(each.number) for each in held.person.phones], _digits, ""
    ),
    "given_name": _Field(
        lambda held: _folded(held.person.names.first), str.casefold, '"first":"{}"'
    ),
    "family_name": _Field(
        lambda held: _folded(held.person.names.last), str.casefold, '"last":"{}"'
    ),
    "region": _Field(
        lambda held: _folded(*(each.region for each in held.person.addresses)),
        str.casefold, '"region":"{}"',
    ),
    "postal_code": _Field(
        lambda held: _folded(*(each.postal_code for each in held.person.addresses)),
        str.casefold, '"postal_code":"{}"',
    ),
    "identifier": _Field(
        lambda held: [f"action_network:{own_id(held.person)}", *map(str, held.person.identifiers)],
        str, "",
    ),
}  # fmt: skip
