"""People as NationBuilder shows them: full and abbreviated person resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from matcher.policies.contacts import ORGANIZATION, Address, Identifier
from matcher.policies.nationbuilder.columns import (
    BAD_FLAGS,
    EMAIL_SLOTS,
    FURTHER_IDS,
    MATCH_IDS,
    OWN,
    PHONES,
)
from matcher.policies.nationbuilder.emails import BAD, NONE_BAD, slots_of
from matcher.policies.nationbuilder.flags import Flag, truth_of
from matcher.policies.people import Person
from matcher.service.nationbuilder.fields import ABBREVIATED, FULL
from matcher.store.lists.dates import Dates
from matcher.store.lists.looking import Held

Resource = dict[str, Any]

#: System of an identifier -> the field that shows it.
ID_FIELDS: Mapping[str, str] = {
    **{system: name for name, system in FURTHER_IDS.items()},
    **MATCH_IDS,
    "state_file": "state_file_id",
    "rnc": "rnc_id",
}
#: Ids of other people that a person names -> where they are shown.
RELATED: Mapping[str, str] = {
    "recruiter_id": "recruiter", "parent_id": "parent", "author_id": "author",
}  # fmt: skip
_PLACES = ("lat", "lng")


def own_id(person: Person) -> int | str:
    """The id under which the nation knows a person; else the one that the list gave."""
    held = (each.id for each in person.identifiers if each.system.partition("/")[0] == OWN)
    text = next(held, person.person_id)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text


def stamp(at: datetime) -> str:
    """A time as NationBuilder writes it."""
    return at.isoformat(timespec="seconds")


def full(held: Person, dates: Dates, related: Mapping[str, Held]) -> Resource:
    """The full resource, with custom fields.

    Args:
        held: the person.
        dates: of the person in the list.
        related: field -> the person of whom it shows an abbreviated resource.
    """
    said = _said(held, dates)
    custom = {name: said[name] for name in said if name not in FULL}
    others = {name: abbreviated(other.person, other.dates) for name, other in related.items()}
    return {**FULL, "tags": [], "subnations": [], "ballots": [], **_known(said, FULL), **others} | (
        custom
    )


def whole(held: Person, dates: Dates, related: Mapping[str, Held]) -> Resource:
    """An answer about one person."""
    return {"person": full(held, dates, related), "precinct": _precinct(held)}


def abbreviated(held: Person, dates: Dates) -> Resource:
    """The abbreviated resource."""
    return {**ABBREVIATED, "tags": [], **_known(_said(held, dates), ABBREVIATED)}


def _known(said: Resource, fields: Mapping[str, Any]) -> Resource:
    return {name: value for name, value in said.items() if name in fields}


def _said(held: Person, dates: Dates) -> Resource:
    """What is known of a person, by field."""
    fields = {
        name: value.value if isinstance(value, Flag) else value
        for name, value in held.fields.items()
        if name != BAD and not name.endswith(("_address_lat", "_address_lng"))
    }
    hint = fields.get("is_possible_duplicate")
    if isinstance(hint, str):  # as every row of a file says it
        fields["is_possible_duplicate"] = bool(truth_of(hint))
    created = stamp(dates.created_at)
    return {
        "created_at": created,
        "first_supporter_at": created,
        **fields,
        "id": own_id(held),
        "updated_at": stamp(dates.modified_at),
        "signup_type": int(held.entity_type == ORGANIZATION),
        "prefix": held.names.prefix,
        "first_name": held.names.first,
        "middle_name": held.names.middle,
        "last_name": held.names.last,
        "suffix": held.names.suffix,
        "full_name": held.names.full or _full_name(held),
        "employer": held.names.organization,
        **_emails(held),
        **_phones(held),
        **dict(_addresses(held)),
        **dict(_ids(held)),
        "tags": list(held.tags),
    }


def _full_name(held: Person) -> str | None:
    names = held.names
    parts = (names.first, names.middle, names.last, names.suffix)
    return " ".join(filter(None, parts)) or names.organization


def _emails(held: Person) -> Resource:
    bad = held.fields.get(BAD, NONE_BAD)
    slots = slots_of(held.emails, bad)
    found: Resource = {"primary_email_id": slots.primary}
    for slot, email in slots.filled():
        found[EMAIL_SLOTS[slot - 1]] = email.raw
        found[BAD_FLAGS[slot - 1]] = slot in bad
    best = slots.best()
    return found | {"email": None if best is None else found[EMAIL_SLOTS[best - 1]]}


def _phones(held: Person) -> Resource:
    found: Resource = {str(each.kind): each.raw for each in held.phones if each.kind in PHONES}
    for each in held.phones:
        if each.kind in ("phone", "mobile"):
            found[f"{each.kind}_normalized"] = each.number.removeprefix("+1").removeprefix("+")
    return found


def _addresses(held: Person) -> Iterator[tuple[str, Resource]]:
    for each in held.addresses:
        shown = _address(each, held.fields)
        if each.kind:
            yield str(each.kind), shown
        if each.primary:
            yield "primary_address", shown


def _address(held: Address, fields: Mapping[str, Any]) -> Resource:
    return {
        "address1": held.line1,
        "address2": held.line2,
        "address3": None,
        "city": held.city,
        "state": held.region,
        "country_code": held.country,
        "zip": held.postal_code,
        **{part: fields.get(f"{held.kind}_{part}") for part in _PLACES},
    }


def places(held: Person) -> Iterator[tuple[float, float]]:
    """The latitudes and longitudes of a person's addresses."""
    for each in held.addresses:
        lat, lng = (held.fields.get(f"{each.kind}_{part}") for part in _PLACES)
        if lat is not None and lng is not None:
            yield lat, lng


def _ids(held: Person) -> Iterator[tuple[str, str]]:
    for each in reversed(tuple(held.identifiers)):
        if each.system.partition("/")[0] != OWN:
            yield ID_FIELDS.get(each.system, f"{each.system}_id"), each.id


def identifier(field: str, value: str) -> Identifier | None:
    """The identifier that a field shows; ``None`` where the field shows none."""
    systems = (system for system, name in ID_FIELDS.items() if name == field)
    system = next(systems, None)
    return None if system is None else Identifier(system, value)


def _precinct(held: Person) -> Resource | None:
    number = held.fields.get("precinct_id")
    if number is None:
        return None
    code, name = (held.fields.get(f"precinct_{part}") for part in ("code", "name"))
    return {"id": number, "code": code, "name": name}
