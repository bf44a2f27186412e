from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher.cli.boundary import run


@dataclass(frozen=True)
class Outcome:
    """What a command line gave back."""

    code: int
    stdout: str
    stderr: str


Command = Callable[..., Outcome]


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Runs a command line inside a folder of its own, in this process."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Outcome:
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    """Three records of two people."""
    path = tmp_path / "contacts.csv"
    path.write_text(
        "first_name,last_name,email,phone,zip\n"
        "Robert,Okafor,rob@example.org,413-555-0142,01060\n"
        "Bob,Okafor,ROB@example.org,(413) 555-0142,01060\n"
        "Maria,Diaz,maria@example.org,,\n"
    )
    return path
