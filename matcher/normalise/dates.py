"""Dates as ISO text. Which of day and month comes first is settled once for each file's column."""

from __future__ import annotations

import datetime
import re
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.date_lane import read_plain_dates
from matcher.normalise.faults import Fault, Faults
from matcher.normalise.lanes import FEW, Mask, among, distinct, mask, scatter, spread
from matcher.normalise.text import fold_text
from matcher.records import Codes

#: Two digits of a birth year up to here are of this century, above of the last one.
BIRTH_YEAR_PIVOT = 25
#: The same for dates of recent events.
RECENT_YEAR_PIVOT = 69
#: Parish registers and rolls go back to the sixteenth century.
_EARLIEST_YEAR, _LATEST_YEAR = 1500, 2100
#: Dates that systems write where they know none.
_PLACEHOLDERS = frozenset(
    {
        "0001-01-01", "1753-01-01", "1800-01-01", "1899-12-30", "1899-12-31", "1900-01-01",
        "1900-01-02", "1901-01-01", "2099-12-31", "2100-01-01", "9999-12-31", "9999-01-01",
    }
)  # fmt: skip

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4}|[0-9]{2})")
_EIGHT_DIGITS = re.compile(r"[0-9]{8}")
_NAMED = re.compile(
    r"(?:[a-z]+,? )?(?:(?P<d1>[0-9]{1,2})(?:st|nd|rd|th)?[ -]+(?:of )?(?P<m1>[a-z]{3,9})"
    r"|(?P<m2>[a-z]{3,9})[ -]+(?P<d2>[0-9]{1,2})(?:st|nd|rd|th)?),?[ -]+(?P<y>[0-9]{4}|[0-9]{2})"
)
_INCOMPLETE = re.compile(
    r"[0-9]{4}|[0-9]{4}[-/.][0-9]{1,2}(?:[-/.](?:00|0|\?\?))?|[0-9]{1,2}[-/.][0-9]{4}"
    r"|[a-z]{3,9} [0-9]{4}|[0-9]{4}0000"
)
_TIME = re.compile(r"[t ]+[0-9]{1,2}:[0-9]{2}.*$")
_LOOK_ALIKE_DIGITS = str.maketrans("oli|zgsb", "01112658")
_NUMERIC = re.compile(r"[0-9oli|zgsb]{1,4}[-/.][0-9oli|zgsb]{1,2}[-/.][0-9oli|zgsb]{1,4}")


class Order(IntEnum):
    """Which part comes first where the text does not say."""

    MONTH_FIRST = 0
    DAY_FIRST = 1


class Day(NamedTuple):
    """One text read as a day: ISO text or ``None``, and what was wrong."""

    iso: str | None
    fault: Fault = Fault.NONE


def _spelled(text: str) -> str:
    """Folded, time of day off, letters in a numeric date read as the digits they resemble."""
    if _ISO.fullmatch(text):
        return text
    text = _TIME.sub("", fold_text(text)).replace(". ", " ").strip(" .,")
    return text.translate(_LOOK_ALIKE_DIGITS) if _NUMERIC.fullmatch(text) else text


def normalise_date(
    text: str,
    order: Order = Order.MONTH_FIRST,
    *,
    year_day_month: bool = False,
    pivot: int = BIRTH_YEAR_PIVOT,
) -> Day:
    """One date as typed.

    Args:
        text: the date, perhaps with a time of day, which is ignored.
        order: how ``03/04/1975`` is read; a part above 12 is always the day.
        year_day_month: how ``1975-03-04`` is read: rarely, as the 3rd of April.
        pivot: the last year of two digits that belongs to this century.
    """
    text = _spelled(text)
    if not text:
        return Day(None)
    numbers = _numbers(text, order, year_day_month, pivot)
    if numbers is None:
        incomplete = _INCOMPLETE.fullmatch(text) is not None
        return Day(None, Fault.INCOMPLETE_DATE if incomplete else Fault.UNREADABLE_DATE)
    year, month, day = numbers
    if not any(numbers) or f"{year:04d}-{month:02d}-{day:02d}" in _PLACEHOLDERS:
        return Day(None, Fault.PLACEHOLDER)
    if 0 in (month, day):
        return Day(None, Fault.INCOMPLETE_DATE)
    try:
        iso = datetime.date(year, month, day).isoformat()
    except ValueError:
        return Day(None, Fault.IMPOSSIBLE_DATE)
    in_range = _EARLIEST_YEAR <= year <= _LATEST_YEAR
    return Day(iso) if in_range else Day(None, Fault.IMPOSSIBLE_DATE)


