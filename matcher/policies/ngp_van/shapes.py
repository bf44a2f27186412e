"""The JSON of NGP VAN: a contact as its document shows it, and a person of the People endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies import consent
from matcher.policies.contacts import (
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
from matcher.policies.ngp_van.asking import COMMON_NAME, CONTACT_ID, NO_TYPE, PREFERRED, TYPE
from matcher.policies.ngp_van.people import TARGET, WHAT_IF
from matcher.policies.shapes import Draft

_CONTACT_TYPES = frozenset({"INDIVIDUAL", "ORGANIZATION"})
#: Keys that only a contact has.
_CONTACT_ONLY = frozenset(
    {"contactId", "contactCodes", "externalLinks", "disclosureFields", "commonName"}
)
#: Keys that a plain row may have too; alone they are a contact if there is nothing else.
_CONTACT_NAMES = frozenset({"firstName", "middleName", "lastName", "prefix", "suffix", "nickname"})
_CONTACT_PLAIN = _CONTACT_NAMES | {
    "type",
    "employer",
    "occupation",
    "facebookProfileUrl",
    "request",
}
#: Keys that only a person of the People endpoints has, and those of its lists.
_PERSON_ONLY = frozenset({"contactMode", "contactModeId", "vanId", "recordedAddresses"})
_PERSON_LISTS = {
    "emails": frozenset({"email"}),
    "phones": frozenset({"phoneNumber"}),
    "addresses": frozenset({"addressLine1", "zipOrPostalCode", "stateOrProvince"}),
}
_CONTACT_LISTS = {
    "emails": frozenset({"address"}),
    "phones": frozenset({"number"}),
    "addresses": frozenset({"line1", "stateProvince"}),
}
#: What is kept as it comes; no rule reads it.
DISCLOSED = "disclosureFields"
_KEPT = ("employer", "occupation", "facebookProfileUrl")


class _Contact:
    """See ``matcher.policies.shapes.Shape``."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is a contact: by its type, its own fields, or its lists."""
        told = payload.get("type")
        if isinstance(told, str) and told.strip().upper() in _CONTACT_TYPES:
            return True
        keys = payload.keys()
        if not keys.isdisjoint(_CONTACT_ONLY) or _has_list(payload, _CONTACT_LISTS):
            return True
        plain = _CONTACT_PLAIN | _CONTACT_LISTS.keys() if "type" in keys else _CONTACT_PLAIN
        return keys <= plain and not keys.isdisjoint(_CONTACT_NAMES)

    def read(self, row: int, payload: Fields) -> Draft:
        """The contact; its request is a POST unless the payload says otherwise."""
        told = payload.text("type", "NG-01") or NO_TYPE
        emails, email_paths = _emails(payload, "address", "NG-06")
        phones, phone_paths = _phones(payload, "number", "NG-11")
        names = _names(payload, "NG-10")
        common = payload.text("commonName", "NG-10")
        if told.upper() == "ORGANIZATION":
            names, common = names._replace(organization=common), None
        fields: dict[str, Any] = {TYPE: told} | _scalars(payload, _KEPT, "NG-10")
        for name, value in ((COMMON_NAME, common), (CONTACT_ID, _id(payload, "contactId"))):
            if value is not None:
                fields[name] = value
        disclosed = [dict(each.values) for each in payload.objects(DISCLOSED, "NG-10")]
        if disclosed:
            fields[DISCLOSED] = disclosed
        preferred = payload.inner("preferredContactMethod", "NG-08")
        if preferred is not None:
            fields[PREFERRED] = dict(preferred.values)
        addresses = tuple(
            _address(each, ("line1", "line2", "stateProvince", "postalCode"), "NG-11")
            for each in payload.objects("addresses", "NG-06")
        )
        contact = Contact(
            row=row,
            request=_request(payload),
            person_id=_id(payload, "person_id"),
            entity_type=ORGANIZATION if told.upper() == "ORGANIZATION" else PERSON,
            names=names,
            emails=emails,
            phones=phones,
            addresses=addresses,
            identifiers=_links(payload),
            tags=_codes(payload),
            country=addresses[0].country if addresses else None,
            fields=fields,
            faults=tuple(payload.faults),
        )
        return Draft(contact, email_paths, phone_paths)


class _Person:
    """See ``matcher.policies.shapes.Shape``."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is a person of the People endpoints, or the body of a merge."""
        return not payload.keys().isdisjoint(_PERSON_ONLY) or _has_list(payload, _PERSON_LISTS)

    def read(self, row: int, payload: Fields) -> Draft:
        """The person; ``vanId`` in the body of a merge is that of the target."""
        request = _request(payload)
        emails, email_paths = _emails(payload, "email", "2C-1")
        phones, phone_paths = _phones(payload, "phoneNumber", "2C-2")
        mode = (payload.text("contactMode", "2C-8") or "").lower()
        van_id, names = _id(payload, "vanId"), _names(payload, "2C-1")
        names = names._replace(organization=payload.text("commonName", "2C-1"))
        fields: dict[str, Any] = _scalars(payload, ("employer", "occupation"), "2C-1")
        if request is Request.MERGE and van_id is not None:
            fields[TARGET], van_id = van_id, None
        if payload.flag("whatIf", "2C-8"):
            fields[WHAT_IF] = "true"
        addresses = tuple(
            _address(
                each, ("addressLine1", "addressLine2", "stateOrProvince", "zipOrPostalCode"), "2C-4"
            )
            for each in payload.objects("addresses", "2C-4")
        )
        contact = Contact(
            row=row,
            request=request,
            person_id=_id(payload, "person_id") or van_id,
            entity_type=ORGANIZATION if mode.startswith("organi") else PERSON,
            names=names,
            emails=emails,
            phones=phones,
            addresses=addresses,
            identifiers=_foreign_ids(payload),
            country=addresses[0].country if addresses else None,
            fields=fields,
            faults=tuple(payload.faults),
        )
        return Draft(contact, email_paths, phone_paths, payload.text("dateOfBirth", "2C-3"))


