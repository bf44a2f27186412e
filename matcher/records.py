"""The types that carry records from one step to the next.

``RawRecords`` is what reading hands over: text as it came, under canonical names. ``Records`` is
what normalising hands over: clean values, each attribute a dictionary-encoded ``Column``, so that
every later step works on integer codes and touches each distinct text once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Codes = npt.NDArray[np.int32]

#: Canonical text columns that a record may carry once.
SINGLE_COLUMNS: tuple[str, ...] = (
    "entity_type",
    "prefix",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "full_name",
    "nickname",
    "organization",
    "street_number",
    "address_line1",
    "address_line2",
    "city",
    "region",
    "postal_code",
    "country",
    "birth_date",
    "gender",
    "tags",
    "updated_at",
)

#: Canonical columns that may repeat: they come as ``email1``, ``email2``, … in order of preference.
REPEATED_COLUMNS: tuple[str, ...] = ("email", "phone")

#: Statements of consent; the text stays as the vendor wrote it.
CONSENT_COLUMNS: tuple[str, ...] = ("email_consent", "sms_consent", "phone_consent")

#: Identifiers that some system gave to the person. A name ending in ``_id`` that is not listed
#: here may be given through a column mapping as ``id:<system>``.
EXTERNAL_ID_COLUMNS: tuple[str, ...] = (
    "van_id",
    "van_my_campaign_id",
    "nationbuilder_id",
    "action_network_id",
    "external_id",
    "civicrm_id",
    "salesforce_id",
    "ngp_id",
    "rnc_id",
    "dw_id",
    "state_file_id",
    "county_file_id",
    "facebook",
    "twitter",
)

#: Prefix of the columns that the caller asked to compare beyond the canonical ones.
EXTRA_PREFIX = "extra:"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What was recognised in one input: shown to the user, kept in the report.

    Attributes:
        name: path as given, or ``frame 1`` and so on for tables in memory.
        source: the source name that its records carry.
        vendor: the vendor layout recognised, in words, or ``None`` where aliases were used.
        rows: data rows read.
        columns: input column -> canonical column, or ``None`` where the column is not used.
        notes: what else a user should know, one sentence each.
    """

    name: str
    source: str
    vendor: str | None
    rows: int
    columns: Mapping[str, str | None]
    notes: Sequence[str] = ()


REJECT_SCHEMA = pa.schema(
    [
        ("file", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)


@cache
@cache
def empty_rejects() -> pa.Table:
    """A rejects table (``file, row, column, value, reason``) with no rows."""
    return REJECT_SCHEMA.empty_table()


@dataclass(frozen=True, slots=True)
class RawRecords:
    """Records as they came, under canonical names.

    Attributes:
        table: one row per record. Always holds ``record_id``, ``source`` (text, never null, the
            former unique), ``source_record_id`` (text or null), ``file`` (text, dictionary encoded)
            and ``row`` (int64, counted from 1 below the header). All others are text or null: any
            of ``SINGLE_COLUMNS``, ``email1``…, ``phone1``…, ``CONSENT_COLUMNS``,
            ``EXTERNAL_ID_COLUMNS``, and ``extra:<name>``. A column that no input has is absent.
        rejects: rows and values that could not be used (``REJECT_SCHEMA``).
        sources: one report per input, in the order given.
    """

    table: pa.Table
    rejects: pa.Table = field(default_factory=empty_rejects)
    sources: Sequence[SourceReport] = ()

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def repeated(self, name: str) -> list[str]:
        """The present columns of a repeated attribute, in order: ``email1``, ``email2``, …."""
        present = [c for c in self.table.column_names if c.removeprefix(name).isdigit()]
        return sorted(
            (c for c in present if c.startswith(name)), key=lambda c: int(c.removeprefix(name))
        )


@dataclass(frozen=True, slots=True)
class Column:
    """One normalised attribute of all records, dictionary encoded.

    Attributes:
        codes: int32, one per record, an index into ``values``; -1 where the value is missing.
        values: the distinct normalised texts, no nulls. Their order carries no meaning.
        weak: one bool per value: comparable but too common or too vague to block on (role
            mailboxes, numbers that no subscriber can have). ``None`` when no value is weak.
    """

    codes: Codes
    values: pa.StringArray
    weak: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def texts(self) -> pa.Array:
        """The value of each record as text, null where missing."""
        indices = pa.array(self.codes, mask=self.codes < 0)
        return self.values.take(indices)


def encode(texts: pa.Array | pa.ChunkedArray, keep: npt.NDArray[np.bool_] | None = None) -> Column:
    """Dictionary-encode text; null and the empty text count as missing.

    Args:
        texts: string array, one element per record.
        keep: where given, records that are False here count as missing.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
        if isinstance(texts, pa.ChunkedArray):  # zero chunks stay chunked
            texts = pa.array([], pa.string())
    encoded = texts.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    values = encoded.dictionary
    if keep is not None:
        codes[~keep] = -1
    return remap(codes, values)


def remap(codes: Codes, texts: pa.Array) -> Column:
    """Re-encode after each distinct text was rewritten: equal texts get one code, blanks none.

    Args:
        codes: int32 per record, an index into ``texts`` or -1.
        texts: string array, the new text of each old code; null or empty means missing.
    """
    encoded = texts.dictionary_encode()
    values, indices = encoded.dictionary, encoded.indices
    if not len(indices):
        return Column(np.full(len(codes), -1, np.int32), pa.array([], pa.string()))
    mapping = np.empty(len(indices) + 1, np.int32)
    mapping[:-1] = (indices.fill_null(-1) if indices.null_count else indices).to_numpy()
    mapping[-1] = -1  # for what is missing
    if len(values):
        stops = np.frombuffer(values.buffers()[1], np.int32)[values.offset :][: len(values) + 1]
        blank = (stops[1:] == stops[:-1]).nonzero()[0]
        if blank.size:
            mapping[mapping == blank[0]] = -1
    return Column(mapping[codes], values)


@dataclass(frozen=True, slots=True)
class Records:
    """Normalised records: what blocking, scoring and clustering see.

    Attributes:
        count: the number of records.
        columns: the attributes that a record has once, by canonical name; an attribute that no
            record has is absent. Beyond the canonical ones: ``house_number``, ``street`` (the
            street line without the house number), ``address`` (house number and street, unit
            apart), ``unit``, and ``extra:<name>``.
        emails: one Column per position, all sharing one ``values``; possibly empty.
        phones: the same for phones, E.164.
        organisation: bool per record, True for an organisation, which no person ever matches.
        external_ids: identifiers given by systems, one Column per id system, by canonical name.
    """

    count: int
    columns: Mapping[str, Column]
    emails: Sequence[Column]
    phones: Sequence[Column]
    organisation: npt.NDArray[np.bool_]
    external_ids: Mapping[str, Column]

    def get(self, name: str) -> Column:
        """The column of that name, all missing where no record has it."""
        found = self.columns.get(name)
        return found if found is not None else missing_column(self.count)


def missing_column(count: int) -> Column:
    """A column in which every value is missing."""
    return Column(np.full(count, -1, np.int32), pa.array([], pa.string()))
