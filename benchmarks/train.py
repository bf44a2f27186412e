"""Makes the shipped contact model from generated contacts with known truth.

``python -m benchmarks.train`` writes ``matcher/models/contact.json``. Match shares are counted
among true pairs, household shares among pairs of two people of one household, unrelated shares
among random pairs; the hand-written starting shares (``scoring.CONTACT_MODEL``) act as a prior,
and stay alone for what the generator does not make (external ids, organisations, units).
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from math import sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.contacts import generate
from matcher.model import Model
from matcher.pipeline import Matched, Settings, match
from matcher.reading import read
from matcher.sampling import random_pairs
from matcher.stages import Stages
from scoring import CONTACT_MODEL, Comparison, Evidence, Rates, Weights
from scoring.estimation import shares, with_random_pairs

ROWS, SEED = 200_000, 7
TARGET = Path(__file__).parent.parent / "matcher" / "models" / "contact.json"

#: A level that fewer pairs of either class show keeps its share by hand.
_FEWEST = 20

#: Pairs that the hand-written shares are worth.
_PSEUDO_PAIRS = 300.0

Ints = npt.NDArray[np.int64]


def main() -> None:
    """Trains and writes the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    model = train(given.rows, given.seed)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    print(f"wrote {model.save(given.out)}")


def train(rows: int, seed: int) -> Model:
    """The contact model counted on generated contacts."""
    contacts, truth = generate(rows, seed)
    matched = match(read(contacts), Settings(model=Model(CONTACT_MODEL)), Stages())
    person, household = (_labels(truth, name) for name in ("true_id", "household_id"))
    left, right = matched.candidates.left, matched.candidates.right
    same = person[left] == person[right]
    family = ~same & (household[left] == household[right])
    weights = _counted(matched, same, family)
    records = matched.records.count
    rates = Rates(round(2 * same.sum() / records, 2), round(2 * family.sum() / records, 2))
    made_from = f"generated contacts, {rows} rows, seed {seed} (python -m benchmarks.train)"
    return Model(replace(weights, rates=rates, made_from=made_from))


def _labels(truth: pa.Table, name: str) -> Ints:
    encoded = truth.column(name).combine_chunks().dictionary_encode()
    labels: Ints = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return labels


def _counted(
    matched: Matched, same: npt.NDArray[np.bool_], family: npt.NDArray[np.bool_]
) -> Weights:
    random: Evidence = matched.scale.comparer.compare(*random_pairs(matched.order))
    base = with_random_pairs(CONTACT_MODEL, random.levels)
    comparisons = tuple(
        _comparison(hand, comparison, matched.evidence.levels_of(place), same, family)
        for place, (hand, comparison) in enumerate(
            zip(CONTACT_MODEL.comparisons, base.comparisons, strict=True)
        )
    )
    return replace(base, comparisons=comparisons)


def _comparison(
    hand: Comparison,
    comparison: Comparison,
    levels: npt.NDArray[np.int8],
    same: npt.NDArray[np.bool_],
    family: npt.NDArray[np.bool_],
) -> Comparison:
    """Shares between hand and count where the generator shows a level often, else by hand."""
    size = len(comparison.levels) + 1
    in_match, in_family = _seen(levels[same], size), _seen(levels[family], size)
    m = shares(comparison, in_match, "m", _PSEUDO_PAIRS)
    h = shares(comparison, in_family, "h", _PSEUDO_PAIRS)
    counted = []
    for place, level in enumerate(comparison.levels):
        shown = in_match[place] >= _FEWEST and in_family[place] >= _FEWEST
        kept = hand.levels[place]
        if shown:
            kept = replace(
                level,
                m=_between(kept.m, m[place]),
                h=_between(kept.h, h[place]),
                u=_between(kept.u, level.u),
            )
        counted.append(kept)
    return replace(comparison, levels=tuple(counted))


def _seen(levels: npt.NDArray[np.int8], size: int) -> npt.NDArray[np.float64]:
    return np.bincount(levels, minlength=size)[1:].astype(np.float64)


def _between(by_hand: float, counted: float) -> float:
    """The geometric mean, to three digits: one generated world is not every list."""
    return float(f"{sqrt(by_hand * counted):.3g}")


if __name__ == "__main__":
    main()
