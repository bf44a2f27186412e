from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def test_two_files_are_linked(command: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(
        "first_name,last_name,email\nRobert,Okafor,rob@example.org\nMaria,Diaz,m@example.org\n"
    )
    (tmp_path / "new.csv").write_text("first_name,last_name,email\nBob,Okafor,rob@example.org\n")
    outcome = command("link", "old.csv", "new.csv")
    assert outcome.code == 0
    assert "1 of the 2 records on the left is also on the right." in outcome.stdout
    document = json.loads(command("link", "old.csv", "new.csv", "--json").stdout)
    assert document["summary"]["linked"] == 1


def test_one_file_can_stand_on_both_sides_under_two_names(
    command: Callable[..., Any], contacts: Path
) -> None:
    assert command("link", contacts, contacts).code == 2
    outcome = command("link", f"last={contacts}", f"this={contacts}", "--dry-run")
    assert outcome.code == 0
    assert "source last" in outcome.stdout
    assert "source this" in outcome.stdout
