"""Stages are timed, told of, and measured."""

from __future__ import annotations

import time

import pytest

from matcher import stages as measured
from matcher.stages import Stages, peak_megabytes


def test_a_stage_is_told_when_it_begins_and_timed_when_it_ends() -> None:
    told: list[tuple[str, str]] = []
    stages = Stages(lambda stage, detail: told.append((stage, detail)))
    with stages.stage("read") as detail:
        assert told == [("read", "")]
        assert not stages.done
        detail("first file")
        time.sleep(0.01)
    assert told == [("read", ""), ("read", "first file")]
    (stage,) = stages.done
    assert stage.name == "read"
    assert 0.01 <= stage.seconds < 5
    assert stage.peak_mb > 1


def test_nobody_needs_to_listen() -> None:
    stages = Stages()
    with stages.stage("a") as detail:
        detail("b")
    assert [stage.name for stage in stages.done] == ["a"]


def test_a_stage_that_fails_is_not_done() -> None:
    stages = Stages()
    with pytest.raises(ValueError, match="broken"), stages.stage("a"):
        raise ValueError("broken")
    assert not stages.done


@pytest.mark.parametrize(("peak", "times"), [(500.0, 0), (1500.0, 2)])
def test_a_large_process_gives_memory_back_after_each_detail_and_stage(
    peak: float, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_back: list[None] = []
    monkeypatch.setattr(measured, "peak_megabytes", lambda: peak)
    monkeypatch.setattr(measured, "trim_heap", lambda: given_back.append(None))
    with Stages().stage("block") as detail:
        detail("email")
    assert len(given_back) == times


def test_a_small_run_keeps_memory_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "peak_megabytes", lambda: 1500.0)
    monkeypatch.setattr(measured, "trim_heap", lambda: pytest.fail("was given back"))
    with Stages(gives_back=False).stage("block") as detail:
        detail("email")


def test_the_peak_never_falls() -> None:
    before = peak_megabytes()
    block = bytearray(8_000_000)
    assert peak_megabytes() >= before > 0
    assert len(block) == 8_000_000
