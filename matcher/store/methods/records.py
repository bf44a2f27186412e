"""Records come in, and the model is learnt from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from matcher.errors import OptionError
from matcher.reading import Columns, read_once
from matcher.records import RawRecords
from matcher.stages import Progress, Stages
from matcher.store.changes import Changes
from matcher.store.ingesting import ingest
from matcher.store.parts import ingest_in_parts
from matcher.store.receiving import Received, receive
from matcher.store.retraining import retrain
from matcher.store.session import Session


class RecordMethods:
    """Records come in, and the model is learnt from them."""

    _session: Session

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
            from matcher.store.lists.rules import Rules

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
            raw = read_once(source, columns, extra)
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
