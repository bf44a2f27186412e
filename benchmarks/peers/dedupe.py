"""dedupe, trained on a thousand pairs labelled with the truth; the best blocking that it learns."""

from __future__ import annotations

import io
import json
import os
from importlib.metadata import version
from typing import Any

import dedupe
from dedupe import variables

from benchmarks.peers.answers import Task

_THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_EXACT = ("suffix", "middle_name")


def main() -> None:
    """Trains, scores once, and writes the clusters of several thresholds."""
    task = Task.given()
    fields = [
        variables.Exists(name) if name in _EXACT else variables.String(name, has_missing=True)
        for name in task.columns
    ]
    records = _plain(task)
    learner: Any = dedupe.Dedupe(fields, num_cores=os.cpu_count())
    learner.prepare_training(records, training_file=_labelled(task, records), sample_size=1500)
    learner.train(recall=0.95, index_predicates=False)
    learner.cleanup_training()
    pairs = learner.pairs(records)
    scores = learner.score(pairs)
    for threshold in _THRESHOLDS:
        ids: list[int] = []
        clusters: list[int] = []
        for number, (members, _) in enumerate(learner.cluster(scores, threshold)):
            ids += [int(member) for member in members]
            clusters += [number] * len(members)
        task.clusters(str(threshold), ids, clusters)
    task.said(version("dedupe"), len(scores))


def _plain(task: Task) -> dict[int, dict[str, str | None]]:
    rows = task.records[task.columns].astype(object)
    rows = rows.where(rows.notna(), None)
    return dict(zip(task.records["id"].tolist(), rows.to_dict("records"), strict=True))


def _labelled(task: Task, records: dict[int, dict[str, str | None]]) -> io.StringIO:
    labels = task.labels()
    pairs = [
        ((records[left], records[right]), same)
        for left, right, same in labels.itertuples(index=False)
    ]
    kinds = {"match": True, "distinct": False}
    content = {
        kind: [
            {"__class__": "tuple", "__value__": list(pair)}
            for pair, same in pairs
            if same is wanted
        ]
        for kind, wanted in kinds.items()
    }
    return io.StringIO(json.dumps(content))


if __name__ == "__main__":
    main()
