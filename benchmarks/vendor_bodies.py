"""Contacts as clients of the vendors' APIs send them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Body = dict[str, Any]


def push(row: Mapping[str, Any]) -> Body:
    """For NationBuilder's push."""
    home = _told(
        address1=row.get("address_line1"), city=row.get("city"), state=row.get("region"),
        zip=row.get("postal_code"),
    )  # fmt: skip
    return {
        "person": _told(
            first_name=row.get("first_name"), last_name=row.get("last_name"),
            email=row.get("email"), phone=row.get("phone"), birthdate=row.get("birth_date"),
            external_id=row["source_record_id"], home_address=home,
        )
    }  # fmt: skip


def helper(row: Mapping[str, Any]) -> Body:
    """For Action Network's signup helper."""
    home = _told(
        address_lines=_listed(row.get("address_line1")), locality=row.get("city"),
        region=row.get("region"), postal_code=row.get("postal_code"),
    )  # fmt: skip
    return {
        "person": _told(
            given_name=row.get("first_name"), family_name=row.get("last_name"),
            email_addresses=[{"address": each} for each in _listed(row.get("email"))],
            phone_numbers=[{"number": each} for each in _listed(row.get("phone"))],
            postal_addresses=_listed(home),
        ),
        "add_tags": ["volunteer"],
    }  # fmt: skip


def contact(row: Mapping[str, Any]) -> Body:
    """For NGP VAN's contacts."""
    return _told(
        type="INDIVIDUAL",
        firstName=row.get("first_name"),
        lastName=row.get("last_name"),
        emails=[{"address": each, "type": "MAIN"} for each in _listed(row.get("email"))],
        phones=[{"number": each, "type": "HOME"} for each in _listed(row.get("phone"))],
    )


def reachable(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those whom every vendor takes: with a whole name, and an email or a phone."""
    return [
        row
        for row in rows
        if row.get("first_name") and row.get("last_name") and (row.get("email") or row.get("phone"))
    ]


def _listed(value: Any) -> list[Any]:
    return [value] if value else []


def _told(**values: Any) -> Body:
    return {name: value for name, value in values.items() if value not in (None, [], {})}
