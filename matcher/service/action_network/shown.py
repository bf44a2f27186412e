"""People and outreaches as Action Network shows them: OSDI resources in HAL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from matcher.policies.contacts import Address
from matcher.policies.people import Person
from matcher.store.lists.activities import Told
from matcher.store.lists.dates import Dates
from matcher.store.lists.looking import Held

Resource = dict[str, Any]

OWN = "action_network"
CURIES: Sequence[Mapping[str, Any]] = tuple(
    {"name": name, "href": "https://actionnetwork.org/docs/v2/{rel}", "templated": True}
    for name in ("osdi", OWN)
)
#: Collections that a person links to. Outreaches and taggings are kept; of the others there are
#: none, for nothing here makes any.
EMPTY = ("attendances", "signatures", "submissions", "donations")
_LINKED = (*EMPTY, "outreaches", "taggings")


def own_id(person: Person) -> str:
    """The id under which Action Network knows a person; else the one that the list gave."""
    held = (each.id for each in person.identifiers if each.system == OWN)
    return next(held, person.person_id)


def stamp(at: datetime) -> str:
    """A time as Action Network writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def person(held: Person, dates: Dates, base: str) -> Resource:
    """A person on a page of several."""
    own = own_id(held)
    fields = dict(held.fields)
    language = fields.pop("language", None) or "en"
    foreign = [str(each) for each in held.identifiers if each.system != OWN]
    told: Resource = {
        "given_name": held.names.first,
        "additional_name": held.names.middle,
        "family_name": held.names.last,
        "honorific_prefix": held.names.prefix,
        "honorific_suffix": held.names.suffix,
    }
    return {
        **{name: value for name, value in told.items() if value is not None},
        "identifiers": [f"{OWN}:{own}", *foreign],
        "created_date": stamp(dates.created_at),
        "modified_date": stamp(dates.modified_at),
        "email_addresses": [
            {"primary": True, "address": each.raw, "status": each.status} for each in held.emails
        ],
        "phone_numbers": [
            {
                "primary": True,
                "number": each.number.removeprefix("+"),
                "number_type": "Mobile",
                "status": each.status,
            }
            for each in held.phones
        ],
        "postal_addresses": [_address(each) for each in held.addresses],
        "languages_spoken": [language],
        "custom_fields": fields,
        "_links": _links(f"{base}/people/{own}"),
    }


def whole(held: Person, dates: Dates, base: str) -> Resource:
    """A person alone."""
    told = person(held, dates, base)
    return told | {"_links": told["_links"] | {"curies": list(CURIES)}}


def _links(own: str) -> Resource:
    linked = {f"osdi:{name}": {"href": f"{own}/{name}"} for name in _LINKED}
    return {"self": {"href": own}, **linked}


def _address(held: Address) -> Resource:
    """Nobody looks up here where an address is, so its place is not known."""
    told = {
        "primary": True,
        "address_lines": [held.line1] if held.line1 else None,
        "locality": held.city,
        "region": held.region,
        "postal_code": held.postal_code,
        "country": held.country,
        "language": "en",
    }
    place = {"latitude": None, "longitude": None, "accuracy": None}
    return {**{name: value for name, value in told.items() if value}, "location": place}


def outreach(told: Told, person_id: str | None, base: str) -> Resource:
    """An outreach; ``person_id`` is Action Network's of who made it, if the list holds them."""
    activity = told.activity
    content = activity.content
    campaign = f"{base}/advocacy_campaigns/{activity.about}"
    recorded = stamp(told.at)
    kept = {name: content[name] for name in _OUTREACH if name in content}
    links: Resource = {
        "self": {"href": f"{campaign}/outreaches/{activity.activity_id}"},
        "osdi:advocacy_campaign": {"href": campaign},
    }
    resource: Resource = {
        "identifiers": [f"{OWN}:{activity.activity_id}", *content.get("identifiers", ())],
        "created_date": content.get("created_date", recorded),
        "modified_date": content.get("created_date", recorded),
        "type": "phone" if "duration" in content else "email",
        **kept,
    }
    if person_id is not None:
        resource["action_network:person_id"] = person_id
        links["osdi:person"] = {"href": f"{base}/people/{person_id}"}
    resource["action_network:advocacy_campaign_id"] = activity.about
    return {**resource, "_links": {**links, "curies": list(CURIES)}}


#: Of an outreach, what is shown as it came.
_OUTREACH = ("subject", "message", "duration", "targets", "action_network:referrer_data")


def tagging(tag: str, held: Held, base: str) -> Resource:
    """A tag on a person."""
    own = own_id(held.person)
    number = uuid5(NAMESPACE_URL, f"{own}\n{tag}")
    tag_id = uuid5(NAMESPACE_URL, tag)
    return {
        "identifiers": [f"{OWN}:{number}"],
        "created_date": stamp(held.dates.modified_at),
        "modified_date": stamp(held.dates.modified_at),
        "item_type": "osdi:person",
        "action_network:tag_name": tag,
        "_links": {
            "self": {"href": f"{base}/tags/{tag_id}/taggings/{number}"},
            "osdi:tag": {"href": f"{base}/tags/{tag_id}"},
            "osdi:person": {"href": f"{base}/people/{own}"},
        },
    }
