"""Action Network's JSON: an OSDI person, or a helper's hash with a person and tags in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies import consent
from matcher.policies.contacts import (
    NO_FIELDS,
    Address,
    Contact,
    Email,
    Identifier,
    Names,
    Phone,
    Request,
)
from matcher.policies.fields import Fields
from matcher.policies.shapes import Draft

#: Keys that no other shape and no plain row has.
_ARRAYS = frozenset({"email_addresses", "phone_numbers", "postal_addresses"})
#: Keys that a plain row may have too, but not without one of ``_PLAIN``.
_PERSONAL = frozenset({"given_name", "family_name", "languages_spoken", "custom_fields"})
_PLAIN = frozenset({"email", "phone", "email1", "phone1"})
_HELPER = frozenset({"add_tags", "remove_tags", "targets"})
#: AN-20: what a language may be.
_LANGUAGES = frozenset(
    {
        "en", "ar", "da", "nl", "fi", "fr", "de", "he", "hu", "id", "it", "ja", "lv", "mo", "pl",
        "pt-br", "ru", "sr", "zh", "sl", "es", "sv", "tr", "vi", "cy",
    }
)  # fmt: skip


class _Osdi:
    """See ``matcher.policies.shapes.Shape``."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is a person or a helper's hash of Action Network."""
        inner = payload.get("person")
        if isinstance(inner, dict):
            return not inner.keys().isdisjoint(_ARRAYS | _PERSONAL) or bool(
                payload.keys() & _HELPER and not inner.keys() & _PLAIN
            )
        keys = payload.keys()
        if not keys.isdisjoint(_ARRAYS):
            return True
        return keys.isdisjoint(_PLAIN) and not keys.isdisjoint(
            ("languages_spoken", "custom_fields")
        )

    def read(self, row: int, payload: Fields) -> Draft:
        """The person with their tags, and whether an outreach came along."""
        person = payload.inner("person", "AN-25") if "person" in payload.values else payload
        if person is None:
            person = Fields({}, f"{payload.path}.person", payload.faults)
        emails, email_paths = _emails(person)
        phones, phone_paths = _phones(person)
        addresses = tuple(map(_address, person.objects("postal_addresses", "AN-11")))
        primary = next((each for each in addresses if each.primary), None)
        passed = primary or (addresses[0] if addresses else None)
        contact = Contact(
            row=row,
            request=_request(payload, person),
            person_id=_person_id(payload),
            names=Names(
                first=person.text("given_name", "AN-25"),
                middle=person.text("additional_name", "AN-25"),
                last=person.text("family_name", "AN-25"),
                prefix=person.text("honorific_prefix", "AN-25"),
                suffix=person.text("honorific_suffix", "AN-25"),
            ),
            emails=emails,
            phones=phones,
            addresses=addresses,
            identifiers=_identifiers(person),
            add_tags=payload.texts("add_tags", "AN-30"),
            remove_tags=payload.texts("remove_tags", "AN-30"),
            country=passed.country if passed else None,
            when=person.text("modified_date", "AN-21") or person.text("created_date", "AN-21"),
            fields=_fields(payload, person),
            faults=tuple(payload.faults),
        )
        return Draft(contact, email_paths, phone_paths)


OSDI = _Osdi()


def _request(payload: Fields, person: Fields) -> Request:
    """What the row says; else a person with the vendor's own dates was read there, not sent."""
    told = payload.text("request", "request")
    if told is not None:
        if told.lower() in set(Request):
            return Request(told.lower())
        payload.fault("request", told, f"must be one of {', '.join(Request)}", "request")
    read_there = "created_date" in person.values or "_links" in person.values
    return Request.UPLOAD if read_there else Request.CREATE


def _person_id(payload: Fields) -> str | None:
    value = payload.values.get("person_id")
    return str(value) if type(value) is int else payload.text("person_id", "AN-04")


def _emails(person: Fields) -> tuple[tuple[Email, ...], tuple[str, ...]]:
    found, paths = [], []
    for each in person.objects("email_addresses", "AN-09"):
        address = each.text("address", "AN-09")
        if address is not None:
            primary = each.flag("primary", "AN-09")
            found.append(Email(address, address, primary, _status(each)))
            paths.append(f"{each.path}.address")
    return tuple(found), tuple(paths)


def _phones(person: Fields) -> tuple[tuple[Phone, ...], tuple[str, ...]]:
    """An entry without a number is no phone (AN-18); its type is mobile always (AN-17)."""
    found, paths = [], []
    for each in person.objects("phone_numbers", "AN-10"):
        number = each.text("number", "AN-13")
        if number is not None:
            primary = each.flag("primary", "AN-10")
            found.append(Phone(number, number, primary, _status(each), "mobile"))
            paths.append(f"{each.path}.number")
    return tuple(found), tuple(paths)


def _status(entry: Fields) -> str | None:
    text = entry.text("status", "AN-27")
    if text is None:
        return None
    status = text.lower()
    if status not in consent.RESTRICTION:
        entry.fault("status", text, "is no subscription status", "AN-27")
        return None
    return status


def _address(entry: Fields) -> Address:
    lines = entry.texts("address_lines", "AN-12")
    country = entry.text("country", "AN-15")
    return Address(
        line1=lines[0] if lines else None,
        line2=", ".join(lines[1:]) or None,
        city=entry.text("locality", "AN-16"),
        region=entry.text("region", "AN-16"),
        postal_code=entry.text("postal_code", "AN-02"),
        country=country and country.upper(),
        primary=entry.flag("primary", "AN-11"),
    )


def _identifiers(person: Fields) -> tuple[Identifier, ...]:
    found = []
    for place, text in enumerate(person.texts("identifiers", "AN-07")):
        identifier = Identifier.parse(text)
        if identifier is None:
            reason = "an identifier is written system:id"
            person.fault(f"identifiers[{place}]", text, reason, "AN-07")
        else:
            found.append(identifier)
    return tuple(dict.fromkeys(found))


def _fields(payload: Fields, person: Fields) -> Mapping[str, Any]:
    """Custom fields, the language, and the outreach if there is one."""
    fields: dict[str, Any] = {}
    custom = person.inner("custom_fields", "AN-19")
    if custom is not None:
        fields |= {key: value for key, value in custom.values.items() if value is not None}
    spoken = [code.lower() for code in person.texts("languages_spoken", "AN-20")]
    if "languages_spoken" in person.values:
        fields["language"] = next((code for code in spoken if code in _LANGUAGES), "en")
    if "targets" in payload.values:
        targets = payload.objects("targets", "AN-34")
        if len(targets) != 1:
            reason = "must be an array of exactly one target"
            payload.fault("targets", payload.values["targets"], reason, "AN-34")
        else:
            fields["outreach"] = True
    return fields or NO_FIELDS
