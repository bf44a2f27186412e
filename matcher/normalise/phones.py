"""Phone numbers, in E.164: the ``phonenumbers`` library decides, a fast lane agrees with it."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise import nanp
from matcher.normalise.faults import Fault, Faults
from matcher.normalise.lanes import Mask, filled, mask

#: A shorter extension is a desk behind a shared number; one this long is part of the number.
MIN_EXTENSION = 3

#: Last seven digits, or a whole national number, that stand for "no phone".
_PLACEHOLDER = (
    r"^\+\d*?(?:0{7}|5{7}|1{7}|9{7}|1234567|0123456789|1234567890|9876543210"
    r"|0{10}|1{10}|2{10}|3{10}|4{10}|5{10}|6{10}|7{10}|8{10}|9{10})(?:x|$)"
)
#: The same in what was typed, for numbers that never become E.164.
_PLACEHOLDER_TYPED = r"^\W*(?:1?\W*(?:(?:0\W*)+|(?:1\W*)+|(?:9\W*)+)|[a-zA-Z/ ]*)$"


#: A number that went through a spreadsheet as a number; and several in one cell.
_DECIMAL = re.compile(r"^([0-9]{7,})\.0$")
_SEVERAL = re.compile(r"[;,|]|\s/\s|\s(?:or|and)\s")


class Phone(NamedTuple):
    """One number as ``phonenumbers`` reads it.

    Attributes:
        text: ``+15035551234``, with ``x3251`` after it for a long extension; ``None`` where the
            text cannot be a number.
        valid: whether a subscriber can have it.
    """

    text: str | None
    valid: bool


def normalise_phone(text: str, region: str = "US") -> Phone:
    """One number, by the library alone: what the fast lane is held against.

    Args:
        text: the number as typed; of several, the first that can be one is read.
        region: ISO 3166 code, upper case, of where it would be dialled without a prefix.
    """
    text = _DECIMAL.sub(r"\1", text.strip())
    first, *others = _SEVERAL.split(text)
    phone = _read(text, region)
    if phone.text is not None or not others:
        return phone
    return next((one for part in (first, *others) if (one := _read(part, region)).text), phone)


def _read(text: str, region: str) -> Phone:
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return Phone(None, False)
    if not phonenumbers.is_possible_number(number):
        return Phone(None, False)
    extension = number.extension or ""
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    suffix = f"x{extension}" if len(extension) >= MIN_EXTENSION else ""
    return Phone(e164 + suffix, phonenumbers.is_valid_number(number))


def known_regions() -> frozenset[str]:
    """Upper-case ISO 3166 codes of the regions whose numbers can be read."""
    import phonenumbers

    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def clean_phones(values: pa.StringArray, region: str) -> tuple[pa.StringArray, Mask, Faults]:
    """``normalise_phone`` of distinct texts; which results nobody can have; what was wrong.

    Placeholders (555-555-5555) come out missing.

    Args:
        values: numbers as typed.
        region: ISO 3166 code, upper case, for numbers without a country prefix.
    """
    texts, valid, done = nanp.read(_without_decimals(values), region)
    odd = np.flatnonzero(~done)
    if odd.size:
        read = [normalise_phone(v, region) for v in values.take(pa.array(odd)).to_pylist()]
        slow = pa.array([phone.text for phone in read], pa.string())
        texts = pc.replace_with_mask(texts, pa.array(~done), slow)
        valid[odd] = [phone.valid for phone in read]
    return _judged(values, texts, valid)


def _without_decimals(values: pa.StringArray) -> pa.StringArray:
    """``5035551234.0`` as the number it was."""
    if not pc.any(pc.ends_with(values, ".0"), min_count=0).as_py():
        return values
    decimal = pc.match_substring_regex(values, _DECIMAL.pattern)
    return pc.if_else(decimal, pc.utf8_slice_codeunits(values, 0, -2), values)


def _judged(
    values: pa.StringArray, texts: pa.StringArray, valid: Mask
) -> tuple[pa.StringArray, Mask, Faults]:
    """Placeholders out, and a fault for whatever is not a number in use."""
    missing = mask(pc.is_null(texts))
    typed = values.filter(pa.array(missing))
    placeholder = mask(pc.match_substring_regex(texts, _PLACEHOLDER))
    placeholder[missing] = mask(pc.match_substring_regex(typed, _PLACEHOLDER_TYPED))
    faults: npt.NDArray[np.uint8] = np.zeros(len(values), np.uint8)
    faults[~valid] = Fault.UNASSIGNED_PHONE
    faults[missing] = Fault.IMPOSSIBLE_PHONE
    faults[placeholder] = Fault.PLACEHOLDER
    faults[np.flatnonzero(missing)[~filled(typed)]] = Fault.NONE
    if placeholder.any():
        texts = pc.if_else(pa.array(placeholder), None, texts)
    return texts, ~valid & ~missing & ~placeholder, faults
