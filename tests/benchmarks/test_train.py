"""The shipped model can be made again, and says what made it."""

from __future__ import annotations

from benchmarks.train import ROWS, SEED, train
from matcher import Model
from scoring import CONTACT_MODEL


def test_training_is_repeatable_and_keeps_the_levels() -> None:
    one, other = train(2000, 3), train(2000, 3)
    assert one == other
    assert [comparison.name for comparison in one.weights.comparisons] == [
        comparison.name for comparison in CONTACT_MODEL.comparisons
    ]
    for comparison, by_hand in zip(one.weights.comparisons, CONTACT_MODEL.comparisons, strict=True):
        assert [level.name for level in comparison.levels] == [
            level.name for level in by_hand.levels
        ]


def test_agreement_speaks_for_and_difference_against() -> None:
    for comparison in train(5000, 4).weights.comparisons:
        exact, last = comparison.levels[0], comparison.levels[-1]
        assert exact.weight > 0
        assert len(comparison.levels) == 1 or last.weight < 0


def test_the_shipped_file_says_which_data_and_seed_made_it() -> None:
    made_from = Model.shipped().weights.made_from
    assert f"{ROWS} rows, seed {SEED}" in made_from


def test_what_the_generator_does_not_make_keeps_its_shares_by_hand() -> None:
    trained, by_hand = train(2000, 3).weights, CONTACT_MODEL
    assert trained.comparison("external_id") == by_hand.comparison("external_id")
