"""Street addresses of all records: house number, street, unit, and the address without its unit."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.address_lane import split_plain_lines
from matcher.normalise.address_lines import split_line
from matcher.normalise.faults import Fault, Faults
from matcher.normalise.lanes import FEW, Mask, among, mask
from matcher.normalise.street_words import NO_ADDRESS, VAGUE_ADDRESSES
from matcher.normalise.text import fold_words


class Lines(NamedTuple):
    """Distinct lines parsed; every array is as long as the lines.

    Attributes:
        house: house numbers; null where absent, as in the next two.
        street: streets in short words.
        unit: units.
        address: house number and street.
        weak: whether the address is too vague to bring records together.
        faults: what was wrong.
    """

    house: pa.StringArray
    street: pa.StringArray
    unit: pa.StringArray
    address: pa.StringArray
    weak: Mask
    faults: Faults


def clean_lines(values: pa.StringArray, *, second: bool = False) -> Lines:
    """``split_line`` of distinct lines."""
    house, street, unit = _parts(values, second=second)
    nothing = mask(pc.or_(pc.is_null(house), pc.is_null(street)))
    folded = fold_words(values.filter(pa.array(nothing)))
    nothing[nothing] = among(folded, NO_ADDRESS)
    if nothing.any():
        blank = pa.array(nothing)
        house, street, unit = (pc.if_else(blank, None, part) for part in (house, street, unit))
    address = pc.if_else(
        pc.is_valid(house), pc.binary_join_element_wise(house, street, " "), street
    )
    box = mask(pc.starts_with(street, "po box "))
    weak = mask(pc.is_null(house)) & ~box
    weak |= among(address, VAGUE_ADDRESSES)
    faults = np.where(nothing, np.uint8(Fault.PLACEHOLDER), np.uint8(Fault.NONE))
    return Lines(house, street, unit, address, weak, faults)


def _parts(
    values: pa.StringArray, *, second: bool
) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    """House number, street and unit of each line, by the fast lane where it can."""
    if second or len(values) <= FEW:
        return _slowly(values, second=second)
    plain, *parts = split_plain_lines(values)
    if plain.all():
        return parts[0], parts[1], parts[2]
    odd = pa.array(~plain)
    slow = _slowly(values.filter(odd), second=False)
    house, street, unit = (
        pc.replace_with_mask(fast, odd, by_rule) for fast, by_rule in zip(parts, slow, strict=True)
    )
    return house, street, unit


def _slowly(
    values: pa.StringArray, *, second: bool
) -> tuple[pa.StringArray, pa.StringArray, pa.StringArray]:
    lines = [split_line(value, second=second) for value in values.to_pylist()]
    house, street, unit = (pa.array([line[i] for line in lines], pa.string()) for i in range(3))
    return house, street, unit
