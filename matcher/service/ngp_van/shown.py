"""People as the public People endpoints of NGP VAN show them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from matcher.policies.ngp_van.typed import type_of
from matcher.policies.people import Person
from matcher.store.lists.looking import Held
from matcher.store.lists.payloads import payload

POLICY = "ngp_van_people"
#: What is told only where ``$expand`` asks for it, by the names that it has there; all of it where
#: there is no ``$expand``.
SECTIONS: Mapping[str, str] = {
    "emails": "emails", "phones": "phones", "addresses": "addresses", "externalids": "identifiers",
}  # fmt: skip


def van_id(person: Person) -> int | str:
    """The id of a person, which is a number there."""
    own = person.person_id
    return int(own) if own.isascii() and own.isdigit() and len(own) < 19 else own


def person(held: Held, expanded: Collection[str] | None) -> dict[str, Any]:
    """A person.

    Args:
        held: the person.
        expanded: sections that are asked for, in small letters; ``None``: all.
    """
    said = payload(POLICY, held.person)
    told: dict[str, Any] = {
        "vanId": van_id(held.person),
        **{name: said.get(name) for name in ("firstName", "lastName", "middleName", "suffix")},
        "nickname": said.get("nickname"),
        "title": said.get("prefix"),
        "employer": said.get("employer"),
        "occupation": said.get("occupation"),
        "contactMode": said["contactMode"],
        "dateOfBirth": said.get("dateOfBirth"),
    }
    if said.get("commonName"):
        told["commonName"] = said["commonName"]
    for asked, name in SECTIONS.items():
        is_asked = expanded is None or asked in expanded
        told[name] = _sections(held.person, said)[name] if is_asked else None
    return told


def _sections(held: Person, said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "emails": said.get("emails", []),
        "phones": [
            {
                "phoneNumber": each.raw,
                "phoneType": type_of(each),
                "isPreferred": bool(each.primary),
            }
            for each in held.phones
        ],
        "addresses": said.get("addresses", []),
        "identifiers": said.get("identifiers", []),
    }


def match(found: Person | None, status: str) -> dict[str, Any]:
    """The answer to a search: whom it found, and how."""
    return {"vanId": None if found is None else van_id(found), "status": status}
