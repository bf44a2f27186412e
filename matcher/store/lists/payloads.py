"""A person of a list as the vendor's own JSON shows them.

Each form is read back by the shape of the same vendor in ``matcher.policies.shapes``. What is
missing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from matcher.consent import UNSUBSCRIBED
from matcher.policies.contacts import ORGANIZATION, Address, Email, Identifier, Phone
from matcher.policies.interactions.shape import HANDLES, STATE
from matcher.policies.nationbuilder.columns import BAD_FLAGS, EMAIL_SLOTS, MATCH_IDS, OWN, PHONES
from matcher.policies.nationbuilder.emails import BAD, NONE_BAD, slots_of
from matcher.policies.nationbuilder.flags import Flag
from matcher.policies.ngp_van.asking import DO_NOT_EMAIL, PREFERRED
from matcher.policies.ngp_van.typed import type_of
from matcher.policies.people import Person

Payload = dict[str, Any]


def payload(policy: str, person: Person) -> Payload:
    """The JSON of a person.

    Args:
        policy: whose list.
        person: of that list.
    """
    return _FORMS[policy](person)


def _action_network(person: Person) -> Payload:
    """An OSDI person."""
    fields = dict(person.fields)
    language = fields.pop("language", None)
    return _told(
        identifiers=[str(each) for each in person.identifiers],
        created_date=person.created,
        given_name=person.names.first,
        additional_name=person.names.middle,
        family_name=person.names.last,
        honorific_prefix=person.names.prefix,
        honorific_suffix=person.names.suffix,
        languages_spoken=[language] if language else None,
        email_addresses=[
            _told(primary=each.primary, address=each.raw, status=each.status)
            for each in person.emails
        ],
        phone_numbers=[
            _told(
                primary=each.primary, number=each.number, number_type="Mobile", status=each.status
            )
            for each in person.phones
        ],
        postal_addresses=[
            _told(
                primary=True,
                address_lines=list(filter(None, each[:2])),
                locality=each.city,
                region=each.region,
                postal_code=each.postal_code,
                country=each.country,
            )
            for each in person.addresses
        ],
        custom_fields=fields,
        _links={"self": {"href": _PEOPLE + person.person_id}},
    )


_PEOPLE = "https://actionnetwork.org/api/v2/people/"


def _nationbuilder(person: Person) -> Payload:
    """A person resource."""
    bad = person.fields.get(BAD, NONE_BAD)
    slots = slots_of(person.emails, bad)
    emails: Payload = {}
    for slot, email in slots.filled():
        emails[EMAIL_SLOTS[slot - 1]] = email.raw
        emails[BAD_FLAGS[slot - 1]] = slot in bad
    best = slots.best()
    fields = {
        name: value.value if isinstance(value, Flag) else value
        for name, value in person.fields.items()
        if name != BAD
    }
    return _told(
        id=person.person_id,
        signup_type=int(person.entity_type == ORGANIZATION),
        prefix=person.names.prefix,
        first_name=person.names.first,
        middle_name=person.names.middle,
        last_name=person.names.last,
        suffix=person.names.suffix,
        full_name=person.names.full,
        employer=person.names.organization,
        email=None if best is None else emails[EMAIL_SLOTS[best - 1]],
        primary_email_id=slots.primary,
        **emails,
        **{str(p.kind): p.number for p in reversed(person.phones) if p.kind in PHONES},
        **{str(a.kind): _nation_address(a) for a in person.addresses if a.kind},
        **_nation_ids(person),
        **{name: value for name, value in fields.items() if name not in emails},
        tags=list(person.tags),
    )


def _nation_address(address: Address) -> Payload:
    return _told(
        address1=address.line1,
        address2=address.line2,
        city=address.city,
        state=address.region,
        zip=address.postal_code,
        country_code=address.country,
    )


def _nation_ids(person: Person) -> Payload:
    return {
        MATCH_IDS.get(each.system, f"{each.system}_id"): each.id
        for each in person.identifiers
        if each.system.partition("/")[0] != OWN
    }


def _ngp_van(person: Person) -> Payload:
    """A contact."""
    firm = person.entity_type == ORGANIZATION
    links = [each for each in person.identifiers if each.system.startswith(_LINK)]
    codes = [tag for tag in person.tags if tag.startswith(_CODE)]
    return _told(
        contactId=person.person_id,
        type="ORGANIZATION" if firm else "INDIVIDUAL",
        commonName=person.names.organization,
        **({} if firm else _van_names(person)),
        emails=[
            _told(
                type=type_of(each),
                address=each.raw,
                isPreferred=each.primary,
                doNotEmail=True if each.status == UNSUBSCRIBED else None,
            )
            for each in person.emails
        ],
        phones=[
            _told(type=type_of(each), number=each.number, isPreferred=each.primary)
            for each in person.phones
        ],
        addresses=[
            _told(type=type_of(each), **_van_address(each, _CONTACT_ADDRESS))
            for each in person.addresses
        ],
        externalLinks=[
            {"externalSourceTypeId": each.system.removeprefix(_LINK), "externalId": each.id}
            for each in links
        ],
        contactCodes=[{"contactCodeId": tag.removeprefix(_CODE)} for tag in codes],
        preferredContactMethod=person.fields.get(PREFERRED),
        **{name: person.fields.get(name) for name in _KEPT if name != DO_NOT_EMAIL},
    )


_LINK, _CODE = "ngp_ext/", "contact_code:"
_KEPT = ("employer", "occupation", "facebookProfileUrl", "disclosureFields")
_CONTACT_ADDRESS = ("line1", "line2", "city", "stateProvince", "postalCode", "countryCode")
_PERSON_ADDRESS = (
    "addressLine1", "addressLine2", "city", "stateOrProvince", "zipOrPostalCode", "countryCode",
)  # fmt: skip


def _van_names(person: Person) -> Payload:
    names = person.names
    return {
        "prefix": names.prefix, "firstName": names.first, "middleName": names.middle,
        "lastName": names.last, "suffix": names.suffix, "nickname": names.nickname,
    }  # fmt: skip


def _van_address(address: Address, keys: Sequence[str]) -> Payload:
    return dict(zip(keys, address[: len(keys)], strict=True))


def _ngp_van_people(person: Person) -> Payload:
    """A person of the People endpoints."""
    return _told(
        vanId=person.person_id,
        contactMode="Organization" if person.entity_type == ORGANIZATION else "Person",
        commonName=person.names.organization,
        **_van_names(person),
        dateOfBirth=person.keys.birth_date,
        emails=[
            _told(
                email=each.raw,
                type=type_of(each),
                isPreferred=each.primary,
                isSubscribed=False if each.status == UNSUBSCRIBED else None,
            )
            for each in person.emails
        ],
        phones=[
            _told(phoneNumber=each.number, phoneType=type_of(each), isPreferred=each.primary)
            for each in person.phones
        ],
        addresses=[
            _told(type=type_of(each), **_van_address(each, _PERSON_ADDRESS))
            for each in person.addresses
        ],
        identifiers=[_foreign(each) for each in person.identifiers],
        **{name: person.fields.get(name) for name in ("employer", "occupation")},
    )


def _foreign(each: Identifier) -> Payload:
    return {"type": each.system, "externalId": each.id}


def _interactions(person: Person) -> Payload:
    """An interaction's contact information, with whom it was with and when."""
    return _told(
        attemptDateTime=person.created,
        stateCode=person.fields.get(STATE),
        person=[{"type": each.system, "id": each.id} for each in person.identifiers],
        contactInfo=_told(
            firstName=person.names.first,
            middleName=person.names.middle,
            lastName=person.names.last,
            email=_raw(person.emails),
            phone=_raw(person.phones),
            address=[
                _van_address(
                    each,
                    ("addressLine1", "addressLine2", "city", "state", "postalCode", "country"),
                )
                for each in person.addresses
            ],
            socialHandle=list(person.fields.get(HANDLES, ())),
        ),
    )


def _raw(entries: Sequence[Email | Phone]) -> list[str]:
    return [each.raw for each in entries]


def _told(**values: Any) -> Payload:
    """What is known of some values; an empty list or object is not."""
    return {name: value for name, value in values.items() if value not in (None, [], {})}


_FORMS: Mapping[str, Callable[[Person], Payload]] = {
    "action_network": _action_network,
    "nationbuilder": _nationbuilder,
    "ngp_van": _ngp_van,
    "ngp_van_people": _ngp_van_people,
    "interactions": _interactions,
}
