"""What the store answers, as plain JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

from pydantic_core import to_json
from starlette.responses import Response

from matcher.store import Changes, Person
from matcher.store.ids import run_id


def answer(value: Any, status: int = 200) -> Response:
    """An answer of JSON."""
    content = json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Response(content.encode(), status, media_type="application/json")


def answer_without_times(value: Any) -> Response:
    """The same where there is no time in it, sooner."""
    return Response(to_json(value, inf_nan_mode="null"), media_type="application/json")


def plain(value: Any) -> Any:
    """A value as JSON has it: dataclasses as objects, times as ISO 8601, no number as null."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Changes):
        return changes(value)
    return _parts(value)


def _parts(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    return [plain(inner) for inner in value]


def person(found: Person) -> dict[str, Any]:
    """A person, its golden record first."""
    told: dict[str, Any] = plain(found)
    first = {name: told.pop(name) for name in ("person_id", "entity_type")}
    return {**first, "golden": dict(found.golden), **told}


def changes(found: Changes) -> dict[str, Any]:
    """What a run changed, under the id of the run."""
    told = {name: plain(value) for name, value in found.to_dict().items()}
    return told | {"run": run_id(found.run) if found.run else None}
