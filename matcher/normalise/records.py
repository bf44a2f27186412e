"""All records at once: each raw column into its normalised ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import OptionError
from matcher.normalise.address_columns import address_columns
from matcher.normalise.dates import (
    BIRTH_YEAR_PIVOT,
    RECENT_YEAR_PIVOT,
    Order,
    clean_dates,
    with_time_of_day,
)
from matcher.normalise.extras import KINDS, clean_exact, clean_genders, clean_numbers
from matcher.normalise.faults import reject_table
from matcher.normalise.identifiers import email_columns, phone_columns
from matcher.normalise.lanes import Distinct, column, distinct, has_value
from matcher.normalise.name_columns import clean_names
from matcher.normalise.organisations import tell_organisations
from matcher.normalise.phones import known_regions
from matcher.normalise.places import (
    clean_cities,
    clean_countries,
    clean_postal_codes,
    clean_regions,
)
from matcher.normalise.text import fold_words
from matcher.records import (
    EXTERNAL_ID_COLUMNS,
    EXTRA_PREFIX,
    Codes,
    Column,
    RawRecords,
    Records,
    empty_rejects,
    missing_column,
)
from matcher.spilling import Spill
from matcher.threads import workers

#: Regions that write the month before the day.
_MONTH_FIRST = frozenset({"US", "PH", "FM", "GU", "PR", "AS", "VI", "MP"})
#: Columns that tell who a record is, person or organisation.
_WHO = (
    "entity_type",
    "organization",
    "full_name",
    "prefix",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "nickname",
)
_SIMPLE: Mapping[str, Callable[[pa.StringArray], pa.StringArray]] = {
    "city": clean_cities,
    "region": clean_regions,
    "postal_code": clean_postal_codes,
    "gender": clean_genders,
    "entity_type": fold_words,
}
_Part = tuple[dict[str, Column], list[pa.Table]]
_Slots = tuple[list[Column], list[pa.Table]]


def normalise(
    raw: RawRecords,
    *,
    default_region: str = "US",
    extra: Mapping[str, str] | None = None,
    apart: bool = False,
    spill: Spill | None = None,
) -> tuple[Records, pa.Table]:
    """Clean values of all records, and the values that could not be used.

    Args:
        raw: records as they came.
        default_region: ISO 3166 code of the country where a record that names none lives: decides
            how its phones are dialled, and how a file's dates are read that do not tell.
        extra: further columns by name and kind (``text``, ``exact``, ``date`` or ``number``);
            each is expected in ``raw`` under ``extra:<name>``.
        apart: the records are of no one list: that many others beside a record are organisations
            does not make it one.
        spill: where columns go when there is a limit on memory.

    Returns:
        The records, and a table of value-level rejects (``REJECT_SCHEMA``).

    Raises:
        OptionError: ``default_region`` is no region, or a kind is none of the four.
    """
    default_region = default_region.upper()
    _check_options(default_region, extra or {})
    table, spill = raw.table, spill or Spill()
    country = _country(table)
    steps: list[Callable[[], _Part]] = [
        lambda: (clean_names(names.pop(), ~organisation), []),
        lambda: _dates(table, default_region),
        *(partial(_simple, table, name) for name in _SIMPLE),
        lambda: _extras(table, extra or {}, default_region),
    ]

    def kept(step: Callable[[], _Part]) -> _Part:
        made, rejects = step()
        return {name: _aside(column, spill) for name, column in made.items()}, rejects

    def slots(make: Callable[..., _Slots], *of: Any) -> _Slots:
        made, rejects = make(table, *of)
        return _aside_slots(made, spill), rejects

    with workers(table.num_rows, spill.threads) as pool:  # which begin with what takes longest
        addresses = pool.submit(kept, lambda: address_columns(table))
        emails = pool.submit(slots, email_columns, raw.repeated("email"))
        phone_names = raw.repeated("phone")
        phones = pool.submit(slots, phone_columns, phone_names, country, default_region)
        typed = pool.submit(_who, table).result()
        organisation, organisations = tell_organisations(typed, table.num_rows, apart=apart)
        names = [typed]  # which nobody needs after it is read
        del typed
        name_part, *parts = pool.map(kept, steps)
        parts = [name_part, addresses.result(), *parts]
    columns = {name: made for made_columns, _ in parts for name, made in made_columns.items()}
    columns["country"] = country
    if organisations is not None:
        columns["organization"] = organisations
    records = Records(
        count=table.num_rows,
        columns={name: made for name, made in columns.items() if has_value(made)},
        emails=emails.result()[0],
        phones=phones.result()[0],
        organisation=organisation,
        external_ids=_external_ids(table),
    )
    rejects = [*emails.result()[1], *phones.result()[1], *(r for _, part in parts for r in part)]
    return records, pa.concat_tables([empty_rejects(), *rejects])


def _who(table: pa.Table) -> dict[str, Distinct]:
    """The columns that tell who a record is."""
    return {name: distinct(table[name]) for name in _WHO if name in table.column_names}


_NAME = "normalised records"


def _aside(column: Column, spill: Spill) -> Column:
    """The same column, in files where memory is limited."""
    codes, values = spill.array(_NAME, column.codes), spill.column(_NAME, column.values)
    return Column(codes, values, column.weak)


def _aside_slots(slots: list[Column], spill: Spill) -> list[Column]:
    if not slots:
        return slots
    values = spill.column(_NAME, slots[0].values)
    return [Column(spill.array(_NAME, slot.codes), values, slot.weak) for slot in slots]


def _check_options(default_region: str, extra: Mapping[str, str]) -> None:
    if default_region not in known_regions():
        raise OptionError(
            f"default_region {default_region!r} is not a two-letter country code such as US or GB"
        )
    for name, kind in extra.items():
        if kind not in KINDS:
            raise OptionError(
                f"extra column {name!r} has kind {kind!r}; use one of {', '.join(KINDS)}"
            )


def _country(table: pa.Table) -> Column:
    if "country" not in table.column_names:
        return missing_column(table.num_rows)
    codes, values = distinct(table["country"])
    return column(codes, clean_countries(values))


def _simple(table: pa.Table, name: str) -> _Part:
    """A column that needs nothing but its own text."""
    if name not in table.column_names:
        return {}, []
    codes, values = distinct(table[name])
    return {name: column(codes, _SIMPLE[name](values))}, []


def _files(table: pa.Table) -> Codes:
    return np.maximum(distinct(table["file"])[0], 0)


def _dates(table: pa.Table, region: str) -> _Part:
    columns, rejects = {}, []
    if "birth_date" in table.column_names:
        columns["birth_date"], found = _date_column(table, "birth_date", region, BIRTH_YEAR_PIVOT)
        rejects.append(found)
    if "updated_at" in table.column_names:
        dates = clean_dates(
            table["updated_at"],
            _files(table),
            otherwise=usual_order(region),
            pivot=RECENT_YEAR_PIVOT,
        )
        columns["updated_at"] = column(dates.codes, with_time_of_day(dates))
        rejects.append(reject_table(table, "updated_at", dates.codes, dates.typed, dates.faults))
    return columns, rejects


def usual_order(region: str) -> Order:
    """Which of day and month comes first in a country, by its ISO 3166 code in upper case."""
    return Order.MONTH_FIRST if region in _MONTH_FIRST else Order.DAY_FIRST


def _date_column(table: pa.Table, name: str, region: str, pivot: int) -> tuple[Column, pa.Table]:
    dates = clean_dates(table[name], _files(table), otherwise=usual_order(region), pivot=pivot)
    rejects = reject_table(table, name, dates.codes, dates.typed, dates.faults)
    return column(dates.codes, dates.iso), rejects


def _extras(table: pa.Table, extra: Mapping[str, str], region: str) -> _Part:
    columns, rejects = {}, []
    for name, kind in extra.items():
        full = EXTRA_PREFIX + name
        if full not in table.column_names:
            continue
        if kind == "date":
            columns[full], found = _date_column(table, full, region, BIRTH_YEAR_PIVOT)
            rejects.append(found)
            continue
        codes, values = distinct(table[full])
        if kind == "number":
            texts, faults = clean_numbers(values)
            rejects.append(reject_table(table, full, codes, values, faults))
        else:
            texts = fold_words(values) if kind == "text" else clean_exact(values)
        columns[full] = column(codes, texts)
    return columns, rejects


def _external_ids(table: pa.Table) -> dict[str, Column]:
    """Identifiers given by systems, trimmed."""
    made = {}
    for name in table.column_names:
        if name in EXTERNAL_ID_COLUMNS or name.startswith("id:"):
            codes, values = distinct(table[name])
            found = column(codes, pc.utf8_trim_whitespace(values))
            if has_value(found):
                made[name] = found
    return made
