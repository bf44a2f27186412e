"""Records as clients send them, under canonical names, become records as files have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matcher.reading import read_apart
from matcher.records import RawRecords

Posted = Mapping[str, Any]

#: A column ``nationbuilder_id`` would be taken for an export of NationBuilder, which has its own
#: way of naming records.
_ALIASES = {"nationbuilder_id": "nationbuilder_person_id"}


def read_posted(records: Sequence[Posted]) -> RawRecords:
    """Records of any sources, read together, each as if it came alone.

    Args:
        records: canonical name -> text, or texts where it may repeat; all have a ``source``, and
            names stand in one order in all of them.
    """
    return read_apart([dict(_cells(record)) for record in records])


def name_of(record: Posted) -> tuple[str, str] | None:
    """What names a record: its source and its id there; nothing where it has none."""
    known = record.get("source_record_id")
    return None if known is None else (record["source"], known)


def _cells(record: Posted) -> Iterator[tuple[str, str]]:
    for name, value in record.items():
        if isinstance(value, str):
            yield _ALIASES.get(name, name), value
        else:
            yield from ((f"{name}{place}", each) for place, each in enumerate(value, 1))
