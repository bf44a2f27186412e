"""How it came to be so, and how it was."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from matcher.store.composing import How, how
from matcher.store.explaining import Why, why
from matcher.store.frames import frame
from matcher.store.history import history
from matcher.store.past import View, as_of
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd


class HistoryMethods:
    """How it came to be so, and how it was."""

    _session: Session

    def why(self, record_id_left: str, record_id_right: str) -> Why:
        """Why two records are, or are not, one person.

        Each comparison with its level, values and weight; the probability; the blocking keys that
        the two share; and what people decided.

        Args:
            record_id_left: of one record, or ``source:source_record_id``.
            record_id_right: of another.

        Raises:
            UnknownInStore: there is no such record.
            OptionError: both are the same.
        """
        return why(self._session, record_id_left, record_id_right)

    def how(self, person_id: str) -> How:
        """The steps by which a person came to be: which records joined which, and why.

        These are the steps of clustering itself, the surest first, then what decisions joined.
        Of a person in a very large component (over 400 records that hang together) the strongest
        pairs are shown instead, and ``method`` says so.

        Args:
            person_id: of the person, or of one that has merged into it.

        Raises:
            UnknownInStore: there is no such person, or it has no record any more.
        """
        return how(self._session, person_id)

    def history(self, person_id: str) -> pd.DataFrame:
        """What happened to a person over its whole life, and to those that merged into it.

        Columns: ``when`` (UTC), ``run`` and ``event`` (ids that ``undo`` takes; ``event`` where
        there is one), ``kind``, ``person_id``, ``other_person_id``, ``by``, ``note``, and three
        lists of record ids: ``joined`` and ``left`` the person, and ``records`` that it is about.

        Kinds of events: ``created``, ``merged`` (into the other), ``split`` (from the other),
        ``emptied`` (no record is left) and ``restored`` (by an undo). Further kinds: ``updated``
        (records joined or left), ``changed`` (records said something new), ``decided same``,
        ``different``, ``unsure`` or ``withdrawn`` of two records.

        Args:
            person_id: of the person, or of one that has merged into it.

        Raises:
            UnknownInStore: there is no such person.
        """
        return frame(history(self._session, person_id))

    def as_of(self, when: datetime | date | str) -> View:
        """The store as it was at some time: its people and records, for reading.

        Args:
            when: a time with its zone, a day (for its end, in UTC), or either as ISO text.

        Raises:
            OptionError: it is no time, or one without a zone.
        """
        return as_of(self._session, when)
