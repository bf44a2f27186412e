"""The JSON shapes that payloads may have: each knows its own, and reads it as a draft."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from matcher.policies.contacts import Contact
from matcher.policies.fields import Fields

#: Name -> ``module:object`` that is a ``Shape``. A policy names the one to be tried first.
SHAPES: Mapping[str, str] = {
    "osdi": "matcher.policies.osdi:OSDI",
    "nationbuilder": "matcher.policies.nationbuilder.payload:PERSON_RESOURCE",
    "ngp_van": "matcher.policies.ngp_van.shapes:CONTACT",
    "van_people": "matcher.policies.ngp_van.shapes:VAN_PERSON",
    "interactions": "matcher.policies.interactions.shape:INTERACTION_SHAPE",
}


class Draft(NamedTuple):
    """A payload as a contact whose emails, phones and country are still as they came.

    Attributes:
        contact: ``Email.address`` and ``Phone.number`` hold the raw text.
        email_paths, phone_paths: where in the payload each of them stands.
        birth_date: as it came.
    """

    contact: Contact
    email_paths: tuple[str, ...] = ()
    phone_paths: tuple[str, ...] = ()
    birth_date: str | None = None


class Shape(Protocol):
    """One vendor's JSON shape."""

    def fits(self, payload: Mapping[str, Any]) -> bool:
        """Whether an object is of this shape."""

    def read(self, row: int, payload: Fields) -> Draft:
        """The payload as a draft; what cannot be used is noted in ``payload.faults``."""


def shapes(first: str | None) -> Sequence[Shape]:
    """All shapes, that of the given name first."""
    names = sorted(SHAPES, key=lambda name: name != first)
    return [_loaded(SHAPES[name]) for name in names]


def _loaded(home: str) -> Shape:
    module, _, name = home.partition(":")
    shape: Shape = getattr(importlib.import_module(module), name)
    return shape
