"""A vendor's person as a record, which is resolved like any other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

from matcher.consent import BOUNCING, PREVIOUS_BOUNCE, SUBSCRIBED, strictest
from matcher.policies.contacts import ORGANIZATION, Address, Email, Names, Phone
from matcher.policies.people import Person
from matcher.records import EXTERNAL_ID_COLUMNS, RawRecords

#: So many systems beyond those with a column of their own are compared; the list holds all ids.
_MOST_FURTHER_SYSTEMS = 50
_NAMES = dict(
    zip(
        Names._fields,
        (
            "prefix", "first_name", "middle_name", "last_name", "suffix", "full_name", "nickname",
            "organization",
        ),
        strict=True,
    )
)  # fmt: skip
_ADDRESS = {
    "line1": "address_line1", "line2": "address_line2", "city": "city", "region": "region",
    "postal_code": "postal_code", "country": "country",
}  # fmt: skip
#: A status that is about one address; all others are about all of a person's.
_OF_ONE = frozenset({None, SUBSCRIBED, BOUNCING, PREVIOUS_BOUNCE})


#: What the names of such records are of.
REALM = "list"


def record_id(policy: str, person_id: str) -> str:
    """What the record of a person of a list is called."""
    return f"{policy}_{REALM}:{person_id}"


def person_id_of(policy: str, record_id: str) -> str:
    """The person of a list whose record is called that."""
    return record_id.removeprefix(f"{policy}_{REALM}:")


def list_records(policy: str, people: Sequence[Person]) -> RawRecords:
    """People of a list as records: the policy is the source, and their ids there name them.

    An export of the same vendor may be in the store too, and its ids need not be those of the
    list; so these records have names, and a ``record_id``, of their own.

    Args:
        policy: the list.
        people: some of it.
    """
    ids = [person.person_id for person in people]
    columns: dict[str, Sequence[str | None]] = {
        "record_id": [record_id(policy, person_id) for person_id in ids],
        "source": [policy] * len(ids),
        "source_record_id": ids,
        **_said(people),
        **_external_ids(people),
    }
    arrays = {
        name: pa.array(texts, pa.string())
        for name, texts in columns.items()
        if name in _FIXED or any(text is not None for text in texts)
    }
    here = [f"the list of {policy}"]
    zeros = pa.nulls(len(ids), pa.int32()).fill_null(0)
    arrays["file"] = pa.DictionaryArray.from_arrays(zeros, pa.array(here))
    arrays["row"] = pa.array([person.number for person in people], pa.int64())
    return RawRecords(pa.table(arrays))


_FIXED = frozenset({"record_id", "source", "source_record_id"})


def _said(people: Sequence[Person]) -> dict[str, list[str | None]]:
    """What the people say, by canonical column."""
    columns: dict[str, list[str | None]] = {
        "entity_type": [p.entity_type if p.entity_type == ORGANIZATION else None for p in people],
        "birth_date": [person.keys.birth_date or _birthdate(person) for person in people],
        "tags": [_joined(person.tags) for person in people],
        "email_consent": [_status(person.emails) for person in people],
        "sms_consent": [_status(person.phones) for person in people],
        "phone_consent": [person.phone_consent for person in people],
        "updated_at": [_stated(person) for person in people],
    }
    for place, name in enumerate(_NAMES.values()):
        columns[name] = [person.names[place] for person in people]
    homes = [person.addresses[0] if person.addresses else _NO_ADDRESS for person in people]
    for place, name in enumerate(_ADDRESS.values()):
        columns[name] = [_text(home[place]) for home in homes]
    columns |= _repeated("email", [[e.raw for e in person.emails] for person in people])
    columns |= _repeated("phone", [[p.number for p in person.phones] for person in people])
    return columns


_NO_ADDRESS = Address()


def _birthdate(person: Person) -> str | None:
    """A date of birth that the vendor keeps beside what its rules read, where it is ISO 8601."""
    said = person.fields.get("birthdate")
    return said if isinstance(said, str) and _DAY.fullmatch(said) else None


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _joined(tags: Any) -> str | None:
    return "; ".join(tags) or None


def _repeated(name: str, held: Sequence[Sequence[str]]) -> dict[str, list[str | None]]:
    most = max(map(len, held), default=0)
    return {
        f"{name}{place + 1}": [each[place] if place < len(each) else None for each in held]
        for place in range(most)
    }


def _status(entries: tuple[Email, ...] | tuple[Phone, ...]) -> str | None:
    """What is said of the preferred address, or what is graver and about all of them."""
    if not entries:
        return None
    status = entries[0].status
    for each in entries[1:]:
        if each.status not in _OF_ONE:
            status = strictest(status, each.status)
    return status


def _stated(person: Person) -> str | None:
    """The day of the statements of consent, where it is one.

    A record has one date. Without it a yes lifts no older no, so where days differ none is safe.
    """
    entries: tuple[Email | Phone, ...] = (*person.emails, *person.phones)
    days = {each.when for each in entries if each.status is not None}
    return days.pop() if len(days) == 1 and person.phone_consent is None else None


def _external_ids(people: Sequence[Person]) -> dict[str, list[str | None]]:
    """The first id of each system, by column."""
    systems = Counter(each.system for person in people for each in person.identifiers)
    further = [system for system, _ in systems.most_common() if _column(system) not in _KNOWN]
    left_out = frozenset(further[_MOST_FURTHER_SYSTEMS:])
    columns: dict[str, list[str | None]] = {
        _column(system): [None] * len(people) for system in systems if system not in left_out
    }
    for place, person in enumerate(people):
        for system, value in person.identifiers:
            if system not in left_out:
                column = columns[_column(system)]
                column[place] = column[place] or value
    return columns


_KNOWN = frozenset(EXTERNAL_ID_COLUMNS)


@lru_cache(maxsize=1 << 12)
def _column(system: str) -> str:
    """The column of the ids of a system."""
    return next((name for name in (f"{system}_id", system) if name in _KNOWN), f"id:{system}")
