"""What one row or payload asks a vendor to do, with emails and phones already normalised.

These are plain tuples: a million of them are made and thrown away in one replay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from matcher.policies.outcomes import Refusal

PERSON = "person"
ORGANIZATION = "organization"

#: For contacts and people that have nothing besides.
NO_FIELDS: Mapping[str, Any] = MappingProxyType({})


_Tuple = TypeVar("_Tuple")


def maker(kind: type[_Tuple]) -> Callable[[Iterable[Any]], _Tuple]:
    """``kind._make`` without its count of the values, at a third of its cost.

    For the few places that are run for each row; a ``NamedTuple`` called by its name is a Python
    function.
    """
    make: Any = tuple.__new__
    return partial(make, kind)


class Request(StrEnum):
    """The kinds of request that a row can stand for.

    ``UPLOAD`` is a row of a file that names no request: it states what some list holds, rather
    than asking for a change. The others are calls of the vendors' APIs.
    """

    UPLOAD = "upload"
    CREATE = "create"
    UPDATE = "update"
    PUSH = "push"
    MATCH = "match"
    MERGE = "merge"
    DELETE = "delete"


class Names(NamedTuple):
    """A name as it was written, blanks at the ends off."""

    prefix: str | None = None
    first: str | None = None
    middle: str | None = None
    last: str | None = None
    suffix: str | None = None
    full: str | None = None
    nickname: str | None = None
    organization: str | None = None


class Email(NamedTuple):
    """One email address.

    Attributes:
        address: the form in which equal mailboxes are equal text.
        raw: as it came, for sending.
        primary: whether it was marked so; ``None`` where nothing was said.
        status: what was said of its subscription, in the vendor's words, lower case.
        kind: its type or slot, in the vendor's words.
        when: ISO date of the statement about it.
    """

    address: str
    raw: str
    primary: bool | None = None
    status: str | None = None
    kind: str | None = None
    when: str | None = None


class Phone(NamedTuple):
    """One phone number.

    Attributes:
        number: E.164, like ``+12025551234``.
        raw, primary, status, kind, when: as for ``Email``; the status is that of text messages.
        assumed_region: the number came without a country prefix and the row names no country, so
            that the default region was taken.
    """

    number: str
    raw: str
    primary: bool | None = None
    status: str | None = None
    kind: str | None = None
    when: str | None = None
    assumed_region: bool = False


class Address(NamedTuple):
    """One postal address as it was written; ``country`` is an ISO 3166 code in capitals.

    ``country_assumed`` says that a rule put the country there, not the person.
    """

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None
    country_assumed: bool = False
    primary: bool | None = None
    kind: str | None = None

    def line(self) -> str:
        """The address on one line."""
        return ", ".join(filter(None, self[:6]))


class Keys(NamedTuple):
    """Normalised attributes, for rules that compare more than emails and phones.

    Attributes:
        first, last, organization: folded: lower case, no accents, no punctuation.
        birth_date: ISO date.
        postal_code: five digits in the United States.
        house_number, street: of the first address, street words in one spelling.
    """

    first: str | None = None
    last: str | None = None
    organization: str | None = None
    birth_date: str | None = None
    postal_code: str | None = None
    house_number: str | None = None
    street: str | None = None


class Identifier(NamedTuple):
    """An id that a system gave; equal only within that system."""

    system: str
    id: str

    def __str__(self) -> str:
        return f"{self.system}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Identifier | None:
        """``system:id``, split at the first colon; ``None`` where either part is missing."""
        system, _, value = text.partition(":")
        system, value = system.strip(), value.strip()
        return cls(system, value) if system and value else None


class Contact(NamedTuple):
    """One row or payload.

    Attributes:
        row: its number through all inputs, from 1.
        request: what it asks for.
        person_id: whom an update is meant for.
        entity_type: ``person`` or ``organization``.
        names: as written.
        keys: normalised attributes.
        emails, phones, addresses: in the order given; only usable emails and phones.
        identifiers: ids in any system, the vendor's own among them.
        tags: what an upload says the person has; ``add_tags`` and ``remove_tags`` are orders.
        country: ISO code that this very row passes, in capitals.
        do_not_call: the row says that nobody may ring; ``None`` where it says nothing.
        when: ISO date of the row.
        fields: all else: custom fields and what one vendor alone knows.
        faults: values of the row that could not be used; they are in the rejects already.
    """

    row: int
    request: Request = Request.UPLOAD
    person_id: str | None = None
    entity_type: str = PERSON
    names: Names = Names()
    keys: Keys = Keys()
    emails: tuple[Email, ...] = ()
    phones: tuple[Phone, ...] = ()
    addresses: tuple[Address, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    tags: tuple[str, ...] = ()
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    country: str | None = None
    do_not_call: bool | None = None
    when: str | None = None
    fields: Mapping[str, Any] = NO_FIELDS
    faults: tuple[Refusal, ...] = ()
