"""All comparisons over pairs of records: columns in, levels and rarities out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa

from scoring.columns import (
    Attribute,
    Attributes,
    Codes,
    Column,
    Compared,
    Floats,
    Ints,
    LevelNumbers,
    SharedValues,
    holders_of,
    nothing,
)
from scoring.dates import DateRules
from scoring.emails import EmailRules
from scoring.estimation import FEWEST_RECORDS
from scoring.evidence import Evidence, Grown, InMemory, Joining, distinct_rows
from scoring.exchanged import ByMiddle, Swaps
from scoring.external_ids import ExternalIdRules
from scoring.extras import ExtraRules
from scoring.levels import Weights
from scoring.names import (
    MiddleRules,
    NameRules,
    Nicknames,
    OrganizationRules,
    SuffixRules,
)
from scoring.phones import PhoneRules
from scoring.places import PlaceRules
from scoring.texts import AnyCodes
from scoring.turns import in_turn

#: Pairs are compared in slices of this many, which bounds memory and keeps gathers in cache.
_SLICE = 1 << 18

#: Fewer pairs are compared sooner than a thread starts.
_WORTH_THREADS = 20_000


#: Names of which it counts how many records hold them.
NAMES_IN_USE = ("first_name", "last_name")


class Rule(Protocol):
    """One comparison that needs nothing of the others."""

    @property
    def values(self) -> SharedValues:
        """The values whose rarity counts."""

    def compare(self, left: Ints, right: Ints) -> Compared:
        """Levels of pairs of records."""


@dataclass(frozen=True)
class Comparer:
    """Compares records of one set; what rules derive from distinct values is made once.

    Attributes:
        attributes: normalised records.
        weights: the model, whose comparisons are run in its order.
        nicknames: name -> the formal names that it stands for.
        extras: further column -> kind; their comparisons stand in ``weights`` under that name.
        holders: name column -> float64, how many records of a larger set hold each of its values,
            NaN where that is not known; a column not given is counted here.
    """

    attributes: Attributes
    weights: Weights
    nicknames: Nicknames
    extras: Mapping[str, str]
    holders: Mapping[str, Floats] = field(default_factory=dict)

    def compare(
        self, left: AnyCodes, right: AnyCodes, grown: Callable[[], Grown] = InMemory
    ) -> Evidence:
        """Levels and shared values of pairs.

        Args:
            left: record indices.
            right: record indices of the other side.
            grown: makes a place for what pairs share, which is the larger part of the evidence.
        """
        if len(left) <= _SLICE and grown is InMemory:
            return self._part(left, right, threads=2)
        joining = Joining(grown)
        joining.add(self._part(left[:_SLICE], right[:_SLICE], threads=2))
        others = range(_SLICE, len(left), _SLICE)  # for which all is there that rules derive
        slices = [slice(start, start + _SLICE) for start in others]
        for part in in_turn(lambda here: self._part(left[here], right[here], threads=1), slices):
            joining.add(part)
        return joining.whole()

    def _part(self, left: AnyCodes, right: AnyCodes, threads: int) -> Evidence:
        """The evidence of a slice of the pairs."""
        sides = left.astype(np.int64), right.astype(np.int64)
        details = self.details(*sides, threads=threads).values()
        combinations, which = distinct_rows([found.levels for found in details])
        shared = tuple(found.shared for found in details)
        return Evidence(combinations.astype(np.int8), which, shared)

    def shared_values(self) -> Mapping[str, SharedValues]:
        """The values whose rarity counts, by comparison."""
        rules: dict[str, Rule | NameRules | EmailRules | None] = {
            "first_name": self._first,
            "last_name": self._last,
            "email": self._emails,
            **self._rules,
        }
        return {name: rule.values for name, rule in rules.items() if rule is not None}

    def shared_texts(self) -> Mapping[str, Mapping[str, pa.StringArray]]:
        """The texts of ``shared_values`` by attribute, in the order in which they are numbered.

        None for comparisons in which no value is rarer than another.
        """
        columns = self.attributes.columns
        found: dict[str, dict[str, pa.StringArray]] = {}
        for name, counted in self.shared_values().items():
            if not len(counted.holders) or name == "external_id":
                continue
            if name in _SLOTS:
                found[name] = {name: _SLOTS[name](self.attributes)[0].values}
            else:
                parts = _NUMBERED_THROUGH.get(name, (name,))
                found[name] = {part: columns[part].values for part in parts if part in columns}
        return found

    def details(self, left: Ints, right: Ints, threads: int = 2) -> Mapping[str, Compared]:
        """Each comparison by itself.

        Args:
            left: record indices.
            right: record indices of the other side.
            threads: comparisons of many pairs that run at once; each has its own result, so which
                thread made it does not matter.
        """
        names = self._names_and_email
        rules = self._rules
        if threads == 1 or len(left) < _WORTH_THREADS:
            found = names(left, right)
            found.update((name, rule.compare(left, right)) for name, rule in rules.items())
        else:
            with ThreadPoolExecutor(threads) as pool:
                named = pool.submit(names, left, right)
                others = pool.map(lambda rule: rule.compare(left, right), rules.values())
                found = dict(zip(rules, others, strict=True))
                found.update(named.result())
        return {
            comparison.name: found.get(comparison.name, nothing(len(left)))
            for comparison in self.weights.comparisons
        }

    def _names_and_email(self, left: Ints, right: Ints) -> dict[str, Compared]:
        """Names first: whether they agree decides what a near email is worth."""
        first, last = self._names(left, right)
        found = {"first_name": first, "last_name": last}
        if self._emails is not None:
            agree = self._names_agree(first, last)
            found["email"] = self._emails.compare(left, right, agree, self._name_attributes)
        if self._suffixes is not None:
            similar = self.weights.comparison("first_name").number("similar")
            agrees = (first.levels > 0) & (first.levels <= similar)
            found["suffix"] = self._suffixes.compare(left, right, agrees)
        return found

    def _names(self, left: Ints, right: Ints) -> tuple[Compared, Compared]:
        first, last = self._first, self._last
        missing = nothing(len(left))
        one = first.levels(left, right, first.first) if first else missing.levels
        other = last.levels(left, right, last.last) if last else missing.levels.copy()
        if first and last:
            self._mark_swapped(one, other, left, right)
        if self._by_middle is not None:
            self._mark_middle(self._by_middle, one, left, right)
        return (
            first.shared(one, left) if first else missing,
            last.shared(other, left) if last else missing,
        )

    def _mark_swapped(
        self, one: LevelNumbers, other: LevelNumbers, left: Ints, right: Ints
    ) -> None:
        """Where given and family name are exchanged, the first name's level tells it alone."""
        first = self.weights.comparison("first_name")
        last = self.weights.comparison("last_name")
        swapped = self._swaps.between(left, right) & (one != first.number("exact"))
        one[swapped] = first.number("swapped with last name")
        other[swapped] = 0
        open_first = (one == 0) | (one >= first.number("somewhat similar"))
        open_last = (other == 0) | (other >= last.number("somewhat similar"))
        rows = np.flatnonzero(open_first & open_last)
        known = rows[(one[rows] > 0) & (other[rows] > 0)]
        half = rows[self._swaps.half(left[rows], right[rows])]
        nearly = known[self._swaps.nearly(left[known], right[known])]
        one[half] = first.number("one name in the place of the other")
        one[nearly] = first.number("nearly swapped with last name")
        other[half] = other[nearly] = 0

    def _mark_middle(self, by_middle: ByMiddle, one: LevelNumbers, left: Ints, right: Ints) -> None:
        """Unlike first names of which one is the middle name, or its initial, of the other."""
        first = self.weights.comparison("first_name")
        rows = np.flatnonzero(one >= first.number("similar, both in use"))
        initial, full = by_middle.between(left[rows], right[rows])
        one[rows[initial]] = first.number("its initial the other's middle one")
        one[rows[full]] = first.number("the other's middle name")

    def _names_agree(self, first: Compared, last: Compared) -> LevelNumbers:
        """How many of first and last name agree, so that an email made of them is no news."""
        good_first = self.weights.comparison("first_name").number("similar")
        good_last = self.weights.comparison("last_name").number("similar")
        agree = (first.levels > 0) & (first.levels <= good_first)
        return agree.astype(np.int8) + ((last.levels > 0) & (last.levels <= good_last))

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
        holders = self.holders.get(name)
        if holders is None and self.attributes.count >= FEWEST_RECORDS:
            holders = holders_of([attribute.codes], len(attribute.values))
        return NameRules(attribute, self.weights.comparison(name), nicknames, holders)

    @cached_property
    def _swaps(self) -> Swaps:
        first, last = self._name_attributes
        return Swaps(first, last)

    @cached_property
    def _by_middle(self) -> ByMiddle | None:
        middle = self._attribute("middle_name")
        return ByMiddle(self._first.attribute, middle) if self._first and middle else None

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

    @property
    def compares_suffixes(self) -> bool:
        """Whether any record has a suffix, or is said to have none."""
        return self._suffixes is not None

    @cached_property
    def _suffixes(self) -> SuffixRules | None:
        suffix = self._attribute("suffix")
        return SuffixRules(suffix, self.weights.comparison("suffix")) if suffix else None

    @cached_property
    def _rules(self) -> Mapping[str, Rule]:
        """The comparisons that need nothing of each other."""
        rules: dict[str, Rule] = {}
        of = self.weights.comparison
        if (middle := self._name_rules("middle_name", None)) is not None:
            rules["middle_name"] = MiddleRules(middle)
        if (names := self._organisation_names()) is not None:
            rules["organization"] = OrganizationRules(names)
        if self.attributes.phones:
            slots = [Attribute(column) for column in self.attributes.phones]
            rules["phone"] = PhoneRules(slots, of("phone"))
        if (birth_date := self._attribute("birth_date")) is not None:
            rules["birth_date"] = DateRules(birth_date, of("birth_date"))
        if any(name in self.attributes.columns for name in _PLACES):
            places = {name: self._attribute(name) or self._missing for name in _PLACES}
            rules["location"] = PlaceRules(of("location"), **places)
        if self.attributes.external_ids:
            ids = [column.codes for column in self.attributes.external_ids.values()]
            rules["external_id"] = ExternalIdRules(ids, of("external_id"))
        rules.update(self._extra_rules())
        return rules

    def _organisation_names(self) -> NameRules | None:
        """The names of organisations; the employer of a person is no evidence.

        Colleagues share it, and a copied card has the name and employer of its owner.
        """
        column = self.attributes.columns.get("organization")
        organisation = self.attributes.organisation
        if column is None or not organisation.any():
            return None
        codes = np.where(organisation, column.codes, np.int32(-1))
        names = Attribute(_Coded(codes, column.values))
        return NameRules(names, self.weights.comparison("organization"), None)

    def _extra_rules(self) -> Mapping[str, Rule]:
        rules: dict[str, Rule] = {}
        for name, kind in self.extras.items():
            attribute, comparison = self._attribute(name), self.weights.comparison(name)
            if attribute is not None and kind == "date":
                rules[name] = DateRules(attribute, comparison)
            elif attribute is not None:
                rules[name] = ExtraRules(attribute, comparison, kind)
        return rules

    def _attribute(self, name: str) -> Attribute | None:
        column = self.attributes.columns.get(name)
        return None if column is None else Attribute(column)

    @cached_property
    def _missing(self) -> Attribute:
        nothing_known = np.full(self.attributes.count, -1, np.int32)
        return Attribute(_Coded(nothing_known, pa.array([], pa.string())))


class _Coded(NamedTuple):
    """A column made here."""

    codes: Codes
    values: pa.StringArray


_PLACES = ("address", "house_number", "street", "unit", "postal_code", "city", "region")

#: Comparisons of attributes that repeat.
_SLOTS: Mapping[str, Callable[[Attributes], Sequence[Column]]] = {
    "email": lambda attributes: attributes.emails,
    "phone": lambda attributes: attributes.phones,
}

#: Comparisons whose values are numbered through several attributes.
_NUMBERED_THROUGH = {"location": ("address", "postal_code", "city")}
