"""How good a clustering is, against a known truth: by pairs, by records and by whole clusters.

All counts come from one contingency table of (cluster, true person) cells, made by sorting packed
codes, so that a million records take about a second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    #: What says which group each record is in: a frame with ``record_id`` and one more column, a
    #: Series indexed by record id, or a mapping from record id to group.
    Assignment: TypeAlias = pd.DataFrame | pd.Series[Any] | pa.Table | Mapping[Any, Any]

_Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a clustering got right and wrong.

    Pairs: of the pairs of records put together, the share that is right (precision); of the pairs
    that belong together, the share that was found (recall). With no pair to judge a share is 1.
    B-cubed: the same two shares taken for each record over its own cluster, then averaged over
    records, so that a large person does not outweigh many small ones (Bagga and Baldwin, 1998).

    Attributes:
        records: records judged.
        persons: true persons among them.
        clusters: clusters stated.
        true_pairs: pairs of records of one true person.
        stated_pairs: pairs of records in one cluster.
        correct_pairs: pairs that are both.
        precision, recall, f1: by pairs, 0 to 1.
        bcubed_precision, bcubed_recall, bcubed_f1: by records, 0 to 1.
        exact_clusters: true persons whose cluster holds all of their records and no other.
        exact_share: the same as a share of true persons.
        false_merge_clusters: clusters that hold records of more than one true person.
        split_persons: true persons whose records are in more than one cluster.
    """

    records: int
    persons: int
    clusters: int
    true_pairs: int
    stated_pairs: int
    correct_pairs: int
    precision: float
    recall: float
    f1: float
    bcubed_precision: float
    bcubed_recall: float
    bcubed_f1: float
    exact_clusters: int
    exact_share: float
    false_merge_clusters: int
    split_persons: int

    def as_dict(self) -> dict[str, int | float]:
        """The figures by name, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        lines = [
            f"{'':12}{'precision':>10}{'recall':>10}{'F1':>10}",
            f"{'pairs':12}{self.precision:10.4f}{self.recall:10.4f}{self.f1:10.4f}",
            f"{'B-cubed':12}"
            f"{self.bcubed_precision:10.4f}{self.bcubed_recall:10.4f}{self.bcubed_f1:10.4f}",
            "",
            f"{self.records:,} records, {self.persons:,} persons, {self.clusters:,} clusters",
            f"{self.correct_pairs:,} of {self.true_pairs:,} true pairs found, "
            f"{self.stated_pairs - self.correct_pairs:,} pairs wrong",
            f"{self.exact_clusters:,} persons exactly right ({self.exact_share:.1%}), "
            f"{self.split_persons:,} split, "
            f"{self.false_merge_clusters:,} clusters mix persons",
        ]
        return "\n".join(lines)


def evaluate(clusters: Assignment, truth: Assignment) -> Evaluation:
    """Compare a clustering with the truth.

    Args:
        clusters: the group stated for each record: a DataFrame or Arrow table with ``record_id``
            and ``cluster_id``, a Series indexed by record id, or a mapping from record id.
        truth: the same with the true person: the column ``true_id``, or the only other one.
            Record ids are compared as text, so 7 and "7" are one record.

    Raises:
        OptionError: a column is absent or cannot be told, a record id is repeated, a group is
            missing, or the two sides do not hold the same records.
    """
    cluster_ids, cluster_of = _assignment(clusters, "cluster_id", "clusters")
    truth_ids, person_of = _assignment(truth, "true_id", "truth")
    aligned = _align(cluster_ids, truth_ids)
    return _judge(_codes(cluster_of), _codes(person_of)[aligned])


def true_persons(record_ids: pa.Array, truth: Assignment) -> npt.NDArray[np.int64]:
    """The true person of each record as a number from 0, in the order of the records.

    Args:
        record_ids: text, one per record.
        truth: as ``evaluate`` takes it; it must hold the same records.

    Raises:
        OptionError: as ``evaluate`` raises it.
    """
    truth_ids, person_of = _assignment(truth, "true_id", "truth")
    return _codes(person_of)[_align(record_ids.cast(pa.large_string()), truth_ids)]


def _assignment(given: Assignment, preferred: str, side: str) -> tuple[pa.Array, pa.Array]:
    """The record ids (as text) and the groups of one side, checked."""
    ids, groups = _two_columns(given, preferred, side)
    if not len(ids):
        raise OptionError(f"{side} is empty: there is nothing to evaluate")
    missing = max(ids.null_count, groups.null_count)
    if missing:
        raise OptionError(
            f"{side} has {missing:,} rows without a record id or a group: give each record a "
            "group of its own, or leave it out of both sides"
        )
    ids = ids.cast(pa.large_string())
    repeated = len(ids) - pc.count_distinct(ids).as_py()
    if repeated:
        raise OptionError(f"{side} names {repeated:,} record ids more than once")
    return ids, groups


def _two_columns(given: Assignment, preferred: str, side: str) -> tuple[pa.Array, pa.Array]:
    if isinstance(given, Mapping):
        return _array(list(given.keys())), _array(list(given.values()))
    if isinstance(given, pa.Table):
        ids, groups = (given.column(name) for name in _names(given.column_names, preferred, side))
        return _array(ids), _array(groups)
    import pandas as pd

    if isinstance(given, pd.Series):
        return _array(given.index), _array(given)
    if isinstance(given, pd.DataFrame):
        ids, groups = (given[name] for name in _names(list(given.columns), preferred, side))
        return _array(ids), _array(groups)
    raise OptionError(
        f"{side} is a {type(given).__name__}: give a DataFrame, an Arrow table, a Series indexed "
        "by record id, or a mapping from record id"
    )


def _names(columns: Sequence[Any], preferred: str, side: str) -> tuple[str, str]:
    """The names of the id column and of the group column."""
    if "record_id" not in columns:
        raise OptionError(f"{side} has no column record_id")
    others = [name for name in columns if name != "record_id"]
    if preferred in others:
        return "record_id", preferred
    if len(others) == 1:
        return "record_id", others[0]
    raise OptionError(
        f"{side} needs the column {preferred}, or exactly one column beside record_id; "
        f"it has {', '.join(map(str, others)) or 'none'}"
    )


def _array(values: Any) -> pa.Array:
    """One Arrow array; what Arrow has no single type for (7 beside "7") goes in as text."""
    try:
        array = (
            values if isinstance(values, pa.ChunkedArray) else pa.array(values, from_pandas=True)
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        array = pa.array([None if value is None else str(value) for value in values])
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    # Two entries of a foreign dictionary may hold one value.
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _align(cluster_ids: pa.Array, truth_ids: pa.Array) -> _Counts:
    """For each record of the clusters, its row in the truth."""
    found = pc.index_in(cluster_ids, value_set=truth_ids)
    unknown = found.null_count
    absent = len(truth_ids) - (len(cluster_ids) - unknown)
    if unknown or absent:
        raise OptionError(
            f"clusters and truth must hold the same records: {unknown:,} records of the clusters "
            f"are not in the truth, {absent:,} of the truth are not in the clusters"
        )
    return _int64(found)


def _codes(groups: pa.Array) -> _Counts:
    """Each distinct group as a number from 0."""
    return _int64(groups.dictionary_encode().indices)


def _int64(numbers: pa.Array) -> _Counts:
    converted: _Counts = numbers.to_numpy(zero_copy_only=False).astype(np.int64)
    return converted


def _judge(cluster_of: _Counts, person_of: _Counts) -> Evaluation:
    """The figures from two dense codings of the same records."""
    width = int(person_of.max()) + 1
    packed = np.sort(cluster_of * width + person_of)
    starts = np.flatnonzero(np.concatenate(([True], packed[1:] != packed[:-1])))
    cell = np.diff(np.append(starts, len(packed)))
    cluster, person = np.divmod(packed[starts], width)
    cluster_size, person_size = np.bincount(cluster_of), np.bincount(person_of)
    in_cluster, in_person = cluster_size[cluster], person_size[person]

    true_pairs, stated_pairs = _pairs(person_size), _pairs(cluster_size)
    correct_pairs = _pairs(cell)
    precision, recall = _share(correct_pairs, stated_pairs), _share(correct_pairs, true_pairs)
    records = len(packed)
    bcubed_precision = float(np.sum(cell * (cell / in_cluster)) / records)
    bcubed_recall = float(np.sum(cell * (cell / in_person)) / records)
    persons = int(np.count_nonzero(person_size))
    exact = int(np.count_nonzero((cell == in_cluster) & (cell == in_person)))
    return Evaluation(
        records=records,
        persons=persons,
        clusters=int(np.count_nonzero(cluster_size)),
        true_pairs=true_pairs,
        stated_pairs=stated_pairs,
        correct_pairs=correct_pairs,
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        bcubed_precision=bcubed_precision,
        bcubed_recall=bcubed_recall,
        bcubed_f1=_f1(bcubed_precision, bcubed_recall),
        exact_clusters=exact,
        exact_share=exact / persons,
        false_merge_clusters=int(np.count_nonzero(np.bincount(cluster) > 1)),
        split_persons=int(np.count_nonzero(np.bincount(person) > 1)),
    )


def _pairs(sizes: _Counts) -> int:
    return int(np.sum(sizes * (sizes - 1) // 2))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
