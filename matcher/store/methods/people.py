"""Who there is, what is best known of each, and whom one may contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.golden_rules import Written
from matcher.store import consent, people
from matcher.store.consent import MergePreview
from matcher.store.exporting import export, export_contactable
from matcher.store.finding import ExternalId, find
from matcher.store.frames import frame
from matcher.store.person import Person
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd


class PeopleMethods:
    """Who there is, what is best known of each, and whom one may contact."""

    _session: Session

    def person(self, person_id: str) -> Person:
        """One person: the golden record with the record and time of every value, and the rest.

        Args:
            person_id: of a person; of one that has merged, the survivor is shown.

        Raises:
            UnknownInStore: there is no such person, or none of its records is left.
        """
        return people.person(self._session, person_id)

    def find(
        self,
        email: str | None = None,
        phone: str | None = None,
        external_id: ExternalId | None = None,
        name: str | None = None,
    ) -> list[str]:
        """The ids of the persons that all of this is true of, by their live records.

        Args:
            email: in any spelling; normalised as those of records are.
            phone: in any spelling.
            external_id: ``"van_id:123"``, ``("van_id", "123")``, ``"123"`` for any system, or
                the id of a record (``"van:123"``: its source and id there).
            name: first and last name, one of them, or that of an organisation.

        Raises:
            OptionError: nothing was given, or what was given is no email, phone or name.
        """
        return find(self._session, email, phone, external_id, name)

    def people(self) -> pd.DataFrame:
        """The golden record of every person, one row each.

        ``person_id``, then the columns of ``matcher.Result.people``: ``record_count``,
        ``entity_type``, ``sources`` and, for each field, its value and ``<field>_from``, the
        ``record_id`` that it comes from.
        """
        return frame(people.people_table(self._session))

    def crosswalk(self) -> pd.DataFrame:
        """``record_id, source, source_record_id, person_id`` of every live record."""
        return frame(people.crosswalk_table(self._session))

    def set_golden_rules(
        self, rules: Mapping[str, Written], *, by: str | None = None, note: str | None = None
    ) -> dict[str, str | list[str]]:
        """Says how the best value of a field is chosen, from now on; the store keeps it.

        Without a rule: names go whole before initial, then the most frequent, then the longest;
        birth date, gender and further columns are the most frequent; the address is the most
        recent that names a street; email and phone are the most recent that are no role mailbox
        and no number that nobody can have. What ties goes by date, the most recent first.

        Args:
            rules: field (a name part, ``organization``, ``email``, ``phone``, ``address``,
                ``birth_date``, ``gender`` or a further column) -> ``"most_recent"``,
                ``"most_complete"``, ``"most_frequent"``, ``["trusted", source, ...]`` with the
                most trusted source first, or ``"default"``. Fields that are not named keep theirs.
            by: who does it, for the history.
            note: what to remember of it.

        Returns:
            all rules that are set now, by field.

        Raises:
            OptionError: there is no such field or rule, or it does not suit the field.
            StoreError: the file cannot be written.
        """
        return people.set_golden_rules(self._session, rules, by, note)

    def golden_rules(self) -> dict[str, str | list[str]]:
        """The rules that ``set_golden_rules`` set, by field; none at first."""
        return people.golden_rules_set(self._session)

    def contactable(self, channel: str) -> pd.DataFrame:
        """The people that may be reached, and where: nobody else may be.

        ``person_id, address`` (as written in the record; a number in E.164)``, identifier`` (the
        same normalised)``, since`` (UTC), ``source, record_id`` of the consent. An address is
        here where a record of the person says yes to it and whoever said no about it did so
        earlier; a mailbox that two people share may stand here for each of them.

        Args:
            channel: ``email``, ``sms`` or ``phone``.

        Raises:
            OptionError: it is none of these.
        """
        return frame(consent.contactable_table(self._session, channel))

    def consent(self, person_id: str) -> pd.DataFrame:
        """What was said about the addresses and numbers of a person, by whomever.

        One row per statement, and one per address that nothing was said about: ``channel,
        address`` (normalised)``, status`` (what holds of the address; null where nothing was
        said)``, contactable`` (whether this person may be reached there)``, said`` (what this
        statement says)``, words`` (as they came)``, said_at, came_at`` (UTC)``, source, record_id,
        person_id`` (whose record it stands in).

        Raises:
            UnknownInStore: there is no such person.
        """
        return frame(consent.consent_table(self._session, person_id))

    def preview_merge(self, person_id: str, other_person_id: str) -> MergePreview:
        """What would follow if two persons were one; nothing is written.

        Raises:
            UnknownInStore: there is no such person.
            OptionError: they are one already.
        """
        return consent.preview_merge(self._session, person_id, other_person_id)

    def export(self, folder: str | Path, format: str = "csv") -> Sequence[Path]:  # noqa: A002
        """Writes ``people`` and ``crosswalk`` into a folder, both or none.

        Args:
            folder: made if absent; what stood there under these names is replaced.
            format: ``csv``, in which a spreadsheet runs no cell as a formula, or ``parquet``.

        Returns:
            the paths written.

        Raises:
            OptionError: it is neither format.
            OutputError: the folder cannot be made or written to.
        """
        return export(self._session, Path(folder), format)

    def export_contactable(self, path: str | Path, channel: str) -> Path:
        """Writes ``contactable(channel)`` to a CSV file, in which a spreadsheet runs no formula.

        Args:
            path: of the file; what stood there is replaced.
            channel: ``email``, ``sms`` or ``phone``.

        Returns:
            the path.

        Raises:
            OptionError: there is no such channel.
            OutputError: the file cannot be written.
        """
        return export_contactable(self._session, Path(path), channel)
