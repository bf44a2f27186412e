from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_the_demo_makes_dedupes_and_tells(command: Callable[..., Any], tmp_path: Path) -> None:
    outcome = command("demo")
    assert outcome.code == 0
    for words in ("would have been texted twice", "kept apart", "unsubscribed in one tool"):
        assert words in outcome.stdout
    assert len(list((tmp_path / "demo/exports").iterdir())) == 5
    assert (tmp_path / "demo/matched/people.csv").is_file()
    judged = command("evaluate", "demo/matched/crosswalk.csv", "demo/truth.csv", "--json")
    assert json.loads(judged.stdout)["f1"] > 0.9


def test_the_demo_speaks_to_machines(command: Callable[..., Any]) -> None:
    document = json.loads(command("demo", "--json").stdout)
    assert document["people"] < document["records"]
    assert document["texts_linked_later"] > 0


def test_the_demo_links_late_and_leaves_its_store(command: Callable[..., Any]) -> None:
    told = command("demo").stdout
    assert "linked to P" in told[told.index("Linked late, and why:") :]
    counts = command("interactions", "list", "--store", "demo/late_link.duckdb").stdout
    assert "48 received, 48 valid" in counts.splitlines()[-1]
    assert command("demo", "--quiet").code == 0


def test_an_unwritable_folder_is_code_4(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("in the way")
    assert command("demo").code == 4
