"""Whose record this would be; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.reading import Columns, read, read_apart, read_once
from matcher.store.recognising import Resolved, recognise, recognise_each
from matcher.store.session import Session


class ResolveMethods:
    """Whose record this would be; nothing is written."""

    _session: Session

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
        return recognise_each(self._session, read_once(source, columns, extra))
