from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks import pages, results

REFRESH = os.environ.get("MATCHER_REFRESH_DOCS", "") not in ("", "0")


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.stem)
def test_the_page_shows_the_frozen_results(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    now = pages.filled(text)
    if REFRESH:
        page.write_text(now, encoding="utf-8")
    assert now == page.read_text(encoding="utf-8"), "run python -m benchmarks.pages"


def test_the_best_of_a_row_is_bold_be_it_ours_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def figures(f1: float) -> dict[str, float]:
        return {"f1": f1}

    frozen = {
        "a": {
            "matcher": {"own": figures(0.9)},
            "splink": {"own": figures(0.8), "best": figures(0.95)},
            "dedupe": {"unfinished": "at 9 s"},
        },
        "b": {
            "matcher": {"own": figures(0.9)},
            "recordlinkage": {"own": None, "best": figures(0.7)},
            "goldenmatch": {"failed": "ValueError: a value"},
        },
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "peers" else {})
    lines = pages.filled("<!-- peers -->\nold\n<!-- /peers -->\n").splitlines()
    assert lines[3] == "| a | 0.900 | 0.800 (**0.950**) |  |  | unfinished at 9 s |"
    assert lines[4] == "| b | **0.900** |  | - (0.700) | failed |  |"
    assert lines[-1] == "<!-- /peers -->"


def test_parts_that_change_nothing_are_named_below(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = {
        "everything": {"a": 0.9},
        "EM": {"a": -0.1, "pairs": 0.0},
        "key: email": {"a": 0.0, "pairs": -0.3},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "ablation" else {})
    text = pages.filled("<!-- ablation -->\n<!-- /ablation -->\n")
    assert "| EM | -0.100 |  |\n" in text
    assert "more than 0.001: key: email.\n" in text


def test_speed_is_shown_by_size_with_splink_where_it_was_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = {
        "seconds": 2.0, "cpu_seconds": 3.0, "peak_mb": 1200,
        "stages": {"read": 1.5}, "stage_peak_mb": {"read": 300},
    }  # fmt: skip
    frozen = {
        "speed": {"1000": run | {"splink": {"seconds": 9.0}}, "100": run},
        "growth": {"1000": run, "100": run},
        "floor": {"100": {"read": {"seconds": 1.5, "floor": 0.5, "what": "CSV to text"}}},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen.get(name, {}))
    text = pages.filled("".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in frozen))
    lines = text.splitlines()
    assert lines[3:5] == [
        "| 100 | 2.00 | 3.00 | 1,200 |  |  |",
        "| 1,000 | 2.00 | 3.00 | 1,200 | 9.0 | 4.5 |",
    ]
    assert "| read | 1.50 (300) | 1.50 (300) |" in lines
    assert "| start, summary and end | 0.50 | 0.50 |" in lines
    assert "| read | 1.50 | 0.50 | 3.0 | CSV to text |" in lines
