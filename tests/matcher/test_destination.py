from __future__ import annotations

from pathlib import Path

import pytest

from matcher.destination import check_destination
from matcher.errors import OutputError


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    assert check_destination(tmp_path / "a/b/c") == tmp_path / "a/b/c"
    assert not list(tmp_path.iterdir())


def test_a_relative_folder_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert check_destination("out") == Path("out")


def test_a_file_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(OutputError, match="is a file"):
        check_destination(tmp_path / "taken" / "deeper")
