from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import matcher
from matcher.assignments import read_assignment


def test_ids_stay_text_whatever_they_look_like(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    path.write_text("record_id ,true_id\n007,1\n7,2\n")
    table = read_assignment(path)
    assert table.column_names == ["record_id", "true_id"]
    assert table.column("record_id").to_pylist() == ["007", "7"]


def test_numbers_of_another_format_meet_their_text(tmp_path: Path) -> None:
    pq.write_table(pa.table({"record_id": [1, 2], "true_id": [5, 5]}), tmp_path / "truth.parquet")
    (tmp_path / "crosswalk.csv").write_text("record_id,cluster_id\n1,1\n2,1\n")
    judged = matcher.evaluate(
        read_assignment(tmp_path / "crosswalk.csv"), read_assignment(tmp_path / "truth.parquet")
    )
    assert judged.f1 == 1.0


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(matcher.UnreadableFile, match="absent"):
        read_assignment(tmp_path / "absent.csv")