def _numbers(
    text: str, order: Order, year_day_month: bool, pivot: int
) -> tuple[int, int, int] | None:
    """Year, month and day of a spelled text, ``None`` where it has no known shape."""
    if found := _YEAR_FIRST.fullmatch(text):
        year, a, b = map(int, found.groups())
        return (year, b, a) if b <= 12 and (a > 12 or year_day_month) else (year, a, b)
    if found := _YEAR_LAST.fullmatch(text):
        return _year_last(found[1], found[2], _year(found[3], pivot), order)
    if _EIGHT_DIGITS.fullmatch(text):
        if str(_EARLIEST_YEAR) <= text[:4] <= str(_LATEST_YEAR) and int(text[4:6]) <= 12:
            return int(text[:4]), int(text[4:6]), int(text[6:])
        return _year_last(text[:2], text[2:4], int(text[4:]), order)
    if found := _NAMED.fullmatch(text):
        month = _MONTHS.get((found["m1"] or found["m2"])[:3])
        if month is not None:
            return _year(found["y"], pivot), month, int(found["d1"] or found["d2"])
    return None


def _year_last(first: str, second: str, year: int, order: Order) -> tuple[int, int, int]:
    a, b = int(first), int(second)
    day_first = b <= 12 and (a > 12 or order is Order.DAY_FIRST)
    return (year, b, a) if day_first else (year, a, b)


def _year(digits: str, pivot: int) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= pivot else 1900)


_STAMP = r"[Tt ]+[0-9]{1,2}:[0-9]{2}.*$"
_ISO_STAMP = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}"
_DAY, _MONTH = r"(?:1[3-9]|2[0-9]|3[01])", r"(?:0?[1-9]|1[0-2])"
_SEP, _ENDS = r"[-/. ]", r"[-/. ](?:[0-9]{4}|[0-9]{2})$"
#: What settles a column: a part above 12 can only be the day.
_EVIDENCE = {
    "day first": rf"^{_DAY}{_SEP}{_MONTH}{_ENDS}",
    "month first": rf"^{_MONTH}{_SEP}{_DAY}{_ENDS}",
    "year day month": rf"^[0-9]{{4}}{_SEP}{_DAY}{_SEP}{_MONTH}$",
    "year month day": rf"^[0-9]{{4}}{_SEP}{_MONTH}{_SEP}{_DAY}$",
}


class Dates(NamedTuple):
    """A column of dates read: codes into ``typed``, ``iso`` and ``faults`` alike.

    Attributes:
        codes: int32 per record, -1 where nothing was typed.
        typed: the distinct texts as they came; a text read in two orders stands there twice.
        iso: each as ISO text, null where it is not a date.
        faults: what was wrong with each.
    """

    codes: Codes
    typed: pa.StringArray
    iso: pa.StringArray
    faults: Faults


