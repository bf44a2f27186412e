"""What a made-up list is like: gaps, distinct values, persons, and what plain keys would find.

The keys are normalised by a few plain rules on purpose: this measures the list, not the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.contacts.columns import Bools, Codes
from benchmarks.contacts.records import FAKE_EMAILS, FAKE_PHONES, FAKE_STREETS

#: The keys that a careful person would match on by hand.
PLAIN_KEYS: tuple[tuple[str, ...], ...] = (
    ("email",),
    ("phone",),
    ("last_name", "zip"),
    ("address", "zip"),
    ("first_name", "last_name"),
    ("birth_date", "last_name"),
    ("birth_date", "first_name"),
)
_STREET_TYPE = r" (street|avenue|road|drive|lane|court|boulevard|way|place|circle"
_STREET_TYPE += r"|st|ave|rd|dr|ln|ct|blvd|pl|cir)\b\.?"


def describe(contacts: pa.Table, truth: pa.Table) -> dict[str, Any]:
    """Figures of a list: ``rows``, ``persons``, ``missing`` and ``distinct`` shares per column,
    ``true_pairs``, and per key the share of true pairs found (``recall``, the last of all)."""
    person = truth.column("true_id").combine_chunks().dictionary_encode().indices.to_numpy()
    rows = len(person)
    left, right = _true_pairs(person.astype(np.int64))
    found = np.zeros(len(left), bool)
    recall: dict[str, float] = {}
    values = _plain_values(contacts)
    for key in PLAIN_KEYS:
        agrees = _agreement([values[name] for name in key], left, right)
        found |= agrees
        recall[" + ".join(key)] = float(agrees.mean()) if len(left) else 1.0
    recall["any of them"] = float(found.mean()) if len(left) else 1.0
    sizes = np.bincount(person)
    return {
        "rows": rows,
        "persons": len(sizes),
        "records a person": {str(n): int(count) for n, count in _tally(sizes)},
        "true_pairs": len(left),
        "missing": {
            name: contacts.column(name).null_count / rows for name in contacts.column_names
        },
        "distinct": {
            name: pc.count_distinct(contacts.column(name)).as_py() / rows
            for name in contacts.column_names
        },
        "recall": recall,
    }


def _tally(sizes: Codes) -> Iterator[tuple[int, int]]:
    counts = np.bincount(sizes)
    return ((size, int(count)) for size, count in enumerate(counts) if count)


def _true_pairs(person: Codes) -> tuple[Codes, Codes]:
    """All pairs of rows of one person, found by their distance in the order of persons."""
    order = np.argsort(person, kind="stable")
    grouped = person[order]
    lefts, rights = [], []
    for distance in range(1, int(np.bincount(person).max())):
        same = grouped[distance:] == grouped[:-distance]
        lefts.append(order[:-distance][same])
        rights.append(order[distance:][same])
    nothing = np.empty(0, np.int64)
    return np.concatenate((nothing, *lefts)), np.concatenate((nothing, *rights))


def _plain_values(contacts: pa.Table) -> dict[str, Codes]:
    """The attributes that keys are made of, as codes; -1 where missing, fake or left blank."""
    text = {
        name: pc.utf8_trim_whitespace(pc.utf8_lower(contacts.column(name).combine_chunks()))
        for name in contacts.column_names
    }
    digits = pc.replace_substring_regex(text["phone"], "[^0-9]", "")
    street = pc.replace_substring_regex(text["address_line1"], r" (apt|unit|#).*$", "")
    zip_code = pc.utf8_lpad(pc.list_element(pc.split_pattern(text["postal_code"], "-"), 0), 5, "0")
    return {
        "email": _codes(text["email"], FAKE_EMAILS),
        "phone": _codes(pc.utf8_slice_codeunits(pc.utf8_lpad(digits, 11, "1"), 1, 11), _fakes()),
        "first_name": _codes(pc.replace_substring_regex(text["first_name"], "[^a-z]", "")),
        "last_name": _codes(pc.replace_substring_regex(text["last_name"], "[^a-z]", "")),
        "address": _codes(
            pc.replace_substring_regex(street, _STREET_TYPE, ""),
            [fake.lower().removesuffix(" st").removesuffix(" street") for fake in FAKE_STREETS],
        ),
        "zip": _codes(zip_code),
        "birth_date": _codes(_iso(text["birth_date"])),
    }


def _fakes() -> list[str]:
    digits = ("".join(filter(str.isdigit, fake)) for fake in FAKE_PHONES)
    return [fake.rjust(11, "1")[1:] for fake in digits]


def _iso(dates: pa.Array) -> pa.Array:
    """``12/31/1970`` turned round; ISO dates stay."""
    return pc.replace_substring_regex(dates, r"^(\d+)/(\d+)/(\d+)$", r"\3-\1-\2")


def _codes(texts: pa.Array, fakes: Sequence[str] = ()) -> Codes:
    encoded = texts.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    blank = pc.is_in(encoded.dictionary, value_set=pa.array(["", *fakes], pa.string()))
    blank = np.append(blank.to_numpy(zero_copy_only=False), False)
    return np.where(blank[codes], -1, codes)


def _agreement(parts: Sequence[Codes], left: Codes, right: Codes) -> Bools:
    """Which pairs have all parts of the key, and the same ones."""
    agrees = np.ones(len(left), bool)
    for codes in parts:
        agrees &= (codes[left] == codes[right]) & (codes[left] >= 0)
    return agrees
