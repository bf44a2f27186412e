"""The fast lane for numbers of the North American Numbering Plan (country code 1).

``phonenumbers`` reads about twelve thousand numbers a second. Ten digits from 2 up, or a 1 and
such ten digits, between plain punctuation, need none of its care: they are country code 1, and
whether a subscriber can have them is one regular expression made of the library's own metadata.
Everything else is left to the library. A property test holds the two equal.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.flat import flat, unflat
from matcher.normalise.lanes import Mask, mask, scatter

#: Digits and plain punctuation, then perhaps an extension that no reader could take otherwise.
_SHAPE = r"^ *\+?[0-9(][0-9 .()-]*(?: ?(?:x|ext\.?) ?[0-9]{1,7})?$"
_EXTENDED = r"^(?P<number>[^xe]*[0-9]) ?(?:x|ext\.?) ?(?P<extension>[0-9]+)$"
_MIN_EXTENSION = 3


@cache
def regions_read_alike() -> frozenset[str]:
    """Regions of the plan in which ten digits always mean country code 1 and nothing else.

    The island regions complete seven digits with their own area code; they stay with the library.
    """
    import phonenumbers

    return frozenset(
        region
        for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]
        if (about := phonenumbers.PhoneMetadata.metadata_for_region(region)) is not None
        and about.national_prefix_transform_rule is None
    )


@cache
def valid_pattern() -> str:
    """A regular expression that holds of exactly the ten digits that a subscriber can have."""
    import phonenumbers

    kinds = (
        "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number",
        "voip", "pager", "uan", "voicemail",
    )  # fmt: skip
    patterns: dict[str, None] = {}
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[1]:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        for kind in kinds:
            described = getattr(metadata, kind)
            if described is not None and described.national_number_pattern:
                patterns[described.national_number_pattern] = None
    return "^(?:" + "|".join(patterns) + ")$"


def read(values: pa.StringArray, region: str) -> tuple[pa.StringArray, Mask, Mask]:
    """E.164 text, validity, and which values the lane could read.

    Args:
        values: distinct numbers as typed, no nulls.
        region: ISO 3166 code, upper case, for numbers without a country prefix.

    Returns:
        Three arrays as long as ``values``: the E.164 text (null where not read), whether a
        subscriber can have the number, and whether the lane read it.
    """
    done = mask(pc.match_substring_regex(values, _SHAPE))
    if region not in regions_read_alike() or not done.any():
        return (
            pa.nulls(len(values), pa.string()),
            np.zeros(len(values), bool),
            np.zeros(len(values), bool),
        )
    numbers, extensions = _without_extension(values)
    digits, plain = _ten_digits(numbers)
    done &= plain
    rows = np.flatnonzero(done)
    national = _fixed_width_texts(digits[rows], b"")
    valid = np.zeros(len(values), np.bool_)
    valid[rows] = _in_use(national)
    e164 = _fixed_width_texts(digits[rows], b"+1")
    if extensions is not None:
        long_enough = pc.greater_equal(pc.binary_length(extensions), _MIN_EXTENSION)
        added = pc.if_else(long_enough, pc.binary_join_element_wise("x", extensions, ""), "")
        e164 = pc.binary_join_element_wise(e164, pc.fill_null(added, "").take(pa.array(rows)), "")
    return scatter(done, e164), valid, done


#: So few numbers are matched sooner than Arrow makes the expression ready, which it does each time.
_FEW = 500


def _in_use(national: pa.StringArray) -> Mask:
    """Which numbers of ten digits a subscriber can have."""
    if len(national) > _FEW:
        return mask(pc.match_substring_regex(national, valid_pattern()))
    valid = _compiled().match
    return np.array([valid(number) is not None for number in national.to_pylist()], np.bool_)


@cache
def _compiled() -> re.Pattern[str]:
    return re.compile(valid_pattern())


def _without_extension(values: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray | None]:
    """The numbers without their extensions, and the extensions (null where none)."""
    extended = pc.match_substring(values, "x")
    if not pc.any(extended, min_count=0).as_py():
        return values, None
    parts = pc.extract_regex(values.filter(extended), _EXTENDED)
    numbers = pc.replace_with_mask(values, extended, pc.fill_null(parts.field("number"), ""))
    nothing = pa.nulls(len(values), pa.string())
    return numbers, pc.replace_with_mask(nothing, extended, parts.field("extension"))


def _ten_digits(numbers: pa.StringArray) -> tuple[npt.NDArray[np.uint8], Mask]:
    """The last ten digits of each number (ASCII, n x 10), and which numbers consist of them.

    A number counts where it has ten digits, the first from 2 up, and no plus; or a 1 before them.
    """
    offsets, data = flat(numbers)
    is_digit = (data - np.uint8(ord("0"))) < 10
    before = np.zeros(len(data) + 1, np.int32)
    np.cumsum(is_digit, out=before[1:])
    starts, ends = before[offsets[:-1]], before[offsets[1:]]
    digits = data[is_digit]
    counts = ends - starts
    eleven = counts == 11
    long_enough = (counts == 10) | eleven
    first = np.where(long_enough, ends - 10, 0)
    if not len(digits):
        digits = np.zeros(10, np.uint8)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.append(digits, np.zeros(10, np.uint8)), 10
    )
    last_ten = windows[first]
    plus = mask(pc.match_substring(numbers, "+"))
    one_before = eleven & (digits[np.minimum(starts, len(digits) - 1)] == ord("1"))
    plain = (last_ten[:, 0] >= ord("2")) & (one_before | ((counts == 10) & ~plus))
    return last_ten, plain


def _fixed_width_texts(digits: npt.NDArray[np.uint8], prefix: bytes) -> pa.StringArray:
    """Rows of digits as texts of equal length, each after ``prefix``."""
    count, width = len(digits), len(prefix) + digits.shape[1]
    table = np.empty((count, width), np.uint8)
    table[:, : len(prefix)] = np.frombuffer(prefix, np.uint8)
    table[:, len(prefix) :] = digits
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return unflat(offsets, table.reshape(-1))
