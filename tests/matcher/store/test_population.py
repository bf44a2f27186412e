"""Records that come all at once are found as those that come in parts."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.contacts.making import generate
from matcher.content import content_hashes
from matcher.model import Model
from matcher.normalise import normalise
from matcher.reading import read
from matcher.records import Records
from matcher.store.frozen import STORE_KEYS, FrozenModel
from matcher.store.population import Population
from matcher.store.remembering import Held, Remembered
from matcher.subsets import subset


@pytest.fixture(scope="module")
def records() -> Records:
    """As many as are worth threads."""
    made, _ = normalise(read(generate(2_500, 7)[0]), default_region="US")
    return made


def added(records: Records, size: int) -> Population:
    """A population that took them in by so many."""
    population, said = Population(), content_hashes(records)
    for start in range(0, records.count, size):
        rows = np.arange(start, min(start + size, records.count))
        population.add(subset(records, rows), said[rows], said[rows])
    return population


@pytest.fixture(scope="module")
def populations(records: Records) -> tuple[Population, Population]:
    return added(records, records.count), added(records, 400)


def test_threads_and_parts_find_the_same(populations: tuple[Population, Population]) -> None:
    around = np.arange(0, 2_500, 5)
    together, apart = (population.pairs(around) for population in populations)
    assert len(together[0]) > len(around)
    np.testing.assert_array_equal(together, apart)
    slots = np.arange(2_500)
    for key in STORE_KEYS:
        for one, other in zip(
            *(population.finer(key.name, slots) for population in populations), strict=True
        ):
            np.testing.assert_array_equal(one, other)


def test_components_looked_up_together_are_as_alone(
    populations: tuple[Population, Population], monkeypatch: pytest.MonkeyPatch
) -> None:
    population, model = populations[0], FrozenModel(1, Model.shipped())
    population.set_components(np.arange(2_500), np.arange(2_500) % 7 + 1)
    monkeypatch.setattr("matcher.store.remembering._SLOTS_TOGETHER", 800)
    together, alone = Remembered(), Remembered()
    numbers = np.arange(1, 8)
    together.look_up(population, model, numbers)
    for number in numbers.tolist():
        assert together.holds(model, number)
        assert not alone.holds(model, number)
        same(
            together.component(population, model, number),
            alone.component(population, model, number),
        )


def same(one: Held, other: Held) -> None:
    """Says where two differ."""
    assert len(one.packed)
    np.testing.assert_array_equal(one.slots, other.slots)
    np.testing.assert_array_equal(one.packed, other.packed)
    for mine, yours in zip(one.evidence, other.evidence, strict=True):
        np.testing.assert_array_equal(mine, yours)
