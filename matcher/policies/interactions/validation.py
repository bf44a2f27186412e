"""What is wrong with one interaction, each finding with its JSON path and rule."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

E164 = re.compile(r"\+[1-9][0-9]{1,14}")
OBFUSCATED = "[email protected]"
_SHOWN = 100
#: IX-04: arrays of strings. IX-07: only the first two identify.
ARRAYS = ("email", "phone", "socialHandle")
IDENTIFYING = frozenset({"email", "phone"})
NAMES = ("firstName", "middleName", "lastName")
#: IX-05, and the country of the document's own example.
ADDRESS = ("addressLine1", "addressLine2", "city", "state", "postalCode", "country")
#: IX-11: what an interaction says besides, in texts.
CONTEXT = (
    "stateCode", "attemptDateTime", "method", "vendorSource", "outcome", "threadId", "jsonMetadata",
)  # fmt: skip
_KINDS = {
    dict: "an object", list: "an array", str: "a string", bool: "true or false", int: "a number",
    float: "a number", type(None): "null",
}  # fmt: skip


class Problem(NamedTuple):
    """One finding.

    Attributes:
        path: where in the interaction: ``$.contactInfo.phone[0]``.
        rule: id of the document's rule, like ``IX-04``.
        code: a word for machines, like ``identifier_required``.
        reason: a sentence for people.
        value: the text at fault, cut short, if it is a text.
        error: whether it makes the interaction invalid; else it is a warning.
    """

    path: str
    rule: str
    code: str
    reason: str
    value: str | None = None
    error: bool = True


def validate(
    interaction: object, *, strict: bool = False, destination: str | None = None
) -> list[Problem]:
    """All that is wrong with an interaction; it is valid where no problem is an ``error``.

    Pure, and quick with whatever it is given: it looks no deeper than the document describes, so
    that the depth and size of unknown fields cost nothing.

    Args:
        interaction: the JSON value, as parsed.
        strict: a phone that is not E.164 is an error, not a warning (IX-06).
        destination: where the interaction is to go; ``van`` needs a person id of VAN (IX-08).
    """
    if not isinstance(interaction, Mapping):
        return [_mistyped("$", interaction, "an object", "IX-01")]
    problems: list[Problem] = []
    known = _person(interaction.get("person"), problems)
    given = _contact_info(interaction.get("contactInfo"), problems, strict)
    if not known and not given:
        reason = "without a person an email, phone or address is required"
        problems.append(Problem("$.contactInfo", "IX-02", "identifier_required", reason))
    if destination is not None and destination.lower() == "van":
        _van_person(interaction, problems)
    _context(interaction, problems)
    return problems


def odd_phones(phones: object, *, strict: bool = False) -> list[Problem]:
    """IX-06: the phones of an array that are not written as E.164."""
    problems: list[Problem] = []
    for place, value in enumerate(phones if isinstance(phones, list) else ()):
        if isinstance(value, str) and value.strip() and not E164.fullmatch(value):
            path = f"$.contactInfo.phone[{place}]"
            reason = "a phone should be written + country code number, like +14155552671"
            problem = Problem(path, "IX-06", "phone_not_e164", reason, value[:_SHOWN], strict)
            problems.append(problem)
    return problems


def person_ids(interaction: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The (type, id) of the persons that an interaction names; what is blank or no id is left out.

    ``person`` may be an object or an array of objects; an id may be a number.
    """
    person = interaction.get("person")
    entries = person if isinstance(person, list) else [person]
    found = []
    for entry in entries:
        if isinstance(entry, Mapping):
            value, kind = entry.get("id"), entry.get("type")
            text = str(value).strip() if type(value) in (str, int) else ""
            if text:
                found.append((kind.strip() if isinstance(kind, str) else "", text))
    return found


def _person(person: object, problems: list[Problem]) -> bool:
    """Whether the interaction says who the person is; half an answer is reported, and counts."""
    if person is None:
        return False
    if not isinstance(person, Mapping | list):
        problems.append(_mistyped("$.person", person, "an object or an array of objects", "IX-03"))
        return True
    many = isinstance(person, list)
    known = False
    for place, entry in enumerate(person if isinstance(person, list) else [person]):
        path = f"$.person[{place}]" if many else "$.person"
        if not isinstance(entry, Mapping):
            problems.append(_mistyped(path, entry, "an object", "IX-03"))
            known = True
            continue
        value = entry.get("id")
        if value is not None and type(value) not in (str, int):
            problems.append(_mistyped(f"{path}.id", value, "a string", "IX-03"))
            known = True
        known |= type(value) is int or (
            isinstance(value, str) and not value.isspace() and value != ""
        )
    return known


