"""Why two records of a store are, or are not, one person: evidence, keys and decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from blocking.hashed_keys import HashedKeys
from matcher.errors import OptionError
from matcher.explain import Explanation, pair_reasons, pair_veto
from matcher.normalise import normalise
from matcher.records import RawRecords, Records
from matcher.store.frames import in_utc
from matcher.store.frozen import STORE_KEYS
from matcher.store.ids import person_id, run_id
from matcher.store.ledger import Ledger
from matcher.store.loading import as_read
from matcher.store.lookup import record_number
from matcher.store.session import Session


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of two records.

    Attributes:
        verdict: ``same``, ``different``, ``unsure``, or ``withdrawn`` where it was taken back.
        at: when, in UTC.
        by: who said it.
        note: what they said of it.
        run: id of the run, which ``undo`` takes.
    """

    verdict: str
    at: datetime
    by: str | None
    note: str | None
    run: str

    def __str__(self) -> str:
        said = f" by {self.by}" if self.by else ""
        note = f": {self.note}" if self.note else ""
        return f"{self.verdict}{said} on {self.at:%Y-%m-%d} ({self.run}){note}"


@dataclass(frozen=True, slots=True)
class Why(Explanation):
    """Why two records are, or are not, one person. Prints as a table.

    Beyond the attributes of ``Explanation``, where ``same_cluster`` means one person:

    Attributes:
        persons: ids of the persons that the two belong to.
        keys: names of the blocking keys of which both have one value; without any, no weight
            would have been looked at, but for further records between them.
        decisions: what people said of the two, the last word first.
    """

    persons: tuple[str, str] = ("", "")
    keys: tuple[str, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def __str__(self) -> str:
        lines = [Explanation.__str__(self), f"keys shared: {', '.join(self.keys) or 'none'}"]
        return "\n".join([*lines, *(f"decided {decision}" for decision in self.decisions)])

    def _together(self) -> str:
        if self.same_cluster:
            return f"one person, {self.persons[0]}"
        return f"two persons, {self.persons[0]} and {self.persons[1]}"


def why(session: Session, record_id_left: str, record_id_right: str) -> Why:
    """Explains a pair of records; see ``matcher.store.Store.why``."""
    asked = [str(record_id_left), str(record_id_right)]
    with session.reading() as ledger:
        numbers = [record_number(ledger, record_id) for record_id in asked]
        if numbers[0] == numbers[1]:
            raise OptionError(f"both ids name the record {asked[0]!r}; give two different ones.")
        held = live_rows(ledger, numbers)
        decisions = tuple(_decisions(ledger, numbers))
    records = normalised(session, held)
    scale = session.model.scale(records)
    left, right = (np.array([held["record"].to_pylist().index(number)]) for number in numbers)
    weighed = scale.weigh(scale.comparer.compare(left, right))
    persons = [person_id(held["person"][int(row[0])].as_py()) for row in (left, right)]
    return Why(
        asked[0],
        asked[1],
        pair_reasons(scale, records, left, right),
        scale.universe.prior(scale.weights.rates)[0],
        float(weighed.weight[0]),
        float(weighed.probability[0]),
        float(weighed.household_probability[0]),
        persons[0] == persons[1],
        pair_veto(scale, records, left, right),
        persons=(persons[0], persons[1]),
        keys=SharedKeys(records).of(0, 1),
        decisions=decisions,
    )


_ROWS = """
SELECT current_record.*, person FROM current_record JOIN current_membership USING (record)
WHERE record IN (SELECT unnest(?::BIGINT[])) ORDER BY version"""


def live_rows(ledger: Ledger, records: Sequence[int]) -> pa.Table:
    """The live rows of some records, with their ``person``."""
    return ledger.table(_ROWS, [list(records)])


def normalised(session: Session, held: pa.Table) -> Records:
    """Rows of the file as records."""
    raw = RawRecords(as_read(held))
    return normalise(raw, default_region=session.region, extra=session.extras, apart=True)[0]


class SharedKeys:
    """Which blocking keys any two of some records have one value of."""

    def __init__(self, records: Records) -> None:
        self._organisation = records.organisation
        self._values = []
        for name, entries in HashedKeys(records).all(STORE_KEYS):
            values: list[set[int]] = [set() for _ in range(records.count)]
            for row, value in zip(entries.rows.tolist(), entries.keys.tolist(), strict=True):
                values[row].add(value)
            self._values.append((name, values))

    def of(self, one: int, other: int) -> tuple[str, ...]:
        """The names of the keys of two records, by row."""
        if self._organisation[one] != self._organisation[other]:
            return ()
        return tuple(name for name, values in self._values if values[one] & values[other])


_DECISIONS = """
SELECT verdict, done_at, done_by, note, run FROM decision JOIN run USING (run)
WHERE left_record = ? AND right_record = ? ORDER BY decision DESC"""


def _decisions(ledger: Ledger, records: Sequence[int]) -> Iterator[Decision]:
    found = in_utc(ledger.table(_DECISIONS, sorted(records)))
    for row in found.to_pylist():
        yield Decision(
            row["verdict"], row["done_at"], row["done_by"], row["note"], run_id(row["run"])
        )
