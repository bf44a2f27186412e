"""NationBuilder's JSON: a person resource, alone or as ``{"person": …}``, and a tagging.

A payload becomes what a row of a table is: emails and phones to be normalised, and all that only
NationBuilder knows as text in ``Contact.fields``, under the columns that ``asking`` reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.policies.contacts import (
    NO_FIELDS,
    ORGANIZATION,
    PERSON,
    Address,
    Contact,
    Email,
    Identifier,
    Names,
    Phone,
    Request,
)
from matcher.policies.fields import Fields
from matcher.policies.nationbuilder.columns import (
    ADDRESSES,
    BAD_FLAGS,
    COMPUTED,
    COMPUTED_ENDINGS,
    EMAIL_SLOTS,
    FURTHER_IDS,
    MATCH_IDS,
    OWN,
    PARTS,
    PHONES,
    PRIMARY,
    PROFILE,
    READ_ONLY,
)
from matcher.policies.nationbuilder.flags import RESTRICTS
from matcher.policies.shapes import Draft

#: Ids that reading knows by these names, beyond the match ids.
_OTHER_IDS: Mapping[str, str] = {"state_file": "state_file_id", "rnc": "rnc_id"}
_EMAILS = (*EMAIL_SLOTS, "email")
_OBJECTS = frozenset({*ADDRESSES, f"{PRIMARY}_address"})
#: What a person resource has and other vendors' persons have not.
_NAMED = frozenset(
    {*_EMAILS, *PHONES, *MATCH_IDS.values(), "first_name", "last_name", "full_name", "signup_type"}
)
#: Keys whose JSON type tells a resource from a plain row, where all is text.
_TYPED = frozenset({"signup_type", "primary_email_id", "is_possible_duplicate", *BAD_FLAGS})
_FOREIGN = frozenset({"email_addresses", "phone_numbers", "postal_addresses", "given_name"})


#: What is read, or worked out; all else is kept as it is.
_READ = frozenset(
    {
        *_NAMED, *_OBJECTS, *_TYPED, *COMPUTED, *READ_ONLY, *RESTRICTS, *FURTHER_IDS,
        *_OTHER_IDS.values(), "prefix", "middle_name", "suffix", "employer", "tags", "fax_number",
    }
)  # fmt: skip


class _Person:
    """See ``matcher.policies.shapes.Shape``."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is a person resource, holds one, or is a tagging."""
        if isinstance(payload.get("tagging"), dict):
            return True
        inner = payload.get("person")
        if isinstance(inner, dict):
            return inner.keys().isdisjoint(_FOREIGN) and (
                not inner or not inner.keys().isdisjoint(_NAMED | _OBJECTS | RESTRICTS.keys())
            )
        return any(isinstance(payload.get(key), dict) for key in _OBJECTS) or any(
            not isinstance(payload.get(key), str | None) for key in _TYPED
        )

    def read(self, row: int, payload: Fields) -> Draft:
        """The person, or whom the tags are for."""
        person = payload.inner("person", "NB-16") if "person" in payload.values else payload
        if person is None or "tagging" in payload.values:
            person = Fields({}, f"{payload.path}.person", payload.faults)
        request, told = _request(payload)
        add_tags, remove_tags, request = _tagging(payload, request)
        emails, email_paths = _entries(person, _EMAILS, "NB-03")
        phones, phone_paths = _entries(person, PHONES, "NB-08")
        addresses, parts = _addresses(person)
        fields: dict[str, Any] = {**_fields(person), **parts, **told}
        profile = _profile(person, request)
        if profile:
            fields[PROFILE] = profile
        contact = Contact(
            row=row,
            request=request,
            person_id=_scalar(payload, "person_id", "NB-16"),
            entity_type=ORGANIZATION if fields.get("signup_type") == "1" else PERSON,
            names=_names(person),
            emails=tuple(Email(text, text) for text in emails),
            phones=tuple(Phone(text, text) for text in phones),
            addresses=addresses,
            identifiers=_identifiers(person),
            tags=person.texts("tags", "NB-21"),
            add_tags=add_tags,
            remove_tags=remove_tags,
            country=next((each.country for each in addresses if each.country), None),
            when=person.text("updated_at", "NB-09") or person.text("created_at", "NB-09"),
            fields=fields or NO_FIELDS,
            faults=tuple(payload.faults),
        )
        return Draft(contact, email_paths, phone_paths, person.text("birthdate", "NB-19"))


PERSON_RESOURCE = _Person()


def _request(payload: Fields) -> tuple[Request, Mapping[str, str]]:
    """What the payload asks for; a request that is none is kept as text, to be refused."""
    told = payload.text("request", "NB-19")
    if told is None:
        return Request.UPLOAD, {}
    if told.lower() in set(Request):
        return Request(told.lower()), {}
    return Request.UPLOAD, {"request": told}


