"""Most interactions are sound: a quick look that finds it out, and never says so wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies.interactions.validation import (
    ADDRESS,
    ARRAYS,
    CONTEXT,
    IDENTIFYING,
    NAMES,
    OBFUSCATED,
    Problem,
    odd_phones,
    validate,
)

#: The end of what stands for a hidden address (IX-12), whatever blank is in it.
_HIDDEN = OBFUSCATED.split()[-1]


def problems_of(interaction: object, *, strict: bool = False) -> list[Problem]:
    """What ``validate`` finds, in a fraction of its time where that is little or nothing."""
    if type(interaction) is dict and _is_sound(interaction):
        info = interaction.get("contactInfo")
        return odd_phones(info.get("phone"), strict=strict) if info else []
    return validate(interaction, strict=strict)


def _is_sound(interaction: dict[str, Any]) -> bool:
    """Whether nothing is wrong with it, its phones perhaps; ``False`` also where it is not sure."""
    get = interaction.get
    for key in CONTEXT:
        value = get(key)
        if value is not None and type(value) is not str:
            return False
    known = _is_one_person(get("person"))
    if known is None:
        return False
    info = get("contactInfo")
    if info is None:
        return known
    if type(info) is not dict:
        return False
    given = _sound_contact_info(info)
    return given is not None and (known or given)


def _is_one_person(person: object) -> bool | None:
    """Whether it is a person with an id; ``None`` where it takes a longer look."""
    if person is None:
        return False
    if type(person) is list and len(person) == 1:
        person = person[0]
    if type(person) is not dict:
        return None
    value = person.get("id")
    return True if type(value) is str and value and not value.isspace() else None


def _sound_contact_info(info: Mapping[str, Any]) -> bool | None:
    """Whether a person can be known by it; ``None`` where it takes a longer look."""
    for key in NAMES:
        value = info.get(key)
        if value is not None and type(value) is not str:
            return None
    given = False
    for key in ARRAYS:
        values = info.get(key)
        if values:
            found = _sound_texts(values)
            if found is None:
                return None
            given |= found and key in IDENTIFYING
        elif values is not None and type(values) is not list:
            return None
    found = _sound_addresses(info.get("address"))
    return None if found is None else found or given


def _sound_texts(values: object) -> bool | None:
    if type(values) is not list:
        return None
    given = False
    for value in values:
        if type(value) is not str or _HIDDEN in value:
            return None
        if value and not value.isspace():
            given = True
    return given


def _sound_addresses(addresses: object) -> bool | None:
    if addresses is None:
        return False
    if type(addresses) is not list:
        return None
    given = False
    for entry in addresses:
        if type(entry) is not dict:
            return None
        for key in ADDRESS:
            value = entry.get(key)
            if value is None:
                continue
            if type(value) is not str:
                return None
            if value and not value.isspace():
                given = True
    return given
