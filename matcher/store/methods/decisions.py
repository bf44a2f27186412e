"""What people decide, take back and have erased."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.store.answering import decide_all
from matcher.store.changes import Changes
from matcher.store.deciding import decide, split, withdraw
from matcher.store.exporting import export_review
from matcher.store.forgetting import Receipt, forget
from matcher.store.frames import frame
from matcher.store.session import Session
from matcher.store.undoing import undo

if TYPE_CHECKING:
    import pandas as pd


class DecisionMethods:
    """What people decide, take back and have erased."""

    _session: Session

    def decide(
        self,
        record_id_left: str,
        record_id_right: str,
        verdict: str,
        *,
        by: str,
        note: str | None = None,
    ) -> Changes:
        """Settles whether two records are one person, whatever their weight says.

        It holds for the two records through later versions, merges and splits, until somebody
        decides otherwise or withdraws it: two that are different never meet again through a
        third record.

        Args:
            record_id_left: of one record, or ``source:source_record_id``.
            record_id_right: of another.
            verdict: ``same``, ``different``, or ``unsure``, which is kept and changes nothing.
            by: who decides.
            note: what to remember of it.

        Raises:
            UnknownInStore: there is no such record.
            StoreError: it contradicts other decisions, which are to be withdrawn first.
            OptionError: the verdict or ``by`` is missing or unknown.
        """
        records = (record_id_left, record_id_right)
        return decide(self._session, records, verdict, by=by, note=note)

    def decide_all(self, answers: Any, *, by: str, note: str | None = None) -> Changes:
        """``decide`` for a list of pairs, in one run: all of them or none.

        The list may be what ``review_queue`` or ``matcher review --out`` gave, or the review.csv of
        a dedupe of the same exports, with a ``verdict`` filled in where somebody knows; rows
        without one are passed over.

        Args:
            answers: a path, a frame, or a list of dicts, with ``record_id_left``,
                ``record_id_right`` and ``verdict``: ``same``, ``different`` or ``unsure``.
            by: who decides.
            note: what to remember of it.

        Raises:
            InputError: it cannot be read, a column is missing, or a verdict is no such word; the
                message names the row.
            UnknownInStore: there is no such record.
            StoreError: rows contradict each other or other decisions.
        """
        return decide_all(self._session, answers, by=by, note=note)

    def review_queue(self, limit: int = 100, *, person_id: str | None = None) -> pd.DataFrame:
        """The pairs of records that are for a person to look at, the least certain first.

        Candidate pairs with a probability from 0.1 to 0.9 that nobody has decided on (``decide``;
        ``unsure`` is an answer too): ``record_id_left, record_id_right, person_id_left,
        person_id_right, weight, probability, household_probability``, the level of each comparison
        and, as ``<comparison>_left`` and ``<comparison>_right``, what was compared.

        Args:
            limit: how many at most.
            person_id: only pairs of which one record is this person's, which is quick.

        Raises:
            OptionError: the limit is below 1.
            UnknownInStore: there is no such person.
        """
        from matcher.store.reviewing import review_table

        return frame(review_table(self._session, limit, person_id))

    def review_page(
        self, after: str | None = None, limit: int = 100
    ) -> tuple[pd.DataFrame, str | None]:
        """The same pairs page by page, those of the records that came last first.

        A page takes a moment however large the store is, and others get their turn meanwhile. What
        is decided between two pages loses none; what comes meanwhile is on the first page of the
        next time. A page may be short, or empty, where many records have nothing doubtful about
        them.

        Args:
            after: the place that the page before gave; ``None`` for the first page.
            limit: how many at most.

        Returns:
            the pairs, as ``review_queue`` has them; and the place after which the next page begins,
            ``None`` on the last.

        Raises:
            OptionError: the limit is below 1, or no page gave this place.
        """
        from matcher.store.review_pages import START, Place, review_page

        place = START if after is None else Place.parse(after)
        table, last = review_page(self._session, place, limit)
        return frame(table), None if last is None else str(last)

    def export_review(
        self, path: str | Path, limit: int = 100, *, person_id: str | None = None
    ) -> Path:
        """Writes ``review_queue`` to a CSV file with an empty ``verdict``, for ``decide_all``.

        Args:
            path: of the file; what stood there is replaced. A spreadsheet runs no formula in it.
            limit: how many pairs at most.
            person_id: only pairs of which one record is this person's.

        Returns:
            the path.

        Raises:
            OptionError: the limit is below 1.
            UnknownInStore: there is no such person.
            OutputError: the file cannot be written.
        """
        return export_review(self._session, Path(path), limit, person_id)

    def withdraw(
        self, record_id_left: str, record_id_right: str, *, by: str, note: str | None = None
    ) -> Changes:
        """Takes back what was decided of two records; their weight counts again.

        Args:
            record_id_left: of one record.
            record_id_right: of another.
            by: who takes it back.
            note: what to remember of it.

        Raises:
            UnknownInStore: there is no such record.
            StoreError: nothing has been decided of the two.
        """
        return withdraw(self._session, (record_id_left, record_id_right), by=by, note=note)

    def split(
        self, person_id: str, record_ids: Sequence[str], *, by: str, note: str | None = None
    ) -> Changes:
        """Makes some records of a person a person of their own.

        Each of them is decided to be different from each that stays, in one run; where nothing
        else holds them together, also to be the same as each other. The larger part keeps the id.

        Args:
            person_id: of the person.
            record_ids: of the records to split off: some, not all.
            by: who decides.
            note: what to remember of it.

        Raises:
            UnknownInStore: there is no such person or record.
            StoreError: a record is not of that person, or none would stay.
        """
        return split(self._session, person_id, record_ids, by=by, note=note)

    def forget(
        self,
        person_id: str,
        *,
        dry_run: bool = False,
        by: str | None = None,
        reason: str | None = None,
    ) -> Receipt:
        """Erases a person: every version of their records, and all that was made of them.

        The file is written anew, so that no byte of it holds the data; this takes as long as
        copying it, and as much room beside it. The history keeps numbers: that there was a person
        of this id. Salted fingerprints stay, by which an import that would bring the person back
        is turned away (``ingest``). Interrupted, it has either happened or not. It cannot be
        undone.

        Args:
            person_id: whom; of a person that has merged, the survivor is meant.
            dry_run: only says what would go.
            by: who does it, for the history.
            reason: why; without the person's name, for it stays.

        Raises:
            UnknownInStore: there is no such person, or nothing is held of it any more.
            StoreError: the file cannot be written anew; then nothing was erased.
        """
        return forget(self._session, person_id, dry_run=dry_run, by=by, reason=reason)

    def undo(self, what: str | int, *, by: str, note: str | None = None) -> Changes:
        """Undoes a run, or one merge or split: who is who is as before, under the same ids.

        What a run brought in is withdrawn, and what its records said before holds again; its
        decisions are withdrawn, and those that they replaced hold again. A merge is undone by
        deciding that the records of both sides are different; a split by withdrawing its
        decisions, or, where there were none, by deciding that the records are the same. What
        later runs said stays; ``Changes.notes`` says where it is in the way. An undo is a run
        itself, and can be undone.

        Args:
            what: id of a run that took in records, decided or undid something (``R12``, or its
                number, as in ``Changes.run``), or of a merge or split in the history (``E345``).
            by: who undoes it.
            note: what to remember of it.

        Raises:
            UnknownInStore: there is no such run or event.
            StoreError: it cannot be undone, has been already, or decisions contradict it.
        """
        return undo(self._session, what, by=by, note=note)
