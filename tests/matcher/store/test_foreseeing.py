"""What is weighed before anybody asks is what would be weighed then, and lookups need no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from blocking.pairs import pack
from matcher.pipeline import Scale
from matcher.store import Store, foreseeing
from matcher.store.remembering import weighed_pairs

_FEW, _WHOLE = 2, 12
_MODULES = (
    "clustering",
    *(
        f"store.{name}"
        for name in ("population", "worlds", "layers", "resolving", "settling", "foreseeing")
    ),
)


def member(number: int, family: int, mail: str) -> dict[str, str]:
    return {
        "record_id": f"{family}-{number}",
        "source": "list",
        "first_name": ("Maria", "Mary", "Marie", "John")[number % 4],
        "last_name": f"Okonkwo{'abcdefgh'[family]}",
        "email": mail,
        "phone": f"31255501{family}{number % 3}",
    }


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Families of six, and one too large to be weighed whole, which falls apart."""
    for name in _MODULES:
        monkeypatch.setattr(f"matcher.{name}.WHOLE_COMPONENT", _WHOLE)
    for name in ("foreseeing", "worlds"):
        monkeypatch.setattr(f"matcher.store.{name}.WORTH_REMEMBERING", _FEW)
    monkeypatch.setattr(foreseeing, "_PAIRS_TOGETHER", 10)
    rows = [member(n, family, f"family{family}@aol.com") for family in range(3) for n in range(6)]
    rows += [member(n, 4 + n % 2, f"family{n % 2 + 4}@aol.com") for n in range(40)]
    rows += [{**member(50, 4, "family5@aol.com"), "phone": ""}]
    with Store(tmp_path / "store.duckdb") as opened:
        opened.ingest(rows)
        yield opened


def groups_of(store: Store) -> list[np.ndarray]:
    session = store._session
    population, remembered = session.state.population, session.state.remembered
    return [
        *foreseeing._small(population),
        *foreseeing._parts_of_large(population, session.model, remembered),
    ]


def test_it_is_weighed_as_it_is_when_asked_for(store: Store) -> None:
    store.prepare()
    session = store._session
    population, remembered = session.state.population, session.state.remembered
    groups = groups_of(store)
    assert len(foreseeing._small(population)) >= 3
    for slots in groups:
        assert _FEW < len(slots) < _WHOLE
        known = remembered.within(session.model, slots)
        assert known is not None
        left, right = np.triu_indices(len(slots), 1)
        anew = weighed_pairs(population, session.model, pack(slots[left], slots[right]))
        for one, other in zip(known, anew, strict=True):
            np.testing.assert_array_equal(one, other)
    together = np.concatenate(groups)
    assert len(np.unique(together)) == len(together)


def test_parts_of_large_components_are_among_them(store: Store) -> None:
    population = store._session.state.population
    assert len(population.components_above(_WHOLE))
    store.prepare()
    session = store._session
    assert foreseeing._parts_of_large(population, session.model, session.state.remembered)


def test_a_lookup_weighs_less_and_says_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = {**member(7, 1, "family1@aol.com"), "record_id": "visitor"}
    weighed: list[int] = []
    weigh_pairs = Scale.weigh_pairs

    def counted(scale: Scale, left: np.ndarray, right: np.ndarray) -> object:
        weighed.append(len(left))
        return weigh_pairs(scale, left, right)

    monkeypatch.setattr(Scale, "weigh_pairs", counted)
    with Store(store.backup(store.path.with_name("copy.duckdb"))) as unprepared:
        before = unprepared.resolve(visitor)
    of_whole_family = sum(weighed)
    store.prepare()
    weighed.clear()
    assert store.resolve(visitor) == before
    assert sum(weighed) == of_whole_family - len(list(combinations(range(6), 2)))


def test_twice_and_beyond_what_memory_holds(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreseeing, "MOST_PAIRS", 20)
    store.prepare()
    session = store._session
    remembered = session.state.remembered

    def known() -> list[bool]:
        return [remembered.within(session.model, each) is not None for each in groups_of(store)]

    first = known()
    assert first[0] and not first[-1]
    monkeypatch.setattr(foreseeing, "MOST_PAIRS", 1_000_000)
    store.prepare()
    assert all(known())
