"""Where people live: address, unit, ZIP code, city and region as one comparison.

They are one comparison because they are not independent: whoever shares an address shares the ZIP
code, and counting both would count one fact twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.columns import (
    Attribute,
    Bools,
    Compared,
    Ints,
    LevelNumbers,
    Shared,
    SharedValues,
    judge_pairs,
    shared_exact,
)
from scoring.levels import Comparison

_APART, _SAME, _SIMILAR, _SAME_PART = 4, 1, 2, 3


@dataclass(frozen=True)
class PlaceRules:
    """The rules for the location of two records.

    Attributes:
        comparison: its levels.
        address: house number and street.
        house_number, street: the parts of it.
        unit: flat or suite.
        postal_code, city, region: as named.
    """

    comparison: Comparison
    address: Attribute
    house_number: Attribute
    street: Attribute
    unit: Attribute
    postal_code: Attribute
    city: Attribute
    region: Attribute

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels and the rarity of the shared value."""
        number = self.comparison.number
        zip_level = judge_pairs(
            self.postal_code.codes[left], self.postal_code.codes[right], _SAME, self._near_zip
        )
        address = self._address(left, right)
        levels = self._area(left, right, zip_level)
        same_zip, near_zip = zip_level == _SAME, zip_level == _SIMILAR
        zip_apart = zip_level == _APART
        levels[near_zip] = number("near ZIP")
        levels[same_zip] = number("same ZIP")
        levels[same_zip & (address == _APART)] = number("same ZIP, address differs")
        levels[same_zip & (address == _SAME_PART)] = number("same number or street, same ZIP")
        levels[(address == _SIMILAR) & ~zip_apart] = number("similar address")
        levels[address == _SAME] = number("same address")
        levels[(address == _SAME) & zip_apart] = number("same address, ZIP differs")
        units_apart = self._apart(self.unit, left, right)
        levels[(address == _SAME) & ~zip_apart & units_apart] = number("same address, unit differs")
        return self._shared(levels, left)

    def _area(self, left: Ints, right: Ints, zip_level: LevelNumbers) -> LevelNumbers:
        """What city and region say where neither address nor ZIP code agree."""
        number = self.comparison.number
        levels = np.zeros(len(left), np.int8)
        levels[self._apart(self.region, left, right)] = number("different")
        levels[self._apart(self.city, left, right)] = number("different")
        levels[zip_level == _APART] = number("different")
        same_region = self._same(self.region, left, right)
        levels[same_region & (levels > 0)] = number("same region")
        levels[self._same(self.city, left, right)] = number("same city")
        return levels

    def _address(self, left: Ints, right: Ints) -> LevelNumbers:
        """Same, similar, same number or street, apart; 0 where a side has no address."""
        codes = self.address.codes
        levels = judge_pairs(codes[left], codes[right], _SAME, self._near_address)
        part = self._same(self.house_number, left, right) | self._same(self.street, left, right)
        rows = np.flatnonzero(levels == _APART)
        streets = judge_pairs(
            self.street.codes[left[rows]], self.street.codes[right[rows]], _SAME, self._near_street
        )
        number_agrees = self._same(self.house_number, left[rows], right[rows])
        levels[rows[part[rows]]] = _SAME_PART
        levels[rows[number_agrees & (streets > 0) & (streets < _APART)]] = _SIMILAR
        return levels

    def _near_address(self, one: Ints, other: Ints) -> LevelNumbers:
        """Similar texts with wholly other house numbers are neighbours, not one address."""
        close = self.address.similarity(one, other, 0.93) >= 0.93
        rows = np.flatnonzero(close)
        texts = self.address.texts(one[rows], other[rows])
        for row, *sides in zip(rows, *texts, strict=True):
            left, right = (side.split(" ", 1)[0] for side in sides)
            numbers = left[:1].isdigit() and right[:1].isdigit()
            close[row] = not numbers or left == right or _one_edit(left, right)
        return np.where(close, _SIMILAR, _APART).astype(np.int8)

    def _near_street(self, one: Ints, other: Ints) -> LevelNumbers:
        close = self.street.similarity(one, other, 0.85) >= 0.85
        return np.where(close, _SIMILAR, _APART).astype(np.int8)

    def _near_zip(self, one: Ints, other: Ints) -> LevelNumbers:
        near = self.postal_code.edits(one, other, at_most=1) <= 1
        return np.where(near, _SIMILAR, _APART).astype(np.int8)

    def _same(self, attribute: Attribute, left: Ints, right: Ints) -> Bools:
        one, other = attribute.codes[left], attribute.codes[right]
        same: Bools = (one >= 0) & (one == other)
        return same

    def _apart(self, attribute: Attribute, left: Ints, right: Ints) -> Bools:
        one, other = attribute.codes[left], attribute.codes[right]
        apart: Bools = (one >= 0) & (other >= 0) & (one != other)
        return apart

    @property
    def values(self) -> SharedValues:
        """Addresses, then ZIP codes, then cities, in one numbering."""
        of = self.comparison
        parts = [
            self.address.shared_values(np.nan),
            self.postal_code.shared_values(of.levels[of.number("same ZIP") - 1].u),
            self.city.shared_values(of.levels[of.number("same city") - 1].u),
        ]
        return SharedValues(
            np.concatenate([part.holders for part in parts]),
            np.concatenate([part.usual for part in parts]),
        )

    def _shared(self, levels: LevelNumbers, left: Ints) -> Compared:
        rows, codes, offset = [], [], 0
        for name, attribute in (
            ("same address", self.address),
            ("same ZIP", self.postal_code),
            ("same city", self.city),
        ):
            part = shared_exact(levels, self.comparison.number(name), attribute.codes[left])
            rows.append(part.rows)
            codes.append(part.codes + offset)
            offset += len(attribute.values)
        places = np.concatenate(rows)
        ranked = np.argsort(places)  # no pair shares two of the three
        return Compared(levels, Shared(places[ranked], np.concatenate(codes)[ranked]))


def _one_edit(left: str, right: str) -> bool:
    return sum(a != b for a, b in zip(left, right, strict=False)) + abs(len(left) - len(right)) <= 1
