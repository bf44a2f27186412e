"""Hashed key values meet where the numbered ones do, and do not depend on the rest of the set."""

from __future__ import annotations

import numpy as np
import pytest

import matcher
from blocking import ALWAYS, MEASURED
from blocking.hashed_keys import HashedKeys
from blocking.keys import KeyMaker
from blocking.pairs import Entries
from matcher.demo import write_exports
from matcher.records import Records

KEYS = (*ALWAYS, *MEASURED)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Records:
    folder = tmp_path_factory.mktemp("demo")
    found: Records = matcher.dedupe(write_exports(folder)).matched.records
    return found


def blocks(entries: Entries) -> set[tuple[int, ...]]:
    """The records of each block, whatever its value is called."""
    by_key: dict[int, list[int]] = {}
    for row, key in zip(entries.rows.tolist(), entries.keys.tolist(), strict=True):
        by_key.setdefault(key, []).append(row)
    return {tuple(sorted(rows)) for rows in by_key.values()}


def test_every_key_makes_the_same_blocks_by_hash_as_by_number(records: Records) -> None:
    maker = KeyMaker(records)
    hashed = dict(HashedKeys(records).all(KEYS))
    for key in KEYS:
        make = maker.entries(key)
        if make is not None and len(make().rows):
            assert blocks(hashed[key.name]) == blocks(make()), key.name


def test_the_ids_of_each_system_are_keys(records: Records) -> None:
    hashed = dict(HashedKeys(records).all(()))
    by_number = {key.name: make() for key, make in KeyMaker(records).identifier_keys()}
    assert hashed.keys() == by_number.keys() != set()
    for name, entries in by_number.items():
        assert blocks(hashed[name]) == blocks(entries)


def test_keys_do_not_share_values(records: Records) -> None:
    seen: set[int] = set()
    for name, entries in HashedKeys(records).all(KEYS):
        values = set(np.unique(entries.keys).tolist())
        assert not values & seen, name
        seen |= values
