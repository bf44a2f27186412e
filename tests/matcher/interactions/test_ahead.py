"""A large feed is read by another process: the same comes, and the process goes."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from matcher.errors import UnreadableFile
from matcher.interactions import ahead, read_interactions

FEED = [{"id": i, "contactInfo": {"email": [f"p{i}@b.org"], "phone": ["555"]}} for i in range(50)]


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "feed.json"
    path.write_text("\n".join([*map(json.dumps, FEED), "bad"]))
    return path


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """Every feed is large; the processes that were started."""
    started: list[subprocess.Popen[bytes]] = []
    start = ahead.start

    def noted(*arguments: Any) -> Any:
        process = start(*arguments)
        assert process is not None
        started.append(process)
        return process

    monkeypatch.setattr(ahead, "is_worth", lambda path: True)
    monkeypatch.setattr(ahead, "start", noted)
    return started


def test_the_same_comes(feed: Path, processes: list[Any]) -> None:
    options: dict[str, Any] = {"batch": 20, "strict": True}
    there = list(read_interactions(feed, **options))
    assert len(processes) == 1
    here = list(ahead_never(feed, **options))
    assert len(processes) == 1
    assert len(there) == len(here) == 3
    for other, batch in zip(there, here, strict=True):
        assert other.interactions.equals(batch.interactions)
        assert other.contacts.equals(batch.contacts)
        assert other.rejects.equals(batch.rejects)


def ahead_never(feed: Path, **options: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ahead, "is_worth", lambda path: False)
        yield from read_interactions(feed, **options)


def test_it_ends_when_nobody_asks_for_more(feed: Path, processes: list[Any]) -> None:
    batches = iter(read_interactions(feed, batch=1))
    next(batches)
    batches.close()  # type: ignore[attr-defined]
    assert processes[0].returncode is not None


def test_its_errors_are_raised_here(feed: Path, processes: list[Any]) -> None:
    text = "".join(json.dumps({"id": i, "x": hash(str(i))}) + "\n" for i in range(200_000))
    feed.write_bytes(gzip.compress(text.encode())[:-20])
    with pytest.raises(UnreadableFile, match=r"feed\.json: the gzip data is cut off"):
        list(read_interactions(feed))
    assert processes[0].returncode is not None


def test_where_no_process_can_be_started_this_one_reads(
    feed: Path, processes: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "start", lambda *_: None)
    assert sum(map(len, read_interactions(feed))) == 51
    assert processes == []


def test_only_what_is_large_is_worth_it(feed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not ahead.is_worth(feed)
    assert not ahead.is_worth(feed.parent)
    monkeypatch.setattr(ahead, "WORTH", 10)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert ahead.is_worth(feed)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    assert not ahead.is_worth(feed)
