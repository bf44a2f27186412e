"""Emails and phones of all records: several a record, one dictionary for each kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from matcher.normalise.emails import clean_emails
from matcher.normalise.faults import Faults, reject_table
from matcher.normalise.lanes import Mask, column, distinct, used
from matcher.normalise.phones import clean_phones, known_regions
from matcher.records import Codes, Column

_Clean = Callable[[pa.StringArray], tuple[pa.StringArray, Mask, Faults]]


def email_columns(table: pa.Table, names: list[str]) -> tuple[list[Column], list[pa.Table]]:
    """The email of each slot, all sharing one dictionary, and the rejects.

    Args:
        table: the raw table.
        names: its email columns, in order of preference.
    """
    if not names:
        return [], []
    codes, typed = _slots(table, names)
    texts, weak, faults = clean_emails(typed)
    rejects = _rejects(table, names, codes, typed, faults)
    del typed  # which is as large as what is made next
    return _columns(codes, texts, weak), rejects


def phone_columns(
    table: pa.Table, names: list[str], country: Column, default_region: str
) -> tuple[list[Column], list[pa.Table]]:
    """The phone of each slot, all sharing one dictionary, and the rejects.

    Args:
        table: the raw table.
        names: its phone columns, in order of preference.
        country: ISO 3166 codes, lower case: where a record's numbers are dialled.
        default_region: ISO 3166 code, upper case, where the country is missing.
    """
    if not names:
        return [], []
    codes, typed = _slots(table, names)
    regions, region_of = _regions(country, default_region)
    # A number dialled in two regions counts as two: its copies stand one dictionary apart.
    shifted = np.where(codes >= 0, codes + region_of * np.int32(len(typed)), np.int32(-1))
    parts = [_read_used(typed, region, at, codes, region_of) for at, region in enumerate(regions)]
    texts = pa.concat_arrays([part[0] for part in parts])
    weak, faults = (np.concatenate([part[i] for part in parts]) for i in (1, 2))
    del codes, parts
    typed = pa.concat_arrays([typed] * len(regions)) if len(regions) > 1 else typed
    rejects = _rejects(table, names, shifted, typed, faults)
    del typed  # which is as large as what is made next
    return _columns(shifted, texts, weak), rejects


def _regions(country: Column, default_region: str) -> tuple[list[str], Codes]:
    """The regions that occur, and the place of each record's in that list."""
    known = known_regions()
    named = [code.upper() for code in country.values.to_pylist()]
    usable = [code if code in known else default_region for code in named] + [default_region]
    regions = sorted(set(usable))
    places = np.array([regions.index(code) for code in usable], np.int32)
    return regions, places[country.codes]


def _read_used(
    typed: pa.StringArray, region: str, at: int, codes: Codes, region_of: Codes
) -> tuple[pa.StringArray, Mask, Faults]:
    """``clean_phones`` of the numbers that records of one region hold; the others stay missing."""
    needed = np.zeros(len(typed), np.bool_)
    for slot in codes:
        needed |= used(slot, len(typed), region_of == at)
    if needed.all():
        return clean_phones(typed, region)
    places = np.flatnonzero(needed)
    texts, weak, faults = clean_phones(typed.take(pa.array(places)), region)
    at_home = np.full(len(typed), -1, np.int64)
    at_home[places] = np.arange(len(places))
    all_weak, all_faults = np.zeros(len(typed), np.bool_), np.zeros(len(typed), np.uint8)
    all_weak[places], all_faults[places] = weak, faults
    return texts.take(pa.array(at_home, mask=at_home < 0)), all_weak, all_faults


def _slots(table: pa.Table, names: list[str]) -> tuple[Codes, pa.StringArray]:
    """Codes of each column, a row each, into one dictionary of all of them."""
    chunks = [chunk.cast(pa.string()) for name in names for chunk in table[name].chunks]
    codes, values = distinct(pa.chunked_array(chunks, pa.string()))
    return codes.reshape(len(names), -1), values


def _columns(codes: Codes, texts: pa.StringArray, weak: Mask) -> list[Column]:
    """One column a slot; a value that a record holds already is dropped from its later slots."""
    every = column(codes.reshape(-1), texts, weak)
    slots = every.codes.reshape(codes.shape)
    for later in range(1, len(slots)):
        for earlier in slots[:later]:
            slots[later][slots[later] == earlier] = -1
    return [Column(slot, every.values, every.weak) for slot in slots]


def _rejects(
    table: pa.Table, names: list[str], codes: Codes, typed: pa.StringArray, faults: Faults
) -> list[pa.Table]:
    return [
        reject_table(table, name, slot, typed, faults)
        for name, slot in zip(names, codes, strict=True)
    ]
