from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from benchmarks.peers.judging import _figures, _pairwise_f1, judge

#: Records 0, 1, 2 are one person, 3 and 4 another, 5 a third.
PERSON = np.array([0, 0, 0, 1, 1, 2])


def test_pairs_are_judged_at_the_own_and_the_best_threshold(tmp_path: Path) -> None:
    pd.DataFrame(
        {
            "left": [0, 1, 3, 2, 4],
            "right": [1, 2, 4, 3, 5],
            "probability": [0.99, 0.97, 0.8, 0.3, 0.1],
        }
    ).to_parquet(tmp_path / "pairs.parquet")
    found = judge("splink", tmp_path, PERSON)
    assert found["own"]["setting"] == "0.95"
    assert found["own"]["precision"] == 1.0
    assert found["own"]["recall"] == 0.75
    assert found["best"]["f1"] == 1.0
    assert 0.3 < float(found["best"]["setting"]) <= 0.8
    # The pair of records 0 and 2 was never scored, though a chain finds it.
    assert found["blocking_recall"] == 0.75
    # Of pairs stated as .99, .97, .8 and .3 all but the last are matches; .1 is none either.
    assert found["calibration_error"] == pytest.approx((0.01 + 0.03 + 0.2 + 0.3 + 0.1) / 5)


def test_clusters_are_judged_by_setting_and_records_left_out_are_alone(tmp_path: Path) -> None:
    for setting, ids in (("0.5", [0, 1]), ("0.2", [0, 1, 2])):
        frame = pd.DataFrame({"id": ids, "cluster": [7] * len(ids)})
        frame.to_parquet(tmp_path / f"clusters-{setting}.parquet")
    found = judge("dedupe", tmp_path, PERSON)
    assert found["own"]["recall"] == 0.25
    assert (found["best"]["setting"], found["best"]["recall"]) == ("0.2", 0.75)
    assert found["f1_of_settings"] == {
        "0.2": pytest.approx(0.8571, abs=1e-4),
        "0.5": pytest.approx(0.4),
    }
    assert "blocking_recall" not in found


_NUMBERS = arrays.arrays(np.int64, 12, elements=st.integers(0, 11))


@given(_NUMBERS, _NUMBERS)
def test_the_quick_f1_is_that_of_the_evaluator(
    clusters: npt.NDArray[np.int64], person: npt.NDArray[np.int64]
) -> None:
    assert _pairwise_f1(clusters, person) == pytest.approx(
        _figures(clusters, person)["f1"], abs=1e-4
    )
