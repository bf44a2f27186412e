"""What a made-up list is like: gaps, distinct values, persons, and what plain keys would find.

The keys are normalised by a few plain rules on purpose: this measures the list, not the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.contacts.columns import Codes
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
    """Figures of a list.

    Returns:
        ``rows``, ``persons`` and ``true_pairs``; ``records a person``: number of records -> how
        many persons have it; ``missing`` and ``distinct`` shares per column; ``recall`` and
        ``precision`` of each plain key, by pairs, and the recall of ``any of them``.
    """
    person = _codes(truth.column("true_id").combine_chunks())
    left, right = _true_pairs(person)
    found = np.zeros(len(left), bool)
    recall: dict[str, float] = {}
    precision: dict[str, float] = {}
    values = _plain_values(contacts)
    for key in PLAIN_KEYS:
        block = _blocks([values[name] for name in key])
        agrees = (block[left] == block[right]) & (block[left] >= 0)
        found |= agrees
        recall[" + ".join(key)] = _share(int(agrees.sum()), len(left))
        precision[" + ".join(key)] = _share(int(agrees.sum()), _pairs_within(block))
    recall["any of them"] = _share(int(found.sum()), len(left))
    sizes = np.bincount(person)
    rows, names = len(person), contacts.column_names
    distinct = {name: pc.count_distinct(contacts.column(name)).as_py() for name in names}
    return {
        "rows": rows,
        "persons": len(sizes),
        "records a person": {str(n): int(count) for n, count in _tally(sizes)},
        "true_pairs": len(left),
        "missing": {name: contacts.column(name).null_count / rows for name in names},
        "distinct": {name: count / rows for name, count in distinct.items()},
        "recall": recall,
        "precision": precision,
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


def _blocks(parts: Sequence[Codes]) -> Codes:
    """The block of each record under a key of several parts; -1 where a part is missing."""
    block, missing = parts[0], parts[0] < 0
    for codes in parts[1:]:
        block = block * (int(codes.max(initial=0)) + 1) + codes
        missing |= codes < 0
        block = np.asarray(pa.array(block).dictionary_encode().indices, np.int64)
    return np.where(missing, -1, block)


def _pairs_within(block: Codes) -> int:
    sizes = np.bincount(block[block >= 0])
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
