"""Where a record is: city, region, postal code and country in one spelling each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import two_lanes
from matcher.normalise.place_names import COUNTRIES, COUNTRY_CODES_3, REGIONS
from matcher.normalise.text import fold_words_text

_CITY_WORDS = {
    "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "pt": "port", "n": "north",
    "s": "south", "e": "east", "w": "west", "spgs": "springs", "hts": "heights", "vlg": "village",
    "bch": "beach", "jct": "junction", "lk": "lake", "twp": "township", "hbr": "harbor",
}  # fmt: skip
_CITY_PLACEHOLDERS = frozenset({"unknown", "none", "na", "n a", "xx", "xxx", "city", "null"})
_NO_POSTAL_CODE = frozenset(
    {
        "",
        "00000",
        "99999",
        "0",
        "00",
        "000",
        "0000",
        "9999",
        "x",
        "xx",
        "xxx",
        "xxxxx",
        "na",
        "none",
    }
)
_ZIP = r"^[0-9]{5}(?:-?[0-9]{4})?$"
_ZIP_TYPED = re.compile(r"([0-9]{5})(?:[- ]?[0-9]{0,4}|\.0+)")


def normalise_city(text: str) -> str | None:
    """A city folded, with ``St.``, ``Mt.``, ``Ft.`` and directions written out."""
    words = fold_words_text(text).split()
    if " ".join(words) in _CITY_PLACEHOLDERS:
        return None
    return " ".join(_CITY_WORDS.get(word, word) for word in words) or None


def clean_cities(values: pa.StringArray) -> pa.StringArray:
    """``normalise_city`` of distinct texts."""
    return _each(values, normalise_city)


def normalise_region(text: str) -> str | None:
    """A US state, Canadian province or Australian state as its lower-case abbreviation.

    A name that is none of these is folded and kept.
    """
    folded, short = _with_and_without_blanks(text)
    known = REGIONS.get(folded) or REGIONS.get(short)
    return known or (short if len(short) <= 3 else folded) or None


def clean_regions(values: pa.StringArray) -> pa.StringArray:
    """``normalise_region`` of distinct texts."""
    return _each(values, normalise_region)


def normalise_country(text: str) -> str | None:
    """A country as its ISO 3166 code of two letters, lower case; unknown names are folded."""
    folded, short = _with_and_without_blanks(text)
    known = COUNTRIES.get(folded) or COUNTRIES.get(short) or COUNTRY_CODES_3.get(short)
    return known or (short if len(short) == 2 else folded) or None


def _with_and_without_blanks(text: str) -> tuple[str, str]:
    """The folded text, and the same for ``N.S.W.`` and ``U.K.``, whose points part letters.

    Letters of two scripts that become one word are folded again as that word.
    """
    folded = fold_words_text(text)
    return folded, fold_words_text(folded.replace(" ", "")).replace(" ", "")


def clean_countries(values: pa.StringArray) -> pa.StringArray:
    """``normalise_country`` of distinct texts."""
    return _each(values, normalise_country)


def normalise_postal_code(text: str) -> str | None:
    """A US ZIP code as its five digits; any other code lower case without blanks."""
    _, code = _with_and_without_blanks(text)
    found = _ZIP_TYPED.fullmatch(text.strip()) or _ZIP_TYPED.fullmatch(code)
    code = found[1] if found else code
    return None if code in _NO_POSTAL_CODE else code


def clean_postal_codes(values: pa.StringArray) -> pa.StringArray:
    """``normalise_postal_code`` of distinct texts."""
    plain = pc.match_substring_regex(values, _ZIP)
    plain = pc.and_not(plain, pc.match_substring_regex(values, r"^(?:0{5}|9{5})"))
    return two_lanes(values, plain, pc.utf8_slice_codeunits(values, 0, 5), normalise_postal_code)


def _each(values: pa.StringArray, function: Callable[[str], str | None]) -> pa.StringArray:
    return pa.array([function(value) for value in values.to_pylist()], pa.string())
