"""A store as it was: nothing is ever changed in the file, so any moment can be seen again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from matcher.errors import OptionError, UnknownInStore
from matcher.store.frames import frame
from matcher.store.holding import THEN, held_then, run_times
from matcher.store.ids import run_id, run_number
from matcher.store.lookup import current_person
from matcher.store.people import rules_in_force
from matcher.store.person import Person
from matcher.store.session import Session
from matcher.store.telling import tell

if TYPE_CHECKING:
    import pandas as pd

_CLUSTERS = f"""{THEN}
SELECT record_id, source, source_record_id, 'P' || person AS person_id
FROM record SEMI JOIN live USING (version) JOIN holding USING (record)
ORDER BY record"""  # noqa: S608 - constants

_MIDNIGHT = timedelta(days=1)


@dataclass(frozen=True)
class View:
    """The people of a store as they were at some time; it cannot be written to.

    What was erased since is not in it.

    Attributes:
        run: id of the last run before that time; ``None`` where there was none.
        at: when that was, in UTC.
        session: of the store.
    """

    session: Session
    run: str | None
    at: datetime | None

    def __repr__(self) -> str:
        return f"<View: as of {self.run or 'nothing'}, {self.at or 'before the first run'}>"

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """``record_id, source, source_record_id, person_id``, one row per record."""
        return frame(self.clusters_table())

    def clusters_table(self) -> pa.Table:
        """``clusters`` as an Arrow table."""
        with self.session.reading() as ledger:
            return ledger.table(_CLUSTERS, [self._number] * 3)

    def person(self, person_id: str) -> Person:
        """One person as it was, by the rules for golden records of now.

        Args:
            person_id: its id; where it had merged by then, the survivor is given.

        Raises:
            UnknownInStore: there was no such person then.
        """
        session = self.session
        with session.reading() as ledger:
            number = current_person(ledger, person_id, self._number)
            held = held_then(ledger, session.region, session.extras, self._number, number)
            if not held.records.count:
                raise UnknownInStore(f"the person {person_id} had no record then.")
            return tell(held, run_times(ledger), rules_in_force(ledger))

    @property
    def _number(self) -> int:
        return run_number(self.run) if self.run else 0


def as_of(session: Session, when: datetime | date | str) -> View:
    """A store as it was at some time; see ``matcher.store.Store.as_of``."""
    moment = _moment(when)
    with session.reading() as ledger:
        runs = run_times(ledger)
    past = [run for run, at in runs.items() if at <= moment]
    if not past:
        return View(session, None, None)
    return View(session, run_id(max(past)), runs[max(past)])


def _moment(when: datetime | date | str) -> datetime:
    """A time with its zone; of a day its end in UTC."""
    if isinstance(when, str):
        when = _parsed(when)
    if isinstance(when, datetime):
        if when.tzinfo is None:
            raise OptionError(
                f"{when.isoformat()} has no time zone; write {when.isoformat()}+00:00 for UTC."
            )
        return when
    return datetime.combine(when, time(), UTC) + _MIDNIGHT - timedelta(microseconds=1)


def _parsed(text: str) -> datetime | date:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text.strip())
        except ValueError:
            continue
    raise OptionError(f"{text!r} is no time; write 2026-03-01 or 2026-03-01T14:30:00+00:00.")
