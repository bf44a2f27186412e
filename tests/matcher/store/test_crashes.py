"""Killed while it writes, a store is whole when it is opened again."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and RLIMIT_FSIZE")


def test_a_store_whose_process_was_killed_is_whole(tmp_path: Path) -> None:
    from benchmarks.crashes import crash_often

    faults, seen = crash_often(tmp_path, times=6, rows=30)
    assert not faults
    assert seen.steps > 6


def test_a_store_on_a_full_disk_is_whole_and_says_so(tmp_path: Path) -> None:
    from benchmarks.crashes import fill_often

    assert not fill_often(tmp_path, times=1, rows=30)


def test_a_read_only_file_is_refused_and_left_as_it_was() -> None:
    from benchmarks.crashes import make_read_only

    with TemporaryDirectory() as folder:  # somebody else than its owner may look into it
        assert not make_read_only(Path(folder), rows=10)