def clean_dates(
    texts: pa.ChunkedArray,
    files: Codes,
    *,
    otherwise: Order = Order.MONTH_FIRST,
    pivot: int = BIRTH_YEAR_PIVOT,
) -> Dates:
    """Read a column of dates, the order of day and month settled for each file by its majority.

    Args:
        texts: dates as typed, one per record.
        files: which file each record came from, counted from 0.
        otherwise: the order in a file whose dates do not tell.
        pivot: as for ``normalise_date``.
    """
    codes, typed = distinct(texts)
    # A million times of day fall on a few thousand days.
    day_codes, days = distinct(pc.replace_substring_regex(typed, _STAMP, ""))
    habits = _habits(spread(day_codes, codes, -1), days, files, otherwise)
    distinct_habits = sorted(set(habits))
    read = [_read(days, order, swapped, pivot) for order, swapped in distinct_habits]
    which = np.array([distinct_habits.index(habit) for habit in habits], np.int32)
    shifted = np.where(codes >= 0, codes + which[files] * np.int32(len(typed)), np.int32(-1))
    picked = pa.array(day_codes)
    return Dates(
        shifted.astype(np.int32),
        pa.concat_arrays([typed] * len(read)),
        pa.concat_arrays([iso.take(picked) for iso, _ in read]),
        np.concatenate([faults[day_codes] for _, faults in read]),
    )


def _read(
    days: pa.StringArray, order: Order, year_day_month: bool, pivot: int
) -> tuple[pa.StringArray, Faults]:
    """ISO text or null of each distinct day, and what was wrong with it."""
    fast, iso = np.zeros(len(days), np.bool_), pa.nulls(len(days), pa.string())
    if len(days) > FEW:
        plain = read_plain_dates(
            days, day_first=order is Order.DAY_FIRST, year_day_month=year_day_month
        )
        good = plain.exists & (plain.year >= _EARLIEST_YEAR) & (plain.year <= _LATEST_YEAR)
        good &= ~among(plain.iso, _PLACEHOLDERS)
        fast[plain.where] = good
        iso = scatter(fast, plain.iso.filter(pa.array(good)))
    odd = [
        normalise_date(text, order, year_day_month=year_day_month, pivot=pivot)
        for text in days.filter(pa.array(~fast)).to_pylist()
    ]
    iso = pc.replace_with_mask(iso, pa.array(~fast), pa.array([d.iso for d in odd], pa.string()))
    faults = np.zeros(len(days), np.uint8)
    faults[~fast] = [day.fault for day in odd]
    return iso, faults


def with_time_of_day(dates: Dates) -> pa.StringArray:
    """The ISO texts with the time of day after a ``T`` where one was typed in ISO form.

    Time zones are left out: it serves to tell the more recent of two records.
    """
    stamped = pc.match_substring_regex(dates.typed, _ISO_STAMP)
    times = pc.utf8_slice_codeunits(dates.typed, 11, 19)
    return pc.if_else(stamped, pc.binary_join_element_wise(dates.iso, times, "T"), dates.iso)


def _matching(days: pa.StringArray, pattern: str) -> Mask:
    """Which days match a pattern."""
    if len(days) > FEW:
        return mask(pc.match_substring_regex(days, pattern))
    matches = re.compile(pattern).match  # which ``re`` keeps ready, and Arrow does not
    return np.array([matches(day) is not None for day in days.to_pylist()], np.bool_)


def _habits(
    codes: Codes, days: pa.StringArray, files: Codes, otherwise: Order
) -> list[tuple[Order, bool]]:
    """Per file: the order of day and month, and whether the day follows the year."""
    told = np.zeros(len(days), np.int32)  # no day tells two things
    for number, pattern in enumerate(_EVIDENCE.values(), 1):
        told[_matching(days, pattern)] = number
    kinds, count = len(_EVIDENCE) + 1, int(files.max(initial=0)) + 1
    votes = np.bincount(files * kinds + spread(told, codes, 0), minlength=count * kinds)
    _, day_first, month_first, year_day, year_month = votes.reshape(count, kinds).T
    more, swapped = day_first - month_first, year_day > year_month
    return [
        (Order.DAY_FIRST if m > 0 else Order.MONTH_FIRST if m < 0 else otherwise, bool(s))
        for m, s in zip(more, swapped, strict=True)
    ]
