"""What a run found, as tables, and ways to ask it why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.explain import Explanation, explain
from matcher.golden import GoldenRecords, cluster_ids
from matcher.model import Model
from matcher.outputs import write_folder
from matcher.pipeline import Matched
from matcher.report import build_report
from matcher.stages import Stage

if TYPE_CHECKING:
    import pandas as pd

    from matcher.plots import Chart

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Result:
    """The people found, with everything behind them.

    Attributes:
        matched: indices and columns of the run; the tables below are made from it when asked for.
        review_band: probabilities between which pairs are for a person to look at.
        threshold: average match probability from which groups were joined.
        stages: what the run spent, stage by stage.
    """

    matched: Matched
    review_band: tuple[float, float]
    threshold: float
    stages: tuple[Stage, ...]

    def __repr__(self) -> str:
        counts = self.report["counts"]
        return f"<Result: {counts['records']:,} records, {counts['clusters']:,} clusters>"

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """``record_id, source, source_record_id, cluster_id``, in the order of the input.

        ``cluster_id`` is the smallest ``record_id`` of the cluster.
        """
        return self.clusters_table().to_pandas()

    def clusters_table(self) -> pa.Table:
        """``clusters`` as an Arrow table."""
        table = self.matched.raw.table.select(["record_id", "source", "source_record_id"])
        return table.append_column("cluster_id", cluster_ids(self.matched))

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every candidate pair with its weight, probabilities and a column of levels each.

        ``record_id_left, record_id_right, weight`` (log2, in bits)\\ ``, probability,
        household_probability``, then one column per comparison with the level in words.
        """
        return self.pairs_table(np.arange(len(self.matched.candidates))).to_pandas()

    def pairs_table(self, chosen: Ints) -> pa.Table:
        """Some candidate pairs, by their places, as an Arrow table."""
        matched = self.matched
        ids = matched.raw.table.column("record_id").combine_chunks()
        columns: dict[str, Any] = {
            "record_id_left": ids.take(pa.array(matched.candidates.left[chosen])),
            "record_id_right": ids.take(pa.array(matched.candidates.right[chosen])),
            "weight": matched.weighed.weight[chosen],
            "probability": matched.weighed.probability[chosen],
            "household_probability": matched.weighed.household_probability[chosen],
        }
        for place, comparison in enumerate(matched.model.weights.comparisons):
            words = pa.array(["missing", *(level.name for level in comparison.levels)])
            levels = pa.array(matched.evidence.levels[chosen, place].astype(np.int32))
            columns[comparison.name] = pa.DictionaryArray.from_arrays(levels, words)
        return pa.table(columns)

    @cached_property
    def review(self) -> pd.DataFrame:
        """The pairs in the review band, the one whose answer teaches most first."""
        return self.review_table().to_pandas()

    def review_table(self) -> pa.Table:
        """``review`` as an Arrow table."""
        return self.pairs_table(self._review_places())

    def _review_places(self) -> Ints:
        """The least certain pairs first; among equals the heavier, then by content."""
        low, high = self.review_band
        weighed, candidates = self.matched.weighed, self.matched.candidates
        places = np.flatnonzero((weighed.probability >= low) & (weighed.probability <= high))
        certainty = np.round(np.abs(weighed.probability[places] - 0.5), 6)
        one = self.matched.order[candidates.left[places]]
        other = self.matched.order[candidates.right[places]]
        ranked = np.lexsort((np.maximum(one, other), np.minimum(one, other), certainty))
        return places[ranked]

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per cluster: the golden record, with the record that each value comes from."""
        return self.people_table().to_pandas()

    def people_table(self) -> pa.Table:
        """``people`` as an Arrow table."""
        return GoldenRecords(self.matched).table()

    @cached_property
    def rejects(self) -> pd.DataFrame:
        """Rows and values that could not be used: ``file, row, column, value, reason``."""
        return self.rejects_table().to_pandas()

    def rejects_table(self) -> pa.Table:
        """``rejects`` as an Arrow table."""
        return pa.concat_tables([self.matched.raw.rejects, self.matched.rejects])

    @cached_property
    def report(self) -> dict[str, Any]:
        """Counts, sources, keys, model, seconds and memory; plain values, ready for JSON."""
        return build_report(self.matched, self.review_band, self.threshold, self.stages)

    @property
    def model(self) -> Model:
        """The model that was used."""
        return self.matched.model

    def explain(self, record_id_left: str, record_id_right: str) -> Explanation:
        """Why two records are, or are not, one person.

        Raises:
            OptionError: an id is unknown.
        """
        return explain(self.matched, record_id_left, record_id_right)

    def plot_cluster_sizes(self) -> Chart:
        """How many people have how many records; needs the extra ``plot``."""
        from matcher.plots import sizes_chart

        return sizes_chart(self.matched)

    def write(self, folder: str | Path) -> Sequence[Path]:
        """Writes people, crosswalk, review, rejects (CSV) and report (JSON) into a folder.

        All files or none: an earlier good result stays until the new one is whole.

        Returns:
            the paths written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        return write_folder(
            Path(folder),
            {
                "people.csv": self.people_table(),
                "crosswalk.csv": self.clusters_table(),
                "review.csv": self.review_table(),
                "rejects.csv": self.rejects_table(),
            },
            self.report,
        )
