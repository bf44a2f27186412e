"""The live records of persons, read from the file: enough for golden records, without a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.content import content_order
from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.frames import in_utc
from matcher.store.ledger import Ledger
from matcher.store.loading import as_read
from matcher.store.schema import CONTENT_COLUMNS

Ints = npt.NDArray[np.int64]

_COLUMNS = ", ".join(("record_id", "source", "source_record_id", *CONTENT_COLUMNS, "more"))
_LIVE = f"""SELECT {_COLUMNS}, version, run, person
FROM current_record JOIN current_membership USING (record)"""  # noqa: S608 - constants
_QUERY = f"{_LIVE} ORDER BY version"
_QUERY_SOME = f"{_LIVE} WHERE person IN (SELECT unnest(?::BIGINT[])) ORDER BY version"

#: What was live right after a run, and whose.
THEN = """WITH withdrawn_then AS (
    SELECT version FROM withdrawal WHERE run <= ? GROUP BY version HAVING arg_max(withdrawn, run)
),
live AS (
    SELECT max(version) AS version FROM record
    WHERE run <= ? AND version NOT IN (SELECT version FROM withdrawn_then) GROUP BY record
),
holding AS (
    SELECT record, arg_max_null(person, run) AS person FROM membership
    WHERE run <= ? GROUP BY record HAVING arg_max_null(person, run) IS NOT NULL
)"""
_QUERY_THEN = f"""{THEN}
SELECT {_COLUMNS}, version, run, person
FROM record SEMI JOIN live USING (version) JOIN holding USING (record)
WHERE person = ? ORDER BY version"""  # noqa: S608 - constants


@dataclass(frozen=True)
class Held:
    """Live records and whose they are.

    Attributes:
        raw: as they came.
        records: normalised.
        persons: int64 per record, the number of its person.
        runs: int64 per record, the run in which this version of it came.
    """

    raw: RawRecords
    records: Records
    persons: Ints
    runs: Ints

    @cached_property
    def order(self) -> Ints:
        """A content order of the records."""
        return content_order(self.records, self.raw)

    @cached_property
    def clusters(self) -> Ints:
        """The first record of each record's person, by index."""
        first = np.zeros(int(self.persons.max(initial=-1)) + 1, np.int64)
        first[self.persons[::-1]] = np.arange(len(self.persons))[::-1]  # the last one stays
        return first[self.persons]

    @cached_property
    def person_ids(self) -> pa.StringArray:
        """The id of each record's person, as it is shown."""
        numbers = pa.array(self.persons).cast(pa.string())
        return pc.binary_join_element_wise("P", numbers, "")


def held_records(
    ledger: Ledger, region: str, extra: Mapping[str, str], persons: Sequence[int] | None = None
) -> Held:
    """The live records of all persons, or of some, in the order in which they came.

    Args:
        ledger: of the file.
        region: country of phones that name none.
        extra: further columns to compare, and how.
        persons: numbers of persons; all by default.
    """
    held = ledger.table(_QUERY) if persons is None else ledger.table(_QUERY_SOME, [list(persons)])
    return held_in(held, region, extra)


def held_then(ledger: Ledger, region: str, extra: Mapping[str, str], run: int, person: int) -> Held:
    """The records of a person as they were right after a run."""
    return held_in(ledger.table(_QUERY_THEN, [run, run, run, person]), region, extra)


def held_in(held: pa.Table, region: str, extra: Mapping[str, str]) -> Held:
    """Records, from rows with the columns of ``record`` and a ``person``."""
    raw = RawRecords(as_read(held))
    records, _ = normalise(raw, default_region=region, extra=extra, apart=True)
    return Held(raw, records, held["person"].to_numpy(), held["run"].to_numpy())


def run_times(ledger: Ledger) -> dict[int, datetime]:
    """When each run happened, in UTC."""
    runs = in_utc(ledger.table("SELECT run, done_at FROM run"))
    return dict(zip(*(runs.column(place).to_pylist() for place in (0, 1)), strict=True))
