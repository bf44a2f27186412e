"""What reading interactions hands over."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from matcher.interactions.times import MOMENT
from matcher.records import RawRecords

PERSON_ID = pa.struct([("type", pa.string()), ("id", pa.string())])
SCHEMA = pa.schema(
    [
        ("interaction_id", pa.string()),
        ("key", pa.uint64()),
        ("content", pa.uint64()),
        ("source", pa.string()),
        ("file", pa.string()),
        ("line", pa.int64()),
        ("occurred_at", MOMENT),
        ("state_code", pa.string()),
        ("valid", pa.bool_()),
        ("problem", pa.string()),
        ("person_ids", pa.list_(PERSON_ID)),
        ("handles", pa.list_(pa.string())),
        ("channel_type", pa.string()),
        ("channel_value", pa.string()),
        ("raw", pa.string()),
    ]
)
#: Where an interaction comes from that does not say so.
SOURCE = "interactions"


@dataclass(frozen=True, slots=True)
class InteractionBatch:
    """Interactions that came one after another.

    Attributes:
        interactions: one row each, valid or not, in the order of the input (``SCHEMA``).
            ``key`` names the interaction: of its own id and its source, or else of all that it
            says. ``content`` is of all that it says, and of how that was judged. ``line`` is its
            line, its place in an array or its row in a table, counted from 1. ``problem`` says
            why it is not valid: paths, rules and reasons. ``raw`` is the JSON as it came.
        contacts: the canonical columns of those that are valid and say how the person can be
            known, by an id, email, phone or address: ``row`` of ``interactions`` (int64, from 0),
            ``place`` (int16: 0, 1, …: one row for each address and each id of a system, and for
            every eight emails or phones, what else there is repeated),
            ``record_id`` (``row:place``), ``source``, ``source_record_id``, ``file``, then text.
        rejects: errors, and warnings that begin with that word (``REJECT_SCHEMA``); ``column`` is
            the JSON path, or the column of a table.
    """

    interactions: pa.Table
    contacts: pa.Table
    rejects: pa.Table

    def __len__(self) -> int:
        return int(self.interactions.num_rows)

    def records(self) -> RawRecords:
        """The contacts as normalising takes them: their ``row`` is the line in the input."""
        lines = self.interactions["line"].combine_chunks().take(self.contacts["row"])
        table = self.contacts.drop_columns(["row", "place"]).append_column("row", lines)
        return RawRecords(table, self.rejects)
