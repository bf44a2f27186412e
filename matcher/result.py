"""What a run found, as tables, and ways to ask it why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher import outputs
from matcher.compared import compared_texts, is_compared
from matcher.explain import Explanation, explain
from matcher.golden import GoldenRecords, record_groups
from matcher.grouping import cluster_ids
from matcher.model import MADE_BY, Model
from matcher.pipeline import Matched
from matcher.report import found_report, spent_report
from matcher.stages import Progress, Stage, Stages
from matcher.threads import meanwhile, workers
from scoring import Weighed

if TYPE_CHECKING:
    import pandas as pd

    from matcher.actions import Actions
    from matcher.plots import Chart
    from matcher.store.changes import Changes

Ints = npt.NDArray[np.int64]


#: Pairs of the review that are made at once.
_REVIEWED_AT_ONCE = 25_000

#: Of so many records the report is counted while files are written; of more, after them.
_COUNTED_MEANWHILE = 1 << 21


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
        return _frame(self.clusters_table())

    def clusters_table(self) -> pa.Table:
        """``clusters`` as an Arrow table."""
        table = self.matched.raw.table.select(["record_id", "source", "source_record_id"])
        return table.append_column("cluster_id", self._cluster_ids)

    @cached_property
    def _cluster_ids(self) -> pa.Array:
        return self.matched.spill.column("clusters", cluster_ids(self.matched))

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every candidate pair with its weight, probabilities and a column of levels each.

        ``record_id_left, record_id_right, weight`` (log2, in bits)\\ ``, probability,
        household_probability``, then one column per comparison with the level in words.
        """
        return self._made_by_model(self.pairs_table(np.arange(len(self.matched.candidates))))

    def pairs_table(self, chosen: Ints, weighed: Weighed | None = None) -> pa.Table:
        """Some candidate pairs, by their places, as an Arrow table; ``weighed`` if known."""
        matched = self.matched
        ids = matched.raw.table.column("record_id")
        weighed = weighed or matched.weighed.of(chosen)
        columns: dict[str, Any] = {
            "record_id_left": ids.take(pa.array(matched.candidates.left[chosen])),
            "record_id_right": ids.take(pa.array(matched.candidates.right[chosen])),
            "weight": weighed.weight,
            "probability": weighed.probability,
            "household_probability": weighed.household_probability,
        }
        combinations = matched.evidence.combinations.astype(np.int32)
        which = matched.evidence.which[chosen]  # of the pairs asked for alone, which may be few
        for place, comparison in enumerate(matched.model.weights.comparisons):
            words = pa.array(["missing", *(level.name for level in comparison.levels)])
            levels = pa.array(combinations[:, place][which])
            columns[comparison.name] = pa.DictionaryArray.from_arrays(levels, words)
        return pa.table(columns)

    def _made_by_model(self, pairs: pa.Table) -> pd.DataFrame:
        """Pairs as a frame that knows its model, for ``Model.fit``."""
        frame = _frame(pairs)
        frame.attrs[MADE_BY] = self.model.to_json()
        return frame

    def comparison_vectors(self) -> pd.DataFrame:
        """Every candidate pair as numbers, for a classifier from elsewhere.

        ``record_id_left, record_id_right``, then one column per comparison: its weight in bits,
        0 where a value is missing. A row sums to the pair's ``weight``.
        """
        from matcher.vectors import comparison_vectors

        return _frame(comparison_vectors(self.matched))

    @cached_property
    def review(self) -> pd.DataFrame:
        """The pairs in the review band, the one whose answer teaches most first.

        The columns of ``pairs``, then for each comparison that any record has a value for
        ``<comparison>_left`` and ``<comparison>_right``: what was compared.
        """
        return self._made_by_model(self.review_table())

    def review_table(self) -> pa.Table:
        """``review`` as an Arrow table."""
        return self._review_part(*self._reviewed())

    def _review_parts(self) -> Sequence[outputs.Part]:
        """``review`` as it is written, each part made when it is called."""
        places, weighed = self._reviewed()
        starts = range(0, max(len(places), 1), _REVIEWED_AT_ONCE)
        cuts = [slice(start, start + _REVIEWED_AT_ONCE) for start in starts]
        return [partial(self._shown, places[cut], weighed.part(cut)) for cut in cuts]

    def _shown(self, chosen: Ints, weighed: Weighed) -> pa.Table:
        return _rounded(self._review_part(chosen, weighed))

    def _review_part(self, chosen: Ints, weighed: Weighed) -> pa.Table:
        matched = self.matched
        table = self.pairs_table(chosen, weighed)
        sides = {"left": matched.candidates.left[chosen], "right": matched.candidates.right[chosen]}
        for comparison in matched.model.weights.comparisons:
            if is_compared(matched.records, comparison.name):
                for side, rows in sides.items():
                    texts = compared_texts(matched.records, comparison.name, rows)
                    table = table.append_column(f"{comparison.name}_{side}", texts)
        return table

    def _reviewed(self) -> tuple[Ints, Weighed]:
        """The least certain pairs first; among equals the heavier, then by content."""
        low, high = self.review_band
        weighed, candidates = self.matched.weighed, self.matched.candidates
        places = weighed.between(low, high)
        shown = weighed.of(places)
        certainty = np.round(np.abs(shown.probability - 0.5), 6)
        weight = -np.round(shown.weight, 6)
        one = self.matched.order[candidates.left[places]]
        other = self.matched.order[candidates.right[places]]
        ranked = np.lexsort((np.maximum(one, other), np.minimum(one, other), weight, certainty))
        return places[ranked], Weighed(*(values[ranked] for values in shown))

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per cluster: the golden record, with the record that each value comes from."""
        return _frame(self.people_table())

    def people_table(self) -> pa.Table:
        """``people`` as an Arrow table."""
        return GoldenRecords(self.matched, self._cluster_ids).table()

    @cached_property
    def rejects(self) -> pd.DataFrame:
        """Rows and values that could not be used: ``file, row, column, value, reason``."""
        return _frame(self.rejects_table())

    def rejects_table(self) -> pa.Table:
        """``rejects`` as an Arrow table."""
        return pa.concat_tables([self.matched.raw.rejects, self.matched.rejects])

    @property
    def report(self) -> dict[str, Any]:
        """Counts, sources, keys, model, seconds and memory; plain values, ready for JSON."""
        return self._report(self.stages)

    def _report(self, stages: Sequence[Stage]) -> dict[str, Any]:
        return deepcopy(self._found) | spent_report(stages)

    @cached_property
    def _found(self) -> dict[str, Any]:
        """What no stage changes, counted once."""
        with self.matched.spill.eased_meanwhile():
            return found_report(self.matched, self.review_band, self.threshold)

    def _counting(self) -> AbstractContextManager[None]:
        """Counts for the report beside the files, where there is room in memory for both."""
        matched = self.matched
        is_large = matched.spill.limit is not None or matched.records.count > _COUNTED_MEANWHILE
        return nullcontext() if is_large else meanwhile(lambda: self._found)

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

        return sizes_chart(self.matched.clusters)

    def write(self, folder: str | Path, progress: Progress | None = None) -> Sequence[Path]:
        """Writes people, crosswalk, review, rejects (CSV) and report (JSON) into a folder.

        All files or none: an earlier good result stays until the new one is whole. The report
        also says how long this took.

        Args:
            folder: made if absent.
            progress: called with the name of each stage.

        Returns:
            the paths written.

        Raises:
            OutputError: the folder cannot be made or written to.
        """
        stages, place = Stages(progress, spill=self.matched.spill), Path(folder)
        with outputs.open_folder(place) as fresh:
            with stages.stage("people"):
                files = self._files()
            with stages.stage("write"), self._counting():
                outputs.write_csvs({fresh / name: parts for name, parts in files.items()})
            outputs.write_json(fresh / "report.json", self._report((*self.stages, *stages.done)))
        return [place / name for name in (*files, "report.json")]

    def save(self, path: str | Path, progress: Progress | None = None) -> Changes:
        """Makes an identity store of this result: one file that further exports go into.

        The store weighs by this result's model from then on, until ``Store.retrain``. It compares
        by the keys that cost little at any size, so a few of its persons may differ from the
        clusters here, which also came from dearer keys.

        Args:
            path: of the new file, like ``identity.duckdb``.
            progress: called with the name of each stage.

        Returns:
            what the store holds now.

        Raises:
            StoreError: there is a file already, or it cannot be written.
        """
        from matcher.store.store import save

        return save(self.matched, path, progress)

    def actions(
        self,
        done: str | Path | Sequence[str | Path] | None = None,
        sure: float | None = None,
    ) -> Actions:
        """What to do in VAN, NationBuilder and Action Network about people found twice there.

        Args:
            done: folders that the actions of earlier runs were written to; what they merged away
                is not merged again.
            sure: probability from which nobody has to look at a pair before it is merged; by
                default the upper end of the review band.

        Raises:
            InputError: a folder of ``done`` does not hold the files of earlier actions.
        """
        from matcher.actions import plan_actions

        return plan_actions(self.matched, self.review_band[1] if sure is None else sure, done)

    def write_actions(
        self, folder: str | Path, done: str | Path | Sequence[str | Path] | None = None
    ) -> Sequence[Path]:
        """Writes ``actions(done)`` into a folder, all files or none, and returns their paths.

        Raises:
            InputError: a folder of ``done`` does not hold the files of earlier actions.
            OutputError: the folder cannot be made or written to.
        """
        return self.actions(done).write(folder)

    def _files(self) -> Mapping[str, Sequence[outputs.Part]]:
        with workers(len(self.matched.raw), self.matched.spill.threads) as pool:
            grouping = pool.submit(record_groups, self.matched)
            review = pool.submit(self._review_parts)
            # Last, as it takes most memory beside what is there then.
            crosswalk = pool.submit(self.clusters_table).result()
            groups = grouping.result()
        return {
            "people.csv": GoldenRecords(self.matched, self._cluster_ids, groups=groups).parts(),
            "crosswalk.csv": outputs.in_parts(crosswalk),
            "review.csv": review.result(),
            "rejects.csv": outputs.in_parts(self.rejects_table()),
        }


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _rounded(table: pa.Table) -> pa.Table:
    """The numbers with as many digits as mean anything."""
    for name, digits in (("weight", 2), ("probability", 4), ("household_probability", 4)):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.round(table.column(name), digits))
    return table
