from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import matcher
from matcher.demo import write_exports

Held = tuple[Path, subprocess.Popen[str]]

#: Opens a store, says so, and closes it when it is told a line.
HOLD = """
import sys, matcher
store = matcher.open(sys.argv[1], read_only=sys.argv[2] == "True")
print("open", flush=True)
sys.stdin.readline()
store.close()
"""


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The demo's five exports."""
    return write_exports(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="session")
def filled(exports: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the demo's exports; not to be written to."""
    path = tmp_path_factory.mktemp("store") / "filled.duckdb"
    with matcher.open(path) as store:
        store.ingest(exports)
    return path


@pytest.fixture
def store(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of one's own that holds the demo's exports; ``--store`` is it."""
    path = tmp_path / "identity.duckdb"
    shutil.copy(filled, path)
    monkeypatch.setenv("MATCHER_STORE", str(path))
    monkeypatch.setenv("MATCHER_BY", "maria")
    return path


ACTIVISTS = """uuid,first_name,last_name,email,Phone Number,zip_code,can2_subscription_status
a-1,Robert,Okafor,rob@example.org,413-555-0142,01027,subscribed
a-2,Maria,Diaz,maria@example.org,413-555-0163,01040,unsubscribed
a-3,John,Walsh,john@example.org,413-555-0177,01002,subscribed
"""
VOTERS = """Voter File VANID,LastName,FirstName,Address,City,State,Zip5,DOB,Preferred Phone
3100101,OKAFOR,BOB,12 ELM ST,EASTHAMPTON,MA,1027,04/22/1984,413-555-0142
3100102,WALSH,JOHN,9 CANAL DR,AMHERST,MA,1002,01/15/1957,413-555-0177
"""


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two exports and the store of both; not to be written to."""
    folder = tmp_path_factory.mktemp("little")
    (folder / "activists.csv").write_text(ACTIVISTS)
    (folder / "voters.csv").write_text(VOTERS)
    with matcher.open(folder / "identity.duckdb") as store:
        store.ingest([folder / "activists.csv", folder / "voters.csv"])
    return folder


@pytest.fixture
def small(little: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of P1, Robert, P2, Maria, and P3, two John Walshes; ``--store`` is it."""
    shutil.copytree(little, tmp_path, dirs_exist_ok=True)
    path = tmp_path / "identity.duckdb"
    monkeypatch.setenv("MATCHER_STORE", str(path))
    monkeypatch.setenv("MATCHER_BY", "maria")
    return path


@pytest.fixture(params=[False])
def held(little: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Held]:
    """A store that another process has open until it is told a line; for reading alone if asked."""
    path = tmp_path / "held.duckdb"
    shutil.copy(little / "identity.duckdb", path)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path), str(request.param)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(matcher.__file__).parents[1])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    yield path, process
    process.communicate("\n", timeout=20)
