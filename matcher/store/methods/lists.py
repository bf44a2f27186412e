"""Vendors' own lists, kept by the vendors' rules."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd

    from matcher.store.lists.calls import Answer, Call
    from matcher.store.lists.view import ListView


class ListMethods:
    """Vendors' own lists, kept by the vendors' rules."""

    _session: Session

    def vendor_list(self, policy: str) -> pd.DataFrame:
        """The people of a list that the store keeps, as the ``people`` of ``matcher.replay``.

        One row per person held, in the order of their creation; ``rows`` counts through all rows
        that the list has taken in.

        Args:
            policy: whose list.

        Raises:
            UnknownInStore: the store keeps no such list.
        """
        from matcher.store.lists.reading import vendor_list

        return vendor_list(self._session, policy)

    def export_list(self, path: str | Path, policy: str) -> Path:
        """Writes ``vendor_list`` to a CSV file, in which a spreadsheet runs no formula.

        Args:
            path: of the file; what stood there is replaced.
            policy: whose list.

        Returns:
            the path.

        Raises:
            UnknownInStore: the store keeps no such list.
            OutputError: the file cannot be written.
        """
        from matcher.store.exporting import export_list

        return export_list(self._session, Path(path), policy)

    def vendor_person(self, policy: str, person_id: str) -> dict[str, Any]:
        """One person of a list in the vendor's own JSON shape.

        Args:
            policy: whose list.
            person_id: of the person in it; one that was merged away leads to the survivor.

        Raises:
            UnknownInStore: the store keeps no such list, or there is no such person.
        """
        from matcher.store.lists.reading import vendor_person

        return vendor_person(self._session, policy, person_id)

    def list_view(self, policy: str) -> ListView:
        """A vendor's list as last committed, for looking up people; it waits for nobody.

        Args:
            policy: whose list; one that was never begun is empty.
        """
        from matcher.store.lists.view import ListView

        return ListView(self._session, policy)

    def call(self, policy: str, calls: Sequence[Call], *, by: str | None = None) -> list[Answer]:
        """Carries out calls of a vendor's API on the list that the store keeps.

        Each is decided on by the vendor's rules, one after the other, as ``ingest`` with a
        ``policy`` decides on rows; all are durable together. A call that the rules refuse changes
        nothing. A blind one, by nobody knows whom, changes nobody who is there.

        Args:
            policy: whose list; the first call begins it.
            calls: payloads in the vendor's shape, and what is to be recorded with them.
            by: who sends them, for the history.

        Returns:
            of each, in order: what happened, and the person as held right after it.

        Raises:
            StoreError: the file cannot be written.
        """
        from matcher.store.lists.calls import answer_calls

        return answer_calls(self._session, policy, calls, by=by)

    def remove_from_list(self, policy: str, person_id: str, *, by: str | None = None) -> None:
        """Takes a person out of a vendor's list, as its API's destroy does.

        The record of that person is withdrawn; ``undo`` brings it back, until the list has changed
        again. ``forget`` erases.

        Args:
            policy: whose list.
            person_id: of the person in it.
            by: who does it, for the history.

        Raises:
            UnknownInStore: the list has no such person.
        """
        from matcher.store.lists.calls import remove_person

        remove_person(self._session, policy, person_id, by=by)
