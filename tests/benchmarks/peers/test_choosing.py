from __future__ import annotations

from benchmarks.peers.__main__ import better_of


def test_each_threshold_is_taken_from_the_run_that_does_better_at_it() -> None:
    plain = {"seconds": 1, "own": {"f1": 0.8}, "best": {"f1": 0.81}}
    loose = {"seconds": 9, "own": {"f1": 0.1}, "best": {"f1": 0.9}}
    assert better_of([plain, loose]) == {"seconds": 9, "own": {"f1": 0.8}, "best": {"f1": 0.9}}


def test_a_run_that_failed_counts_only_where_no_other_is() -> None:
    failed = {"failed": "ValueError"}
    plain = {"seconds": 1, "own": None, "best": {"f1": 0.81}}
    assert better_of([failed, plain]) == plain
    assert better_of([failed, {"unfinished": "at 9 s"}]) == failed
