from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    crosswalk, truth = tmp_path / "crosswalk.csv", tmp_path / "truth.csv"
    crosswalk.write_text("record_id,source,cluster_id\na,x,a\nb,x,a\nc,x,c\n")
    truth.write_text("record_id,true_id\nc,2\na,1\nb,1\n")
    return crosswalk, truth


def test_a_crosswalk_is_judged(command: Callable[..., Any], files: tuple[Path, Path]) -> None:
    outcome = command("evaluate", *files)
    assert outcome.code == 0
    assert "1 of 1 true pairs found" in outcome.stdout
    document = json.loads(command("evaluate", *files, "--json").stdout)
    assert (document["f1"], document["records"]) == (1.0, 3)


def test_sides_that_differ_are_code_2(
    command: Callable[..., Any], files: tuple[Path, Path]
) -> None:
    files[1].write_text("record_id,true_id\na,1\nb,1\n")
    outcome = command("evaluate", *files)
    assert outcome.code == 2
    assert "must hold the same records" in outcome.stderr


def test_a_missing_file_is_code_3(command: Callable[..., Any], files: tuple[Path, Path]) -> None:
    assert command("evaluate", files[0], "absent.csv").code == 3
