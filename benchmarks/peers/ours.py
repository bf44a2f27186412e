"""The product itself as one of the peers: a process of its own, on the set as it came.

It is told which columns to compare beyond the known ones where the set has such, and nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

import matcher
from benchmarks.datasets import Dataset, Frame
from benchmarks.quality import matched_by_default


def main() -> None:
    """Matches, and writes the clusters as the peers write theirs."""
    folder, answers = (Path(given) for given in sys.argv[1:3])
    result = matched_by_default(given_in(folder))
    clusters = pd.factorize(result.clusters["cluster_id"])[0]
    found = pd.DataFrame({"id": range(len(clusters)), "cluster": clusters})
    found.to_parquet(answers / "clusters-0.5.parquet", index=False)
    said = {"version": matcher.__version__, "pairs": len(result.matched.candidates)}
    (answers / "said.json").write_text(json.dumps(said), encoding="utf-8")


def give(dataset: Dataset, folder: Path) -> None:
    """Writes a set without its truth, for ``given_in``."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(dataset.source, folder / "source.parquet")
    (folder / "right.parquet").unlink(missing_ok=True)
    if dataset.right is not None:
        _write(dataset.right, folder / "right.parquet")
    (folder / "extra.json").write_text(json.dumps(dict(dataset.extra)), encoding="utf-8")


def given_in(folder: Path) -> Dataset:
    """The set that ``give`` wrote; its truth is empty."""
    right = folder / "right.parquet"
    return Dataset(
        folder.name,
        pq.read_table(folder / "source.parquet"),
        pd.DataFrame({"record_id": [], "true_id": []}),
        pq.read_table(right) if right.exists() else None,
        json.loads((folder / "extra.json").read_text(encoding="utf-8")),
    )


def _write(frame: Frame, path: Path) -> None:
    table = frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame)
    pq.write_table(table, path)


if __name__ == "__main__":
    main()
