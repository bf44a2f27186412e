from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import matcher
from matcher.demo import write_exports


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
