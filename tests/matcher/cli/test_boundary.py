from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher import errors
from matcher.cli.boundary import run

MATCHER = [sys.executable, "-m", "matcher"]
COMMANDS = ("dedupe", "link", "explain", "evaluate", "demo")


@pytest.mark.parametrize("arguments", [[], ["--help"], *([name, "--help"] for name in COMMANDS)])
def test_help_has_examples(arguments: list[str], command: Callable[..., Any]) -> None:
    outcome = command(*arguments)
    assert outcome.code == 0
    name = f"matcher {arguments[0]}" if len(arguments) > 1 else "matcher dedupe"
    assert f"      {name} " in outcome.stdout or f"    {name} " in outcome.stdout
    assert "Examples:" in outcome.stdout


def test_version(command: Callable[..., Any]) -> None:
    assert command("--version").stdout == f"matcher {matcher.__version__}\n"


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import json, sys; from matcher.cli.boundary import run; code = run(['--help']);"
        "print(json.dumps([code, sorted({m.split('.')[0] for m in sys.modules})]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    code, modules = json.loads(done.stderr)
    assert code == 0
    assert not {"numpy", "pyarrow", "pandas", "duckdb", "phonenumbers"} & set(modules)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dedupe"], "FILE"),
        (["nothing"], "nothing"),
        (["dedupe", "a.csv", "--threshold", "high"], "--threshold"),
        (["dedupe", "a.csv", "--threshold", "2"], "threshold"),
        (["dedupe", "a.csv", "--review", "0.9", "0.1"], "review"),
        (["dedupe", "a.csv", "--region", "Utopia"], "default_region"),
        (["dedupe", "a.csv", "--map", "first_name"], "--map"),
        (["dedupe", "a.csv", "--extra", "joined=when"], "when"),
        (["dedupe", "a.csv", "--colour"], "--colour"),
    ],
)
def test_a_command_line_that_cannot_be_meant_is_code_2(
    arguments: list[str], said: str, command: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("first_name,last_name\nAda,Moss\n")
    outcome = command(*arguments)
    assert outcome.code == 2
    assert outcome.stderr.splitlines()[-1].startswith("error: ")
    assert said in outcome.stderr.splitlines()[-1]


def test_a_damaged_model_is_code_5(command: Callable[..., Any], contacts: Path) -> None:
    outcome = command("dedupe", contacts, "--model", contacts)
    assert outcome.code == 5
    assert "contacts.csv" in outcome.stderr


def test_the_unexpected_asks_for_a_report_without_its_text(
    command: Callable[..., Any], contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("ada@example.org")

    monkeypatch.setattr("matcher.dedupe", broken, raising=False)
    outcome = command("dedupe", contacts)
    assert outcome.code == 70
    assert "report" in outcome.stderr
    assert "ada@example.org" not in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["dedupe", "absent.csv"], debug=True) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("extra", "environment"), [(["--debug"], {}), ([], {"MATCHER_DEBUG": "1"})]
)
def test_debug_may_stand_anywhere(extra: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [*MATCHER, "evaluate", "absent.csv", "absent.csv", *extra],
        capture_output=True, text=True, check=False, env={**os.environ, **environment},
    )  # fmt: skip
    assert done.returncode == 3
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("error: absent.csv")


def test_an_interruption_is_code_130(
    command: Callable[..., Any], contacts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("matcher.dedupe", interrupted, raising=False)
    outcome = command("dedupe", contacts)
    assert outcome.code == 130
    assert "Traceback" not in outcome.stderr


def test_a_reader_that_hangs_up_gets_no_complaint() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run([*MATCHER, "--help"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 128 + signal.SIGPIPE


def test_every_exit_code_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs/exit-codes.md").read_text(encoding="utf-8")
    tree = [
        getattr(errors, name) for name in dir(errors) if isinstance(getattr(errors, name), type)
    ]
    codes = {error.exit_code for error in tree if issubclass(error, errors.MatcherError)}
    for code in codes | {0, 70, 130, 141}:
        assert f"| {code} |" in page