def _tagging(payload: Fields, request: Request) -> tuple[tuple[str, ...], tuple[str, ...], Request]:
    """Tags to add, tags to remove, and the request: a tagging updates its person (NB-21)."""
    tagging = payload.inner("tagging", "NB-21")
    if tagging is None:
        return payload.texts("add_tags", "NB-21"), payload.texts("remove_tags", "NB-21"), request
    one = tagging.values.get("tag")
    tags = (one.strip(),) if isinstance(one, str) else tagging.texts("tag", "NB-21")
    if request is Request.DELETE:
        return (), tags, Request.UPDATE
    return tags, (), Request.UPDATE


def _names(person: Fields) -> Names:
    return Names(
        prefix=person.text("prefix", "NB-10"),
        first=person.text("first_name", "NB-10"),
        middle=person.text("middle_name", "NB-10"),
        last=person.text("last_name", "NB-10"),
        suffix=person.text("suffix", "NB-10"),
        full=person.text("full_name", "NB-10"),
        organization=person.text("employer", "NB-11"),
    )


def _entries(
    person: Fields, names: Iterable[str], rule: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The texts of several fields and their paths."""
    found = [(name, text) for name in names if (text := person.text(name, rule)) is not None]
    return (
        tuple(text for _, text in found),
        tuple(f"{person.path}.{name}" for name, _ in found),
    )


def _addresses(person: Fields) -> tuple[tuple[Address, ...], dict[str, str]]:
    """The first address, for its country and its normalised form, and all parts as columns."""
    found: list[Address] = []
    columns: dict[str, str] = {}
    for kind in (f"{PRIMARY}_address", *ADDRESSES):
        if isinstance(person.values.get(kind), str):
            continue  # facebook, twitter and submitted addresses are free text
        entry = person.inner(kind, "NB-06")
        if entry is None:
            continue
        texts = {part: _scalar(entry, part, "NB-07") for part in PARTS}
        prefix = kind.removesuffix("_address")
        columns |= {f"{prefix}_{part}": text for part, text in texts.items() if text is not None}
        found.append(
            Address(
                texts["address1"], texts["address2"], texts["city"], texts["state"],
                texts["zip"], texts["country_code"],
            )
        )  # fmt: skip
    return tuple(found), columns


def _identifiers(person: Fields) -> tuple[Identifier, ...]:
    """Ids are texts, though some are numbers in the document's samples; 0 is none (NB-13)."""
    systems = {**MATCH_IDS, **_OTHER_IDS, OWN: "id"}
    found = [(system, _scalar(person, name, "NB-13")) for system, name in systems.items()]
    return tuple(Identifier(system, text) for system, text in found if text not in (None, "0"))


def _fields(person: Fields) -> dict[str, str]:
    """What only NationBuilder knows, as text."""
    found: dict[str, str | None] = {name: _held(person, name) for name in (*_EMAILS, *PHONES)}
    for name in ("primary_email_id", *BAD_FLAGS):
        found[name] = _scalar(person, name, "NB-03")
    for name in ("fax_number", *READ_ONLY):
        found[name] = _scalar(person, name, "NB-08")
    for name in (*RESTRICTS, "unsubscribed_at"):
        found[name] = _scalar(person, name, "NB-09")
    for name in (name for name, system in FURTHER_IDS.items() if system not in MATCH_IDS):
        found[name] = _scalar(person, name, "NB-13")
    found["signup_type"] = _scalar(person, "signup_type", "NB-11")
    found["is_possible_duplicate"] = _scalar(person, "is_possible_duplicate", "NB-12")
    found["nation"] = _scalar(person, "nation", "NB-14")
    found["id_type"] = _scalar(person, "id_type", "NB-15")
    return {name: text for name, text in found.items() if text is not None}


def _profile(person: Fields, request: Request) -> dict[str, Any]:
    """What no rule reads, with the places of addresses; dates of creation are for new people."""
    found = {
        name: value
        for name, value in person.values.items()
        if value is not None and name not in _READ and not name.endswith(COMPUTED_ENDINGS)
    }
    if request is not Request.CREATE:
        found.pop("created_at", None)
    for kind in ADDRESSES:
        entry = person.values.get(kind)
        if isinstance(entry, Mapping):
            found |= {f"{kind}_{part}": _degrees(entry.get(part)) for part in ("lat", "lng")}
        elif isinstance(entry, str):
            found[kind] = entry
    return found


def _degrees(value: Any) -> float | None:
    """A latitude or longitude, which is a number or a text."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if abs(found) <= _MOST_DEGREES else None


_MOST_DEGREES = 180


def _held(person: Fields, name: str) -> str | None:
    """A text that was read, and found fault with, elsewhere."""
    value = person.values.get(name)
    return value.strip() or None if isinstance(value, str) else None


def _scalar(fields: Fields, key: str, rule: str) -> str | None:
    """A string, number or truth value as text; ``None`` where it is missing or blank."""
    value = fields.values.get(key)
    if value is None:
        return None
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else str(value)
    return fields.text(key, rule)
