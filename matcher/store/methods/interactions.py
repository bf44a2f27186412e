"""Interactions, and whom they were with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.reading import Columns
from matcher.stages import Progress, Stages
from matcher.store.frames import frame
from matcher.store.session import Session

if TYPE_CHECKING:
    import pandas as pd

    from matcher.store.interactions.adding import Added
    from matcher.store.interactions.exporting import Exported
    from matcher.store.interactions.following import Linked
    from matcher.store.interactions.listing import Interaction
    from matcher.store.interactions.standing import Standing
    from matcher.store.interactions.unknown import Prospects


class InteractionMethods:
    """Interactions, and whom they were with."""

    _session: Session

    def add_interactions(
        self,
        source: Any,
        columns: Columns | None = None,
        *,
        strict: bool = False,
        use_channel: bool = False,
        by: str | None = None,
        note: str | None = None,
        progress: Progress | None = None,
    ) -> Added:
        """Takes in interactions: texts, calls, visits, with people whom one may not know yet.

        Each is kept as it came and linked to a person where its person id or its contact info say
        whom it was with; the others wait, and every later change of the store looks again at those
        that it touches. An interaction is named by its own id, or else by what it says, so a
        repeated file does nothing. What is wrong with an interaction is among the rejects, with
        its line and the JSON path; it is kept as invalid, and the rest goes on. All are durable
        together when it returns.

        Args:
            source: a path of JSON (an object, an array, or one interaction per line; gzip too), of
                a CSV or Parquet table, or several; ``"-"`` for standard input; a dict, a list of
                dicts, or a table in memory.
            columns: canonical name -> column(s) of a table, for what is not recognised.
            strict: a phone that is not E.164 makes an interaction invalid (IX-06).
            use_channel: the address or number of ``channel`` is the person's too (IX-11).
            by: who does it, for the history.
            note: what to remember of it.
            progress: called with the name of each stage.

        Returns:
            counts of what became of them, and the rejects.

        Raises:
            InputError: the input cannot be read.
            StoreError: the file cannot be written.
        """
        from matcher.interactions import read_interactions
        from matcher.store.interactions.adding import add_interactions

        region = self._session.region
        read_them = read_interactions(
            source, strict=strict, use_channel=use_channel, default_region=region, columns=columns
        )
        return add_interactions(self._session, read_them, Stages(progress), by=by, note=note)

    def link_interactions(
        self, *, by: str | None = None, note: str | None = None, progress: Progress | None = None
    ) -> Linked:
        """Looks at every interaction anew, and writes down what is found differently.

        Every other change of the store has done so already for the interactions that it touched,
        so this finds nothing new, unless this version of the software decides otherwise than the
        one before.

        Args:
            by: who asks for it, for the history.
            note: what to remember of it.
            progress: called with the name of each stage.
        """
        from matcher.store.interactions.following import link_interactions

        return link_interactions(self._session, Stages(progress), by=by, note=note)

    def interactions(
        self,
        status: str | None = None,
        *,
        person_id: str | None = None,
        after: str | None = None,
        limit: int | None = None,
    ) -> pd.DataFrame:
        """The interactions, each with what is known of whom it was with.

        ``interaction`` (its id here)``, interaction_id`` (its own)``, source, occurred_at,
        state_code, status, person_id, record_id`` (of the record that agrees best)``,
        probability, reason, since`` (when that was found)``, first_name, last_name, emails,
        phones, addresses`` (normalised).

        Args:
            status: only ``linked``, ``review``, ``unmatched``, ``invalid`` or ``erased`` ones.
            person_id: only those linked to this person.
            after: only those that came after this one (``I12``), in the order in which they came.
            limit: how many at most.

        Raises:
            OptionError: there is no such status.
            UnknownInStore: there is no such person, or ``after`` is no id of an interaction.
        """
        from matcher.store.interactions.listing import interactions_table

        return frame(interactions_table(self._session, status, person_id, after, limit))

    def interaction(self, interaction: str) -> Interaction:
        """One interaction: as it came, to whom it is linked, and since when and why.

        Args:
            interaction: ``I12``, or its own id.

        Raises:
            UnknownInStore: there is no such interaction.
        """
        from matcher.store.interactions.listing import interaction as one

        return one(self._session, interaction)

    def interaction_counts(self) -> Standing:
        """How interactions stand: received, linked at once and later, waiting, ready for VAN."""
        from matcher.store.interactions.standing import standing

        return standing(self._session)

    def export_interactions(
        self,
        destination: str,
        folder: str | Path | None = None,
        *,
        instance: str = "my_voters",
        state: str | None = None,
        array: bool = False,
    ) -> Exported:
        """The interactions for a destination, and which are held back, and why.

        - ``van``: those that have one VAN person id of their own state in the instance: the one
          that their sender gave, or that of the voter-file record of the person that they are
          linked to. Each is the JSON that came, with ``person`` filled in.
        - ``json``: those that are linked, each with the person's id in this store and those that
          any system gave, as ``person``.
        - ``csv``: all of them, as the flat table of ``interactions``.

        A row of a table goes out as JSON of the same shape, the row itself as ``jsonMetadata``.

        Args:
            destination: ``van``, ``json`` or ``csv``.
            folder: where ``van.ndjson``, ``interactions.ndjson`` or ``interactions.csv`` is
                written, and ``held_back.csv`` beside either of the former, both or none; made if
                absent. Without it nothing is written, and the JSON is in ``documents``.
            instance: of VAN: ``my_voters`` or ``my_campaign``.
            state: two letters, of interactions that have no ``stateCode``; without it those are
                held back from VAN.
            array: the JSON is one array (``van.json``), not a line for each.

        Raises:
            OptionError: there is no such destination, instance or state.
            OutputError: the folder cannot be made or written to.
        """
        from matcher.store.interactions.exporting import export_interactions

        place = None if folder is None else Path(folder)
        return export_interactions(
            self._session, destination, place, instance=instance, state=state, array=array
        )

    def unknown_contacts(self) -> pd.DataFrame:
        """Who is behind the unmatched interactions: those that were with one stranger, together.

        Interactions are together where their contacts are one person by the evidence, as records
        would be, and share an email, phone, address or id. An unknown contact is named by its
        first interaction: ``U12`` by ``I12``.

        ``unknown_contact, person_id`` (of a person that another interaction of the same contact is
        linked to: who it is most likely; else null)``, interactions`` (how many)``,
        interaction_list, first_at, last_at, state_code``, and what they say of themselves, as in
        ``people``: names, ``emails``, ``phones`` and an address.
        """
        from matcher.store.interactions.unknown import unknown_contacts_table

        return frame(unknown_contacts_table(self._session))

    def prospects(self, path: str | Path | None = None) -> Prospects:
        """The unknown contacts that are nobody's yet, as records that ``ingest`` takes in.

        Their ids stay the same while the first interaction of each waits, so an export that comes
        again brings new versions, not new records.

        Args:
            path: of a CSV file, in which a spreadsheet runs no formula; without it none is written.

        Raises:
            OutputError: the file cannot be written.
        """
        from matcher.store.interactions.unknown import prospects

        return prospects(self._session, None if path is None else Path(path))
