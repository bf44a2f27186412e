from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from benchmarks import datasets
from benchmarks.datasets import Dataset, Frame, available, load, shared_folder

LEAKS = {"true_id", "household_id", "cluster", "master_id", "match_type", "contact_id", "party_id"}


def ids(frame: Frame) -> list[str]:
    return (
        [str(record_id) for record_id in frame["record_id"].to_pylist()]
        if not isinstance(frame, pd.DataFrame)
        else frame["record_id"].astype(str).tolist()
    )


def columns(frame: Frame) -> set[str]:
    return set(frame.columns if isinstance(frame, pd.DataFrame) else frame.column_names)


def check(dataset: Dataset) -> None:
    sides = [dataset.source] if dataset.right is None else [dataset.source, dataset.right]
    found = [record_id for side in sides for record_id in ids(side)]
    assert sorted(found) == sorted(dataset.truth["record_id"].astype(str))
    assert len(set(found)) == len(found)
    for side in sides:
        assert not columns(side) & LEAKS
        assert set(dataset.extra) <= columns(side)
    sizes = dataset.truth.groupby("true_id").size()
    assert (sizes > 1).any()


def test_generated_sets_hold_records_and_truth_of_each_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(datasets._GENERATED, "generated-10k", 500)
    made = list(load("generated-10k", seeds=2))
    assert [dataset.name for dataset in made] == ["generated-10k/1", "generated-10k/2"]
    for dataset in made:
        check(dataset)


@pytest.mark.skipif(shared_folder() is None, reason="the shared sets are not here")
@pytest.mark.parametrize("name", sorted(datasets._SHARED))
def test_a_shared_set_holds_records_and_truth_apart(name: str) -> None:
    (dataset,) = load(name)
    check(dataset)


def test_without_the_shared_folder_only_generated_sets_are_offered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MATCHER_SHARED", str(tmp_path / "absent"))
    assert set(available()) == {*datasets._GENERATED, *datasets._LISTS}
    with pytest.raises(KeyError):
        next(load("contacts"))


def test_the_shared_folder_is_named_with_or_without_its_data_part(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    for named in (tmp_path, tmp_path / "data"):
        monkeypatch.setenv("MATCHER_SHARED", str(named))
        assert shared_folder() == tmp_path / "data"
