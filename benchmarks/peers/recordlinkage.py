"""recordlinkage with its unsupervised classifier, ECM: the same keys, agreement vectors of 0 and 1.

Follows its guide: string columns agree from a Jaro–Winkler similarity of 0.85, the others exactly;
the classifier learns without labels.
"""

from __future__ import annotations

from functools import reduce
from importlib.metadata import version
from typing import Any

import pandas as pd
import recordlinkage

from benchmarks.peers.answers import Task

_NAMES = ("first_name", "middle_name", "last_name", "organization")
_STRINGS = (*_NAMES, "address", "city", "birth_place")
_EXACT = ("suffix", "email", "phone", "postal_code", "occupation")
_EDITED = ("birth_date", "soc_sec_id")


def main() -> None:
    """Indexes, compares, classifies, and writes the pairs."""
    task = Task.given()
    frame = task.records.set_index("id")
    sides = [frame[frame["side"] == side] for side in (0, 1)] if task.linking else [frame]
    pairs = _indexed(task, sides)
    compare = recordlinkage.Compare()
    for name in task.columns:
        if name in _STRINGS:
            compare.string(name, name, method="jarowinkler", threshold=0.85, label=name)
        elif name in _EXACT:
            compare.exact(name, name, label=name)
        elif name in _EDITED:
            compare.string(name, name, method="damerau_levenshtein", threshold=0.85, label=name)
    vectors = compare.compute(pairs, *sides).astype(int)
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(vectors)
    probability = classifier.prob(vectors)
    index = vectors.index
    task.pairs(
        index.get_level_values(0).to_series(), index.get_level_values(1).to_series(), probability
    )
    task.said(version("recordlinkage"), len(pairs))


def _indexed(task: Task, sides: list[pd.DataFrame]) -> Any:
    """The pairs of all keys together; a missing value is no key."""
    found = []
    for key in task.keys:
        present = [side.dropna(subset=list(key)) for side in sides]
        found.append(recordlinkage.Index().block(list(key)).index(*present))
    return reduce(lambda one, other: one.union(other), found)


if __name__ == "__main__":
    main()
