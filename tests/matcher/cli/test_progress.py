from __future__ import annotations

import io
import logging

import pytest

from matcher.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_each_finished_stage_once(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress() as listener:
        assert listener is not None
        listener("block", "")
        listener("block", "last name [brackets]")
        listener("cluster", "")
    for stage in ("block", "cluster"):
        finished = [line for line in terminal.getvalue().split("✓") if f"{stage}:" in line]
        assert finished


def test_elsewhere_details_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as listener:
        assert listener is not None
        listener("block", "")
        listener("block", "email")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_quiet_has_no_listener() -> None:
    with progress(quiet=True, verbose=True) as listener:
        assert listener is None
        assert not logging.getLogger("matcher").handlers


def test_the_log_is_as_before_afterwards(capsys: pytest.CaptureFixture[str]) -> None:
    log = logging.getLogger("matcher")
    before = (log.level, list(log.handlers))
    with progress(verbose=True):
        log.getChild("reading").info("column a -> email")
    assert "column a -> email" in capsys.readouterr().err
    assert (log.level, list(log.handlers)) == before
