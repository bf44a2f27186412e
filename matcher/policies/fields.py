"""Reading a payload's fields: each is what it must be, or a fault that names its path and rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matcher.policies.outcomes import Refusal

_SHOWN = 100
_KINDS = {
    dict: "an object", list: "an array", str: "a string", bool: "true or false", int: "a number",
    float: "a number", type(None): "null",
}  # fmt: skip


class Fields:
    """One object of a payload, with its path; faults go to a list that all objects share.

    Attributes:
        values: the object.
        path: where it is: ``$.person.email_addresses[0]``.
        faults: what was found wrong so far, anywhere in the payload.
    """

    __slots__ = ("faults", "path", "values")

    def __init__(self, values: Mapping[str, Any], path: str, faults: list[Refusal]) -> None:
        self.values, self.path, self.faults = values, path, faults

    def text(self, key: str, rule: str) -> str | None:
        """A string with the blanks at its ends off; ``None`` where it is missing or blank."""
        value = self.values.get(key)
        if value is None:
            return None
        if type(value) is str:
            return value.strip() or None
        self.fault(key, value, "must be a string", rule)
        return None

    def flag(self, key: str, rule: str) -> bool | None:
        """``true`` or ``false``; ``None`` where it is missing."""
        value = self.values.get(key)
        if value is None or value is True or value is False:
            return value
        self.fault(key, value, "must be true or false", rule)
        return None

    def texts(self, key: str, rule: str) -> tuple[str, ...]:
        """The strings of an array, blanks left out."""
        found = []
        for place, value in enumerate(self._array(key, rule)):
            if type(value) is str:
                found.append(value.strip())
            else:
                self.fault(f"{key}[{place}]", value, "must be a string", rule)
        return tuple(text for text in found if text)

    def objects(self, key: str, rule: str) -> list[Fields]:
        """The objects of an array."""
        found = []
        for place, value in enumerate(self._array(key, rule)):
            if isinstance(value, dict):
                found.append(Fields(value, f"{self.path}.{key}[{place}]", self.faults))
            else:
                self.fault(f"{key}[{place}]", value, "must be an object", rule)
        return found

    def inner(self, key: str, rule: str) -> Fields | None:
        """An object; ``None`` where it is missing."""
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, dict):
            return Fields(value, f"{self.path}.{key}", self.faults)
        self.fault(key, value, "must be an object", rule)
        return None

    def fault(self, key: str, value: Any, reason: str, rule: str) -> None:
        """Notes that the value of a key cannot be used."""
        found = _KINDS.get(type(value), "of another kind")
        shown = value[:_SHOWN] if isinstance(value, str) else None
        said = reason if shown is not None else f"{reason}, is {found}"
        self.faults.append(Refusal(f"{self.path}.{key}", shown, said, rule))

    def _array(self, key: str, rule: str) -> list[Any]:
        value = self.values.get(key)
        if value is None:
            return []
        if isinstance(value, list | tuple):
            return list(value)
        self.fault(key, value, "must be an array", rule)
        return []