def _contact_info(info: object, problems: list[Problem], strict: bool) -> bool:
    """Whether there is something in it to identify a person by, be it of the wrong type."""
    if info is None:
        return False
    if not isinstance(info, Mapping):
        problems.append(_mistyped("$.contactInfo", info, "an object", "IX-01"))
        return True
    given = False
    for key in ARRAYS:
        found = _strings(info, key, problems)
        given |= found and key in IDENTIFYING
    _emails(info.get("email"), problems)
    problems += odd_phones(info.get("phone"), strict=strict)
    _texts(info, NAMES, "$.contactInfo", "IX-04", problems)
    return _addresses(info.get("address"), problems) or given


def _strings(info: Mapping[str, Any], key: str, problems: list[Problem]) -> bool:
    values = info.get(key)
    path = f"$.contactInfo.{key}"
    if values is None:
        return False
    if not isinstance(values, list):
        problems.append(_mistyped(path, values, "an array of strings", "IX-04"))
        return True
    given = False
    for place, value in enumerate(values):
        if not isinstance(value, str):
            problems.append(_mistyped(f"{path}[{place}]", value, "a string", "IX-04"))
            given = True
        elif value and not value.isspace():
            given = True
    return given


def _emails(emails: object, problems: list[Problem]) -> None:
    """IX-12: addresses copied from a web page that hides them are nobody's."""
    for place, value in enumerate(emails if isinstance(emails, list) else ()):
        if isinstance(value, str) and " ".join(value.split()) == OBFUSCATED:
            path = f"$.contactInfo.email[{place}]"
            reason = "the address was hidden by the page that it was copied from"
            problems.append(Problem(path, "IX-12", "email_obfuscated", reason, value, False))


def _addresses(addresses: object, problems: list[Problem]) -> bool:
    if addresses is None:
        return False
    path = "$.contactInfo.address"
    if not isinstance(addresses, list):
        problems.append(_mistyped(path, addresses, "an array of objects", "IX-05"))
        return True
    given = False
    for place, entry in enumerate(addresses):
        where = f"{path}[{place}]"
        if isinstance(entry, Mapping):
            given |= _texts(entry, ADDRESS, where, "IX-05", problems)
        else:
            problems.append(_mistyped(where, entry, "an object", "IX-05"))
            given = True
    return given


def _texts(
    values: Mapping[str, Any], keys: tuple[str, ...], path: str, rule: str, problems: list[Problem]
) -> bool:
    """Whether any of these fields is filled; each must be a string."""
    given = False
    for key in keys:
        value = values.get(key)
        if value is None:
            continue
        if not isinstance(value, str):
            problems.append(_mistyped(f"{path}.{key}", value, "a string", rule))
            given = True
        elif value and not value.isspace():
            given = True
    return given


def _van_person(interaction: Mapping[str, Any], problems: list[Problem]) -> None:
    if not any(kind.upper() == "VAN" for kind, _ in person_ids(interaction)):
        reason = "what goes to VAN needs a person of type VAN with an id; contactInfo is not enough"
        problems.append(Problem("$.person", "IX-08", "van_person_id_required", reason))


def _context(interaction: Mapping[str, Any], problems: list[Problem]) -> None:
    """What is no part of ``contactInfo`` decides nothing here; that it is odd is said."""
    for key in CONTEXT:
        value = interaction.get(key)
        if value is not None and not isinstance(value, str):
            problems.append(_mistyped(f"$.{key}", value, "a string", "IX-11")._replace(error=False))


def _mistyped(path: str, value: object, wanted: str, rule: str) -> Problem:
    found = _KINDS.get(type(value), "of another kind")
    shown = value[:_SHOWN] if isinstance(value, str) else None
    return Problem(path, rule, "wrong_type", f"must be {wanted}, is {found}", shown)
