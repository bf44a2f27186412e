from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PAIR = ("--left", "contacts:1", "--right", "contacts:2")


def test_a_pair_is_explained_as_a_table(
    command: Callable[..., Any], contacts: Path, tmp_path: Path
) -> None:
    before = sorted(tmp_path.iterdir())
    outcome = command("explain", contacts, *PAIR)
    assert outcome.code == 0
    assert "nickname" in outcome.stdout
    assert "they are in one cluster" in outcome.stdout
    assert sorted(tmp_path.iterdir()) == before


def test_a_pair_is_explained_to_machines(command: Callable[..., Any], contacts: Path) -> None:
    document = json.loads(command("explain", contacts, *PAIR, "--json").stdout)
    assert document["same_cluster"] is True
    levels = {reason["comparison"]: reason["level"] for reason in document["reasons"]}
    assert levels["first_name"] == "nickname"


def test_an_unknown_record_is_code_2(command: Callable[..., Any], contacts: Path) -> None:
    outcome = command("explain", contacts, "--left", "contacts:1", "--right", "contacts:9")
    assert outcome.code == 2
    assert "contacts:9" in outcome.stderr


def test_a_waterfall_is_drawn(command: Callable[..., Any], contacts: Path, tmp_path: Path) -> None:
    pytest.importorskip("altair")
    assert command("explain", contacts, *PAIR, "--plot", "why.png").code == 0
    assert (tmp_path / "why.png").read_bytes().startswith(b"\x89PNG")
