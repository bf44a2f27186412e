"""An interaction's JSON as a contact: its identifiers, its context, and what is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from matcher.policies.contacts import Address, Contact, Email, Identifier, Names, Phone, Request
from matcher.policies.fields import Fields
from matcher.policies.interactions.validation import person_ids, validate
from matcher.policies.outcomes import Refusal
from matcher.policies.shapes import Draft

#: The kind of an email or phone that is not from ``contactInfo`` but the channel itself (IX-11).
CHANNEL = "channel"
#: Keys of ``Contact.fields``.
WARNINGS, INTERACTION, STATE, HANDLES = "warnings", "interaction", "state_code", "social_handles"

_OWN = frozenset(
    {
        "contactInfo", "attemptDateTime", "canvasser", "committee", "jsonMetadata",
        "outcomesDetailed", "threadId", "vendorSource",
    }
)  # fmt: skip
_OWN_IDS = ("id", "interactionId", "interaction_id")


class _Interaction:
    """See ``matcher.policies.shapes.Shape``."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is an interaction: by its own fields, or by its kind of person."""
        if not payload.keys().isdisjoint(_OWN):
            return True
        if "person" not in payload:
            return False
        person = payload["person"]
        if isinstance(person, Mapping):
            return person.keys() <= {"id", "type"}
        return person is None or isinstance(person, list)

    def read(self, row: int, payload: Fields) -> Draft:
        """The contact of an interaction; texts of a wrong type are faults, and left out."""
        interaction = payload.values
        problems = validate(interaction)
        payload.faults += [Refusal(p.path, p.value, p.reason, p.rule) for p in problems if p.error]
        info = interaction.get("contactInfo")
        info = info if isinstance(info, Mapping) else {}
        channel = _channel(interaction)
        emails, email_paths = _texts(info, "email", channel)
        phones, phone_paths = _texts(info, "phone", channel)
        addresses = tuple(_addresses(info))
        contact = Contact(
            row=row,
            request=Request.CREATE,
            names=Names(
                first=_text(info, "firstName"),
                middle=_text(info, "middleName"),
                last=_text(info, "lastName"),
            ),
            emails=tuple(Email(text, text, kind=kind) for text, kind in emails),
            phones=tuple(Phone(text, text, kind=kind) for text, kind in phones),
            addresses=addresses,
            identifiers=identifiers(interaction),
            country=addresses[0].country if addresses else None,
            when=_text(interaction, "attemptDateTime"),
            fields={
                INTERACTION: own_key(interaction),
                WARNINGS: tuple(p for p in problems if not p.error),
                STATE: _text(interaction, "stateCode"),
                HANDLES: tuple(text for text, _ in _texts(info, "socialHandle", None)[0]),
            },
            faults=tuple(payload.faults),
        )
        return Draft(contact, email_paths, phone_paths)


INTERACTION_SHAPE = _Interaction()


def own_key(interaction: Mapping[str, Any]) -> str:
    """What tells an interaction from every other: its own id, or else all that it says."""
    own = own_id(interaction)
    if own is not None:
        return f"id:{own}"
    text = json.dumps(interaction, sort_keys=True, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def own_id(interaction: Mapping[str, Any]) -> str | None:
    """The id that an interaction itself says it has, if any."""
    for name in _OWN_IDS:
        value = interaction.get(name)
        if type(value) in (str, int) and str(value).strip():
            return str(value).strip()
    return None


def _channel(interaction: Mapping[str, Any]) -> str | None:
    channel = interaction.get("channel")
    return _text(channel, "value") if isinstance(channel, Mapping) else None


def _texts(
    info: Mapping[str, Any], key: str, channel: str | None
) -> tuple[list[tuple[str, str | None]], tuple[str, ...]]:
    """The filled texts of an array, with their kind, and their paths; the channel's comes last."""
    values = info.get(key)
    found: list[tuple[str, str | None]] = []
    paths = []
    for place, value in enumerate(values if isinstance(values, list) else ()):
        if isinstance(value, str) and value.strip():
            found.append((value.strip(), None))
            paths.append(f"$.contactInfo.{key}[{place}]")
    if channel is not None and ("@" in channel) == (key == "email"):
        found.append((channel, CHANNEL))
        paths.append("$.channel.value")
    return found, tuple(paths)


def _addresses(info: Mapping[str, Any]) -> Iterator[Address]:
    entries = info.get("address")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping):
            country = _text(entry, "country")
            address = Address(
                line1=_text(entry, "addressLine1"),
                line2=_text(entry, "addressLine2"),
                city=_text(entry, "city"),
                region=_text(entry, "state"),
                postal_code=_text(entry, "postalCode"),
                country=country and country.upper(),
            )
            if any(address[:6]):
                yield address


def identifiers(interaction: Mapping[str, Any]) -> tuple[Identifier, ...]:
    """The persons' ids; one of VAN is unique only within a state, which becomes part of it."""
    state = _text(interaction, "stateCode")
    found = []
    for kind, value in person_ids(interaction):
        if kind.upper() == "VAN":
            qualified = value if ":" in value else f"unknown:{(state or 'unknown').upper()}:{value}"
            found.append(Identifier("van", qualified))
        else:
            found.append(Identifier(kind or "person", value))
    return tuple(dict.fromkeys(found))


def _text(values: Mapping[str, Any], key: str) -> str | None:
    value = values.get(key)
    return (value.strip() or None) if isinstance(value, str) else None
