"""Records as clients post them: checked, and under canonical names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from matcher.service.aliases import canonical
from matcher.service.bodies import NO_NAMES, checked
from matcher.service.native.models import record_model


@dataclass(frozen=True)
class PostedRecords:
    """What a posted record of a store may say.

    Attributes:
        adapter: of the model of a record.
        known: its fields.
    """

    adapter: TypeAdapter[Any]
    known: frozenset[str]

    @classmethod
    def of(cls, extras: Mapping[str, str]) -> PostedRecords:
        """Of a store that compares further columns."""
        model = record_model(extras)
        return cls(TypeAdapter(model), frozenset(model.model_fields))

    def said(
        self, given: Any, at: tuple[int, ...] = (), ignores_unknown: bool = False
    ) -> Mapping[str, Any]:
        """What a record says, as text.

        Args:
            given: as posted, under canonical names or those of exports.
            at: where in the body it stands.
            ignores_unknown: passes over fields that mean nothing.

        Raises:
            Problem: it does not fit.
        """
        names = NO_NAMES
        if isinstance(given, dict) and not given.keys() <= self.known:
            given, names = canonical(given, self.known, ignores_unknown=ignores_unknown)
        record = checked(self.adapter, given, at, names)
        said: dict[str, Any] = record.model_dump(exclude_none=True)
        return {name: str(v) if isinstance(v, int) else v for name, v in said.items()}
