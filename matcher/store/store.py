"""The identity store: people that stay the same next week, in one DuckDB file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from matcher.errors import OptionError, StoreError
from matcher.golden_rules import Written
from matcher.pipeline import Matched
from matcher.reading import read, read_apart
from matcher.records import RawRecords
from matcher.stages import Progress, Stages
from matcher.store import consent, people
from matcher.store.backing_up import backup
from matcher.store.changes import Changes
from matcher.store.checking import Report, check
from matcher.store.composing import How, how
from matcher.store.consent import MergePreview
from matcher.store.deciding import decide, split, withdraw
from matcher.store.explaining import Why, why
from matcher.store.exporting import export, export_contactable
from matcher.store.files import open_file
from matcher.store.finding import ExternalId, find
from matcher.store.forgetting import Receipt, forget
from matcher.store.frames import frame
from matcher.store.frozen import FrozenModel
from matcher.store.history import history
from matcher.store.ingesting import ingest
from matcher.store.parts import ingest_in_parts
from matcher.store.past import View, as_of
from matcher.store.person import Person
from matcher.store.receiving import Received, receive
from matcher.store.recognising import Resolved, recognise, recognise_each
from matcher.store.retraining import retrain
from matcher.store.session import Session
from matcher.store.undoing import undo

if TYPE_CHECKING:
    import pandas as pd

    from matcher.store.interactions.adding import Added
    from matcher.store.interactions.exporting import Exported
    from matcher.store.interactions.following import Linked
    from matcher.store.interactions.listing import Interaction
    from matcher.store.interactions.standing import Standing
    from matcher.store.interactions.unknown import Prospects
    from matcher.store.lists.calls import Answer, Call
    from matcher.store.lists.view import ListView

Columns = Mapping[str, str | Sequence[str]]


def _now() -> datetime:
    return datetime.now(UTC)


class Store:
    """People, their records and their history, in one file.

    One process may have it open for writing; threads of it may share it. Use it as a context
    manager, or call ``close``. ``matcher.open`` makes one.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        wait: float = 0.0,
        read_only: bool = False,
        default_region: str = "US",
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.path = Path(path)
        file = open_file(self.path, wait=wait, read_only=read_only, region=default_region)
        try:
            self._session = Session(file, clock)
        except BaseException:
            file.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Reads into memory what lookups and ingests need, which the first of them does otherwise.

        Worth calling where many small ones follow and the first should be as quick as the others.

        Raises:
            StoreError: the file cannot be read, or its model is of an older version.
        """
        self._session.prepare()

    def close(self) -> None:
        """Gives the file back; the store cannot be used any more."""
        with self._session.lock:
            self._session.close()

    def ingest(
        self,
        source: Any,
        columns: Columns | None = None,
        extra: Mapping[str, str] | None = None,
        *,
        by: str | None = None,
        note: str | None = None,
        bring_back: bool = False,
        progress: Progress | None = None,
        policy: str | None = None,
        profile: str | None = None,
        **options: Any,
    ) -> Changes:
        """Takes in records: all of them or none, durable when it returns.

        A record is named by its source and its id there, or, without an id, by what it says.
        What came before unchanged is passed over, so a repeated ingest does nothing; a record
        that says something new gets a new version, and only the people it touches are looked at.

        With ``policy`` the rows come into that vendor's own list, which the store keeps by the
        vendor's rules, as ``matcher.replay`` applies them, row after row; so a row that comes again
        is applied again. Each person of the list is a record, ``action_network_list:17`` and so on,
        of the policy as its source. ``vendor_list`` reads the list back.

        Args:
            source: as for ``matcher.dedupe``; with ``policy`` as for ``matcher.replay``.
            columns: canonical name -> column(s) of the input, for what is not recognised.
            extra: further columns to compare -> ``text``, ``exact``, ``date`` or ``number``;
                settled by the first ingest.
            by: who does it, for the history.
            note: what to remember of it.
            bring_back: also takes in records of persons who were forgotten; without it they are
                among the rejects.
            progress: called with the name of each stage.
            policy: whose list the rows come into: ``action_network`` and so on.
            profile: ``document`` or ``native``; settled by the first rows of the list, by default
                ``document``.
            options: the policy's own; by default those of the last time.

        Returns:
            what changed; with ``policy`` also its ``events``, what became of each row.

        Raises:
            InputError: the input cannot be read or has no usable column.
            OptionError: there is no such policy, profile or option.
            StoreError: the file cannot be written, or the list is kept by another profile.
        """
        stages = Stages(progress)
        if policy is not None:
            from matcher.store.lists.ingesting import ingest_list
            from matcher.store.lists.shelf import Rules

            if extra:
                raise OptionError("extra cannot be given with a policy: its people have no such.")
            asked = Rules(policy, profile, options)
            return ingest_list(
                self._session, source, columns, asked, stages,
                by=by, note=note, bring_back=bring_back,
            )  # fmt: skip
        if options or profile is not None:
            named = next(iter(options), "profile")
            raise OptionError(f"{named} is an option of a policy; say which by policy=...")
        with stages.stage("read"):
            raw = _read(source, columns, extra)
        return ingest(
            self._session, raw, extra or {}, stages, by=by, note=note, bring_back=bring_back
        )

    def receive(
        self,
        raw: RawRecords,
        *,
        by: str | None = None,
        note: str | None = None,
        candidates: bool = True,
    ) -> list[Received]:
        """Takes in a few records, in one run, and tells what became of each.

        All of them or none, durable when it returns; of several that are named alike the last one
        counts. ``ingest`` takes in files.

        Args:
            raw: the records, as ``matcher.reading.read`` makes them.
            by: who does it, for the history.
            note: what to remember of it.
            candidates: also tells which persons shared something with each before it came.

        Returns:
            of each record, in order: its outcome, its person and the candidates.

        Raises:
            StoreError: the file cannot be written.
        """
        return receive(self._session, raw, by=by, note=note, candidates=candidates)

    def ingest_in_parts(
        self, raw: RawRecords, size: int, *, by: str | None = None, note: str | None = None
    ) -> Iterator[Callable[[], Changes]]:
        """What takes in a source part by part, with the same people in the end as ``ingest``.

        Each part is a run of its own, and between two of them other threads get their turn.

        Args:
            raw: the records, as ``matcher.reading.read`` makes them.
            size: rows of a part.
            by: who does it, for the history.
            note: what to remember of it.

        Yields:
            for each part what takes it in and tells what changed, to be called at any time, in
            order; it raises what ``ingest`` does.
        """
        return ingest_in_parts(self._session, raw, size, by, note)

    @property
    def extras(self) -> Mapping[str, str]:
        """Columns beyond the canonical ones that the store compares -> how."""
        return dict(self._session.extras)

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

    def retrain(
        self,
        *,
        dry_run: bool = False,
        by: str | None = None,
        note: str | None = None,
        progress: Progress | None = None,
    ) -> Changes:
        """Learns the model anew from all records, and resolves everything by it; ids are kept.

        Until then a store weighs as it did: with the shipped model, or with that of the result
        that it was saved from. So no answer depends on the order in which records came. What
        people decided of pairs counts as their answer in the place of the model's.

        Args:
            dry_run: only tells what would change.
            by: who asks for it, for the history.
            note: what to remember of it.
            progress: called with the name of each stage.
        """
        return retrain(self._session, Stages(progress), dry_run=dry_run, by=by, note=note)

    def resolve(
        self,
        record: Mapping[str, Any],
        columns: Columns | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> Resolved:
        """The person that one record would belong to if it came in; nothing is written.

        Args:
            record: column -> value, under any names that a file may have.
            columns: canonical name -> column(s) of the record, for what is not recognised.
            extra: further columns that the store compares.

        Raises:
            InputError: the record has no usable column.
        """
        return recognise(self._session, read([record], columns=columns, extra=extra))[0]

    def resolve_many(
        self,
        records: Sequence[Mapping[str, Any]],
        columns: Columns | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> list[Resolved]:
        """``resolve`` for several records at once, for a fraction of the time; writes nothing.

        Each record is answered as if it came alone: no record sees another one, and none is read
        by what others look like. ``resolve_each`` is for a file, whose rows tell how to read it.

        Args:
            records: column -> value each, under any names that a file may have; the names may
                differ from record to record.
            columns: canonical name -> column(s) of the records, for what is not recognised.
            extra: further columns that the store compares.

        Returns:
            the person that each record would belong to if it came in, in the order given.

        Raises:
            InputError: a record has no usable column; none is answered then.
            OptionError: there is no record, or one is no mapping.
        """
        return recognise(self._session, read_apart(records, columns, extra))

    def resolve_each(
        self,
        source: Any,
        columns: Columns | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> list[tuple[str, Resolved]]:
        """``resolve`` for each record of a source; nothing is written.

        Args:
            source: as for ``ingest``.
            columns: canonical name -> column(s) of the input, for what is not recognised.
            extra: further columns that the store compares.

        Returns:
            the ``record_id`` of each record, and the person it would belong to if it came alone.

        Raises:
            InputError: the input cannot be read or has no usable column.
        """
        return recognise_each(self._session, _read(source, columns, extra))

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

    def stats(self) -> dict[str, Any]:
        """Counts of persons, records, versions, runs, events, decisions and interactions.

        Also the version of the model, the time of the last run, and the bytes of the file.
        """
        return people.stats(self._session)

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

    def backup(self, path: str | Path) -> Path:
        """Copies the whole store while it is open, and opens the copy to see that it is whole.

        Args:
            path: of the copy, where nothing is as yet; it appears when it is whole.

        Returns:
            the path.

        Raises:
            OutputError: there is something already, or the copy cannot be written.
            StoreError: the store cannot be read, or the disk is full.
        """
        return backup(self._session, Path(path))

    def check(self, *, deep: bool = False) -> Report:
        """Looks whether the store holds what it should; changes nothing.

        Each live record is on exactly one person; the history gives the present state; nobody
        whom a decision keeps apart is together; no address may be used against a refusal; nothing
        that was erased is there; numbers are unique and refer to what there is.

        Args:
            deep: also resolves all records anew and compares, which takes as long as taking them
                in did.

        Returns:
            the problems, each with the rule, the ids at fault and what to do; ``report.ok`` where
            there is none.
        """
        return check(self._session, deep=deep)

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

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a query over the documented views (``docs/store.md``), for reading.

        Args:
            sql: one SELECT, with ``?`` where a value goes.
            values: bound to the ``?``, never written into the text.
        """
        with self._session.reading() as ledger:
            return ledger.rows(sql, values)


def _read(source: Any, columns: Columns | None, extra: Mapping[str, str] | None) -> RawRecords:
    """A source, read; one that has been read already stays as it is."""
    if isinstance(source, RawRecords):
        return source
    return read(source, columns=columns, extra=extra)


def check_new(path: Path) -> None:
    """That a store can be made there, as far as it can be told before.

    Raises:
        StoreError: there is a file already, or no folder to put it.
    """
    if path.exists():
        raise StoreError(
            f"{path}: exists already; give a new path, or take the files into that store with"
            " matcher ingest."
        )
    if not path.parent.is_dir():
        raise StoreError(f"{path}: the directory {path.parent} does not exist; make it first.")


def save(matched: Matched, path: str | Path, progress: Progress | None = None) -> Changes:
    """Makes a store of a run; see ``matcher.Result.save``."""
    path = Path(path)
    check_new(path)
    model = FrozenModel.learnt(1, matched.scale, matched.model.extras)
    with Store(path, default_region=matched.region) as store:
        return ingest(store._session, matched.raw, {}, Stages(progress), model=model)
