"""Interactions as JSON again: what came, with the person filled in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from matcher.interactions import enriched
from matcher.store.ledger import Ledger

#: One id of a person: ``type`` and ``id``, and what else its sender said of it.
PersonId = Mapping[str, Any]

#: So many are in memory at a time, and so many bytes of them.
_TOGETHER = 20_000
_MOST_BYTES = 64_000_000
#: In JSON a line break stands between members, never inside a text.
_BREAK = re.compile(r"[\r\n][ \t\r\n]*")

_RAW = "SELECT version, raw FROM interaction WHERE version IN (SELECT unnest(?::BIGINT[]))"
_SIZES = """SELECT version, strlen(raw) FROM interaction
WHERE version IN (SELECT unnest(?::BIGINT[]))"""
_ROWS = """SELECT it.version, it.state_code, it.source, it.channel_type, it.channel_value,
    strftime(it.occurred_at AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ') AS occurred_at, it.handles,
    (SELECT list(value ORDER BY place) FROM interaction_identifier AS found
        WHERE found.version = it.version AND kind = 'phone') AS phones,
    contact.* EXCLUDE (version, source)
FROM interaction AS it LEFT JOIN contact ON contact.version = it.version AND contact.place = 0
WHERE it.version IN (SELECT unnest(?::BIGINT[]))"""


def documents(
    ledger: Ledger, versions: Sequence[int], persons: Sequence[Sequence[PersonId]]
) -> Iterator[list[str]]:
    """The JSON of interactions, each on one line, in parts.

    Args:
        ledger: of the file.
        versions: of the interactions.
        persons: the ids to write into each; they replace those of their type.
    """
    for start, stop in _parts(ledger, versions):
        some = list(versions[start:stop])
        raw = dict(ledger.rows(_RAW, [some]))
        said = {version: json.loads(text) for version, text in raw.items()}
        rows = [version for version in some if not _is_interaction(said[version])]
        made = _from_rows(ledger, rows, said) if rows else {}
        yield [
            enriched(made[version], ids)
            if version in made
            else _filled(raw[version], said[version].get("person"), ids)
            for version, ids in zip(some, persons[start:stop], strict=True)
        ]


def _parts(ledger: Ledger, versions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each part begins and ends: so many interactions, and not too many bytes of them."""
    for first in range(0, len(versions), _TOGETHER):
        some = list(versions[first : first + _TOGETHER])
        sizes = dict(ledger.rows(_SIZES, [some]))
        start, held = first, 0
        for place, version in enumerate(some, start=first):
            if held and held + sizes[version] > _MOST_BYTES:
                yield start, place
                start, held = place, 0
            held += sizes[version]
        yield start, first + len(some)


def _filled(text: str, before: Any, ids: Sequence[PersonId]) -> str:
    """The JSON of one interaction with a person's ids, on one line."""
    wanted = _replaced(before, ids)
    return _BREAK.sub(" ", text if before == wanted else enriched(text, wanted))


def _replaced(before: Any, ids: Sequence[PersonId]) -> list[PersonId]:
    """The ids that came with those that are known now; one that says the same stays as it is."""
    entries = before if isinstance(before, list) else [before]
    came = [entry for entry in entries if isinstance(entry, Mapping) and entry.get("id")]
    told = {(_type(entry), str(entry["id"]).strip()) for entry in came}
    types = {_type(each) for each in ids if (_type(each), each["id"]) not in told}
    kept = [entry for entry in came if _type(entry) not in types]
    return [*kept, *(each for each in ids if _type(each) in types)]


def _type(entry: PersonId) -> str:
    kind = entry.get("type")
    return kind.strip().upper() if isinstance(kind, str) else ""


def _is_interaction(said: Mapping[str, Any]) -> bool:
    """Whether it came as the document describes it, not as a row of a table."""
    return isinstance(said.get("person"), Mapping | list) or isinstance(
        said.get("contactInfo"), Mapping
    )


def _from_rows(
    ledger: Ledger, versions: Sequence[int], said: Mapping[int, Mapping[str, Any]]
) -> dict[int, str]:
    """Rows of tables as interactions; the row itself is their metadata."""
    found: pa.Table = ledger.table(_ROWS, [list(versions)])
    return {
        row["version"]: json.dumps(_interaction(row, said[row["version"]]), ensure_ascii=False)
        for row in found.to_pylist()
    }


def _interaction(row: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    address = {
        "addressLine1": row["address_line1"],
        "addressLine2": row["address_line2"],
        "city": row["city"],
        "state": row["region"],
        "postalCode": row["postal_code"],
        "country": row["country"],
    }
    info = {
        "email": [row[f"email{place}"] for place in range(1, 5) if row[f"email{place}"]],
        "phone": row["phones"],
        "address": [_without_nothing(address)] if any(address.values()) else [],
        "firstName": row["first_name"],
        "middleName": row["middle_name"],
        "lastName": row["last_name"],
        "socialHandle": row["handles"],
    }
    channel = {"type": row["channel_type"], "value": row["channel_value"]}
    return _without_nothing(
        {
            "contactInfo": _without_nothing(info),
            "stateCode": row["state_code"],
            "attemptDateTime": row["occurred_at"],
            "vendorSource": row["source"],
            "channel": _without_nothing(channel),
            "jsonMetadata": json.dumps(_without_nothing(said), ensure_ascii=False),
        }
    )


def _without_nothing(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}
