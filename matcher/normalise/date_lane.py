"""Dates of plain numbers, read all at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_SEPARATOR = "[-/. ]"
_YEAR_FIRST = rf"^(?P<y>[0-9]{{4}}){_SEPARATOR}(?P<a>[0-9]{{1,2}}){_SEPARATOR}(?P<b>[0-9]{{1,2}})$"
_YEAR_LAST = rf"^(?P<a>[0-9]{{1,2}}){_SEPARATOR}(?P<b>[0-9]{{1,2}}){_SEPARATOR}(?P<y>[0-9]{{4}})$"
_DAYS_IN_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
#: Where the digits of year, month and day stand in ``YYYY-MM-DD``.
_PLACES = ((0, 1000), (1, 100), (2, 10), (3, 1)), ((5, 10), (6, 1)), ((8, 10), (9, 1))


class PlainDates(NamedTuple):
    """Texts of three numbers, the year with four digits.

    Attributes:
        where: which texts are such.
        iso: ``YYYY-MM-DD`` of each of these, in order, whether or not there is such a day.
        exists: which of these name a day of the calendar.
        year: of each of these.
    """

    where: Mask
    iso: pa.StringArray
    exists: Mask
    year: Ints


def read_plain_dates(texts: pa.StringArray, *, day_first: bool, year_day_month: bool) -> PlainDates:
    """Dates like ``1975-03-04`` and ``3/4/1975``.

    Args:
        texts: dates as typed, without a time of day.
        day_first: how ``3/4/1975`` is read.
        year_day_month: how ``1975-3-4`` is read.
    """
    where = np.zeros(len(texts), np.bool_)
    numbers = np.zeros((3, len(texts)), np.int64)  # year, month, day
    for pattern, swapped in ((_YEAR_FIRST, year_day_month), (_YEAR_LAST, day_first)):
        parts = pc.extract_regex(texts, pattern)
        fits = parts.is_valid().to_numpy(zero_copy_only=False)
        found = parts.drop_null() if parts.null_count else parts
        year, a, b = (pc.struct_field(found, name).cast(pa.int64()).to_numpy() for name in "yab")
        turned = (b <= 12) & ((a > 12) | swapped)
        numbers[:, fits] = year, np.where(turned, b, a), np.where(turned, a, b)
        where |= fits
    numbers = numbers[:, where]
    return PlainDates(where, _written(numbers), _exist(*numbers), numbers[0])


def _exist(year: Ints, month: Ints, day: Ints) -> Mask:
    """Which of these are days of the Gregorian calendar."""
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    in_year = (year > 0) & (month >= 1) & (month <= 12)
    last = _DAYS_IN_MONTH[np.where(in_year, month, 1) - 1] + (leap & (month == 2))
    exists: Mask = in_year & (day >= 1) & (day <= last)
    return exists


def _written(numbers: Ints) -> pa.StringArray:
    """``YYYY-MM-DD``, by digits."""
    count = numbers.shape[1]
    letters = np.full((count, 10), ord("-"), np.uint8)
    for number, places in zip(numbers, _PLACES, strict=True):
        for place, power in places:
            letters[:, place] = ord("0") + number // power % 10
    offsets = np.arange(0, 10 * count + 1, 10, dtype=np.int32)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), count, buffers)
