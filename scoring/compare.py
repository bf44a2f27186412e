"""All comparisons over pairs of records: columns in, levels and rarities out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scoring.columns import Attribute, Attributes, Bools, Compared, Ints, nothing
from scoring.dates import DateRules
from scoring.emails import EmailRules
from scoring.extras import ExtraRules
from scoring.levels import Comparison, Weights
from scoring.names import NameRules, Nicknames, Swaps, compare_suffix
from scoring.phones import PhoneRules
from scoring.places import PlaceRules

#: Pairs are compared in slices of this many, which bounds memory and keeps gathers in cache.
_SLICE = 1 << 20


class Evidence(NamedTuple):
    """What the comparisons found for pairs.

    Attributes:
        levels: int8, one row per pair, one column per comparison; 0 where a side is missing.
        rarity: float64 per pair, log2 of how often unrelated people share the very values that
            this pair shares, over all levels that count rarity.
        household_rarity: float64 per pair, the same for two people of one household, over the
            comparisons with a household floor.
    """

    levels: npt.NDArray[np.int8]
    rarity: npt.NDArray[np.float64]
    household_rarity: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comparer:
    """Compares records of one set; what rules derive from distinct values is made once.

    Attributes:
        attributes: normalised records.
        weights: the model, whose comparisons are run in its order.
        nicknames: name -> the formal names that it stands for.
        extras: further column -> kind; their comparisons stand in ``weights`` under that name.
    """

    attributes: Attributes
    weights: Weights
    nicknames: Nicknames
    extras: Mapping[str, str]

    def compare(self, left: Ints, right: Ints) -> Evidence:
        """Levels and rarities of pairs.

        Args:
            left: int64 record indices.
            right: int64 record indices of the other side.
        """
        count, width = len(left), len(self.weights.comparisons)
        evidence = Evidence(np.zeros((count, width), np.int8), np.zeros(count), np.zeros(count))
        for start in range(0, count, _SLICE):
            part = slice(start, start + _SLICE)
            levels, rarity, household = evidence
            into = Evidence(levels[part], rarity[part], household[part])
            self._fill(into, left[part], right[part])
        return evidence

    def details(self, left: Ints, right: Ints) -> Mapping[str, Compared]:
        """Each comparison by itself, for explaining single pairs."""
        found: dict[str, Compared] = {}
        found["first_name"], found["last_name"] = self._names(left, right)
        for name, rule in self._rules.items():
            found[name] = rule(left, right)
        if self._emails is not None:
            agrees = self._name_agrees(found["first_name"], found["last_name"])
            found["email"] = self._emails.compare(left, right, agrees, self._name_attributes)
        return {
            comparison.name: found.get(comparison.name, nothing(len(left)))
            for comparison in self.weights.comparisons
        }

    def _fill(self, evidence: Evidence, left: Ints, right: Ints) -> None:
        details = self.details(left, right)
        for place, comparison in enumerate(self.weights.comparisons):
            levels, chance = details[comparison.name]
            evidence.levels[:, place] = levels
            known = np.flatnonzero(~np.isnan(chance))
            evidence.rarity[known] += np.log2(chance[known])
            if comparison.household_floor:
                at_least = np.maximum(chance[known], comparison.household_floor)
                evidence.household_rarity[known] += np.log2(at_least)

    def _names(self, left: Ints, right: Ints) -> tuple[Compared, Compared]:
        first, last = self._first, self._last
        missing = nothing(len(left))
        one = first.levels(left, right, first.first) if first else missing.levels
        other = last.levels(left, right, last.last) if last else missing.levels.copy()
        if first and last:
            swapped = self._swaps.between(left, right) & (one != first.comparison.number("exact"))
            one[swapped] = first.comparison.number("swapped with last name")
            other[swapped] = 0
        return (
            first.with_chance(one, left) if first else missing,
            last.with_chance(other, left) if last else missing,
        )

    def _name_agrees(self, first: Compared, last: Compared) -> Bools:
        """First or last name agrees, so that an email made of names is no news."""
        good_first = self.weights.comparison("first_name").number("prefix")
        good_last = self.weights.comparison("last_name").number("similar")
        agrees: Bools = ((first.levels > 0) & (first.levels < good_first)) | (
            (last.levels > 0) & (last.levels <= good_last)
        )
        return agrees

    @cached_property
    def _first(self) -> NameRules | None:
        return self._name_rules("first_name", self.nicknames)

    @cached_property
    def _last(self) -> NameRules | None:
        return self._name_rules("last_name", None)

    def _name_rules(self, name: str, nicknames: Nicknames | None) -> NameRules | None:
        attribute = self._attribute(name)
        if attribute is None:
            return None
        return NameRules(attribute, self.weights.comparison(name), nicknames)

    @cached_property
    def _swaps(self) -> Swaps:
        first, last = self._name_attributes
        return Swaps(first, last)

    @cached_property
    def _name_attributes(self) -> tuple[Attribute, ...]:
        return tuple(rules.attribute for rules in (self._first, self._last) if rules)

    @cached_property
    def _emails(self) -> EmailRules | None:
        slots = self.attributes.emails
        if not slots:
            return None
        codes = [slot.codes for slot in slots]
        return EmailRules(codes, slots[0].values, self.weights.comparison("email"))

    @cached_property
    def _rules(self) -> Mapping[str, Callable[[Ints, Ints], Compared]]:
        """The comparisons that need nothing of each other."""
        rules: dict[str, Callable[[Ints, Ints], Compared]] = {}
        of = self.weights.comparison
        if (middle := self._name_rules("middle_name", None)) is not None:
            rules["middle_name"] = _name_comparison(middle, middle.middle)
        if (organization := self._name_rules("organization", None)) is not None:
            rules["organization"] = _name_comparison(organization, organization.organisation)
        if (suffix := self._attribute("suffix")) is not None:
            rules["suffix"] = lambda left, right: compare_suffix(suffix, left, right, of("suffix"))
        if self.attributes.phones:
            slots = [Attribute(column) for column in self.attributes.phones]
            rules["phone"] = PhoneRules(slots, of("phone")).compare
        if (birth_date := self._attribute("birth_date")) is not None:
            rules["birth_date"] = DateRules(birth_date, of("birth_date")).compare
        if any(name in self.attributes.columns for name in _PLACES):
            places = {name: self._attribute(name) or self._missing for name in _PLACES}
            rules["location"] = PlaceRules(of("location"), **places).compare
        if self.attributes.external_ids:
            rules["external_id"] = self._external_ids
        rules.update(self._extra_rules())
        return rules

    def _extra_rules(self) -> Mapping[str, Callable[[Ints, Ints], Compared]]:
        rules = {}
        for name, kind in self.extras.items():
            attribute, comparison = self._attribute(name), self.weights.comparison(name)
            if attribute is not None and kind == "date":
                rules[name] = DateRules(attribute, comparison).compare
            elif attribute is not None:
                rules[name] = ExtraRules(attribute, comparison, kind).compare
        return rules

    def _external_ids(self, left: Ints, right: Ints) -> Compared:
        """Equal in any id system; ids that differ say nothing, as duplicates have two."""
        comparison = self.weights.comparison("external_id")
        found = nothing(len(left))
        for column in self.attributes.external_ids.values():
            one, other = column.codes[left], column.codes[right]
            rows = np.flatnonzero((one >= 0) & (one == other))
            found.levels[rows] = comparison.number("exact")
            found.chance[rows] = comparison.holders_unrelated / max(self.attributes.count, 1)
        return found

    def _attribute(self, name: str) -> Attribute | None:
        column = self.attributes.columns.get(name)
        return None if column is None else Attribute(column)

    @cached_property
    def _missing(self) -> Attribute:
        return Attribute(_Missing(self.attributes.count))


class _Missing:
    """A column in which every value is missing."""

    def __init__(self, count: int) -> None:
        self.codes = np.full(count, -1, np.int32)
        self.values = pa.array([], pa.string())


def _name_comparison(
    rules: NameRules, judge: Callable[[Ints, Ints], npt.NDArray[np.int8]]
) -> Callable[[Ints, Ints], Compared]:
    def compare(left: Ints, right: Ints) -> Compared:
        levels = rules.levels(left, right, judge)
        return rules.with_chance(_initials_agree(rules, levels, left), left)

    return compare


def _initials_agree(
    rules: NameRules, levels: npt.NDArray[np.int8], left: Ints
) -> npt.NDArray[np.int8]:
    """Two equal single letters are the same initial, not the same name."""
    comparison: Comparison = rules.comparison
    if all(level.name != "same initial" for level in comparison.levels):
        return levels
    rows = np.flatnonzero(levels == comparison.number("exact"))
    initial = rules.initial[rules.attribute.codes[left[rows]]]
    levels[rows[initial]] = comparison.number("same initial")
    return levels


_PLACES = ("address", "house_number", "street", "unit", "postal_code", "city", "region")