CONTACT = _Contact()
VAN_PERSON = _Person()


def _has_list(payload: Mapping[str, Any], lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether an array of objects has the keys of a shape."""
    for name, own in lists.items():
        entries = payload.get(name)
        first = entries[0] if isinstance(entries, list) and entries else None
        if isinstance(first, Mapping) and not first.keys().isdisjoint(own):
            return True
    return False


def _request(payload: Fields) -> Request:
    told = payload.text("request", "request")
    if told is None:
        return Request.CREATE
    if told.lower() in set(Request):
        return Request(told.lower())
    payload.fault("request", told, f"must be one of {', '.join(Request)}", "request")
    return Request.CREATE


def _id(payload: Fields, key: str) -> str | None:
    """An id, which may be a number."""
    value = payload.values.get(key)
    return str(value) if type(value) is int else payload.text(key, "NG-03")


def _names(payload: Fields, rule: str) -> Names:
    return Names(
        prefix=payload.text("prefix", rule) or payload.text("title", rule),
        first=payload.text("firstName", rule),
        middle=payload.text("middleName", rule),
        last=payload.text("lastName", rule),
        suffix=payload.text("suffix", rule),
        nickname=payload.text("nickname", rule),
    )


def _emails(payload: Fields, key: str, rule: str) -> tuple[tuple[Email, ...], tuple[str, ...]]:
    """NG-09: ``doNotEmail`` true is a restriction; false says nothing."""
    found, paths = [], []
    for each in payload.objects("emails", rule):
        address, kind = each.text(key, rule), each.text("type", "NG-06")
        restricted = each.flag("doNotEmail", "NG-09") or each.flag("isSubscribed", rule) is False
        status = consent.UNSUBSCRIBED if restricted else None
        if address is not None:
            primary = each.flag("isPreferred", rule)
            found.append(Email(address, address, primary, status, kind))
            paths.append(f"{each.path}.{key}")
    return tuple(found), tuple(paths)


def _phones(payload: Fields, key: str, rule: str) -> tuple[tuple[Phone, ...], tuple[str, ...]]:
    found, paths = [], []
    for each in payload.objects("phones", rule):
        number = each.text(key, rule)
        kind = each.text("type", "NG-06") or each.text("phoneType", rule)
        if number is not None:
            primary = each.flag("isPreferred", rule)
            found.append(Phone(number, number, primary, None, kind))
            paths.append(f"{each.path}.{key}")
    return tuple(found), tuple(paths)


def _address(entry: Fields, keys: tuple[str, str, str, str], rule: str) -> Address:
    line1, line2, region, postal_code = keys
    country = entry.text("countryCode", rule) or entry.text("country", rule)
    return Address(
        line1=entry.text(line1, rule),
        line2=entry.text(line2, rule),
        city=entry.text("city", rule),
        region=entry.text(region, rule),
        postal_code=entry.text(postal_code, rule),
        country=country and country.upper(),
        kind=entry.text("type", "NG-06"),
    )


def _links(payload: Fields) -> tuple[Identifier, ...]:
    """NG-07: an external id means something only together with its source."""
    found = []
    for each in payload.objects("externalLinks", "NG-07"):
        source = each.text("externalSourceTypeId", "NG-07")
        value = each.text("externalId", "NG-07")
        if source is not None and value is not None:
            found.append(Identifier(f"ngp_ext/{source}", value))
        else:
            reason = "an external link has an externalSourceTypeId and an externalId"
            each.fault("externalId" if source else "externalSourceTypeId", None, reason, "NG-07")
    return tuple(dict.fromkeys(found))


def _foreign_ids(payload: Fields) -> tuple[Identifier, ...]:
    found = []
    for each in payload.objects("identifiers", "2C-8"):
        kind, value = each.text("type", "2C-8"), each.text("externalId", "2C-8")
        if kind is not None and value is not None:
            found.append(Identifier(kind, value))
    return tuple(dict.fromkeys(found))


def _codes(payload: Fields) -> tuple[str, ...]:
    """Contact codes as tags: they accumulate."""
    found = []
    for each in payload.objects("contactCodes", "NG-10"):
        value = each.values.get("contactCodeId")
        if type(value) is int or type(value) is str:
            found.append(f"contact_code:{value}")
    return tuple(dict.fromkeys(found))


def _scalars(payload: Fields, keys: tuple[str, ...], rule: str) -> dict[str, Any]:
    found = ((key, payload.text(key, rule)) for key in keys)
    return {key: value for key, value in found if value is not None}
