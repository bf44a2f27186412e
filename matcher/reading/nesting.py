"""Nested values of the vendors' APIs as plain columns.

``emails: [{"email": …, "primary": true}]`` becomes ``email1``, ``email2``, the primary one first;
of several addresses the primary or first is taken whole; an object's fields become columns of their
own. What none of this fits is kept as JSON text, so that it can still be mapped.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from matcher.reading.headers import header_key, role_of

_VALUE_KEYS = {
    "email": ("email", "emailaddress", "address"),
    "phone": ("number", "phonenumber", "phone"),
}
_STATUS_HEADERS = {"email": "email_subscription_status", "phone": "sms_opt_in_status"}
_PRIMARY_KEYS = ("primary", "isprimary", "ispreferred", "preferred")
#: Objects that only wrap a person's fields: their own name says nothing.
_WRAPPERS = frozenset({"contactinfo", "person", "contact", "attributes", "data", "signup"})


def columns_of_objects(
    rows: Sequence[Mapping[str, Any]],
) -> tuple[list[str], list[pa.ChunkedArray]]:
    """Headers and text columns of objects whose keys may differ; in order of first appearance."""
    headers: list[str] = []
    columns: list[pa.ChunkedArray] = []
    for key in dict.fromkeys(key for row in rows for key in row):
        values = [row.get(key) for row in rows]
        for header, texts in _columns_of(str(key), values).items():
            headers.append(header)
            columns.append(pa.chunked_array([texts]))
    return headers, columns


def _columns_of(key: str, values: list[Any]) -> dict[str, pa.Array]:
    try:
        return {key: pa.array(values, pa.string())}
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        if any(_is_nested(v) for v in values):
            return {h: pa.array(t, pa.string()) for h, t in unnest(key, values).items()}
        return {key: pa.array([scalar_text(v) for v in values], pa.string())}


def unnest(header: str, values: Sequence[Any]) -> dict[str, list[str | None]]:
    """The plain columns that one column of objects or lists spreads into."""
    flat = [dict(_flatten(header, value)) for value in values]
    names = dict.fromkeys(name for row in flat for name in row) or {header: None}
    return {name: [row.get(name) for row in flat] for name in names}


def scalar_text(value: Any) -> str | None:
    """One plain value as text; ``None`` for what tables use to say missing."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value) or math.isinf(value):
            return None
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple | set)


def _flatten(header: str, value: Any) -> Iterable[tuple[str, str | None]]:
    if isinstance(value, Mapping):
        yield from _flatten_object(header, value)
    elif isinstance(value, list | tuple | set) and value:
        yield from _flatten_list(header, list(value))
    elif value is not None and not _is_nested(value):
        yield header, scalar_text(value)


def _flatten_object(header: str, value: Mapping[str, Any]) -> Iterable[tuple[str, str | None]]:
    key = header_key(header)
    for name, inner in value.items():
        if key in _WRAPPERS:
            yield from _flatten(str(name), inner)
        elif key.endswith("address"):  # home_address: {city: …} is the column home_city
            yield from _flatten(header[: -len("address")] + str(name), inner)
        else:
            yield from _flatten(f"{header}_{name}", inner)


def _flatten_list(header: str, items: list[Any]) -> Iterable[tuple[str, str | None]]:
    single = _singular(header)
    if not any(_is_nested(item) for item in items):
        texts = [scalar_text(item) for item in items]
        if role_of(header_key(single) + "1"):
            yield from ((f"{single}{i}", text) for i, text in enumerate(texts, 1))
        else:
            yield header, ", ".join(text for text in texts if text)
        return
    objects = sorted((i for i in items if isinstance(i, Mapping)), key=_rank)
    role = role_of(header_key(single))
    if role and role.name in _VALUE_KEYS:
        yield from _flatten_values(role.name, objects)
    elif objects and header_key(single).endswith("address"):
        yield from _flatten_object("address", objects[0])
    else:
        yield header, json.dumps(items, default=str, ensure_ascii=False)


def _flatten_values(
    name: str, objects: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[str, str | None]]:
    """``email1``, ``email2``, … and what the vendor says of the first one's subscription."""
    for position, item in enumerate(objects, 1):
        by_key = {header_key(str(k)): v for k, v in item.items()}
        found = next((by_key[k] for k in _VALUE_KEYS[name] if by_key.get(k)), None)
        yield f"{name}{position}", scalar_text(found)
        if position == 1 and by_key.get("status"):
            yield _STATUS_HEADERS[name], scalar_text(by_key["status"])


def _rank(item: Mapping[str, Any]) -> int:
    flags = [v for k, v in item.items() if header_key(str(k)) in _PRIMARY_KEYS]
    return 0 if any(flag is True for flag in flags) else 1


def _singular(header: str) -> str:
    if header.lower().endswith("addresses"):
        return header[:-2]
    plural = header.lower().endswith("s") and not header.lower().endswith("ss")
    return header[:-1] if plural else header
