from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

import matcher

ROOT = Path(__file__).parents[1]
TOP = ("matcher", "blocking", "scoring")


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_is_listed_and_no_other(pyproject: dict[str, Any]) -> None:
    on_disk = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for top in TOP
        for file in (ROOT / top).rglob("__init__.py")
    }
    assert set(pyproject["tool"]["setuptools"]["packages"]) == on_disk


def test_every_data_file_is_packed(pyproject: dict[str, Any]) -> None:
    packed = {
        file
        for package, patterns in pyproject["tool"]["setuptools"]["package-data"].items()
        for pattern in patterns
        for file in (ROOT / package.replace(".", "/")).glob(pattern)
    }
    on_disk = {
        file
        for top in TOP
        for file in (ROOT / top).rglob("*")
        if file.is_file() and file.suffix not in (".py", ".pyc") and "__pycache__" not in file.parts
    }
    assert packed == on_disk
    assert {ROOT / top / "py.typed" for top in TOP} <= packed


def test_the_versions_agree(pyproject: dict[str, Any]) -> None:
    assert pyproject["project"]["version"] == matcher.__version__
    assert f"## {matcher.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_command_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name="matcher")
    from matcher.cli import main

    assert script.load() is main


def test_every_requirement_is_pinned(pyproject: dict[str, Any]) -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[\w.]+", pin) for pin in pins)
    pinned = {pin.partition("==")[0] for pin in pins}
    project = pyproject["project"]
    extras = (project["optional-dependencies"][name] for name in ("plot", "test", "lint"))
    wanted = {
        re.split(r"[<>=\[ ]", requirement)[0].lower()
        for group in (project["dependencies"], *extras)
        for requirement in group
    }
    assert wanted - {"campaign-matcher"} <= pinned


def test_the_import_stays_light() -> None:
    script = "import json, sys, matcher; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    loaded = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert not loaded & {"numpy", "pyarrow", "pandas", "duckdb", "scipy", "phonenumbers"}


def test_every_public_name_is_there() -> None:
    assert set(matcher.__all__) <= set(dir(matcher))
    for name in matcher.__all__:
        assert getattr(matcher, name) is not None
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = matcher.no_such_name


def test_the_code_keeps_apart_what_is_to_be_apart() -> None:
    """The contracts of pyproject.toml, where the tool that reads them is installed."""
    pytest.importorskip("importlinter")
    # A process of its own: the tool sets up logging for all that runs beside it.
    script = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
