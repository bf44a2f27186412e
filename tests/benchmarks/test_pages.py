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


def test_near_one_a_digit_more_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    best = {"own": {"f1": 0.99991}, "best": {"f1": 0.99994}}
    frozen = {"a": {"matcher": {"own": {"f1": 0.9998}}, "recordlinkage": best}}
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "peers" else {})
    lines = pages.filled("<!-- peers -->\n<!-- /peers -->\n").splitlines()
    assert lines[3] == "| a | 0.9998 |  | 0.9999 (**0.9999**) |  |  |"


def test_lists_of_several_seeds_are_one_row_with_their_spread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def seed(ours: float, theirs: dict[str, object] | None) -> dict[str, object]:
        return {"matcher": {"own": {"f1": ours}}} | ({"splink": theirs} if theirs else {})

    def reached(own: float, best: float) -> dict[str, object]:
        return {"own": {"f1": own}, "best": {"f1": best}}

    frozen = {
        "z": seed(0.5, None),
        "contacts": seed(0.9, reached(0.8, 0.85)),
        "generated-10k/1": seed(0.9, reached(0.7, 0.8)),
        "generated-10k/2": seed(0.92, reached(0.72, 0.84)),
        "register/1": seed(0.9, reached(0.7, 0.8)),
        "register/2": seed(0.9, {"unfinished": "at 9 s"}),
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "peers" else {})
    lines = pages.filled("<!-- peers -->\nold\n<!-- /peers -->\n").splitlines()
    assert lines[3:7] == [
        "| generated-10k | **0.910 ± 0.010** | 0.710 ± 0.010 (0.820 ± 0.020) |  |  |  |",
        "| contacts | **0.900** | 0.800 (0.850) |  |  |  |",
        "| register | **0.900 ± 0.000** | 0.700 (0.800, 1 of 2 seeds) |  |  |  |",
        "| z | **0.500** |  |  |  |  |",
    ]


def test_what_a_peer_took_stands_beside_what_it_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(seconds: float, f1: float) -> dict[str, object]:
        figures = {"precision": f1, "recall": f1, "f1": f1, "bcubed_f1": f1}
        return {
            "seconds": seconds, "cpu_seconds": seconds, "peak_mb": 1000, "pairs": 4000, "load": 2.5,
            "own": {"setting": "0.5", **figures}, "best": {"setting": "0.7", **figures},
            "keys": "plain", "blocking_recall": 0.9,
        }  # fmt: skip

    frozen = {
        "a/1": {"matcher": run(1.0, 0.9), "splink": run(10.0, 0.5), "dedupe": {"failed": "oh"}},
        "a/2": {"matcher": run(2.0, 0.9), "splink": run(12.0, 0.6), "dedupe": {"failed": "oh"}},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen)
    costs = pages.filled("<!-- peers: costs -->\n<!-- /peers: costs -->\n").splitlines()
    assert costs[3] == "| a | 1.5 s, 1,000 MB | 11.0 s, 1,000 MB |  |  | failed |"
    lines = pages.filled("<!-- peers: all figures -->\n<!-- /peers: all figures -->").splitlines()
    assert lines[4] == (
        "| a | splink | 0.550 | 0.550 | 0.550 ± 0.050 | 0.550 | 0.550 ± 0.050 | 0.7 | plain |"
        " 4,000 | 0.900 | 11.0 | 11.0 | 1,000 | 2.5 |"
    )
    assert lines[5].startswith("| a | dedupe | failed |")
    assert lines[5].count("|") == lines[1].count("|")


def test_probabilities_stand_beside_the_share_that_is_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = [[0.0, 0.01, 900, 0.001, 0.0], [0.5, 0.6, 30, 0.55, 0.5], [0.8, 0.9, 10, 0.85, 1.0]]
    few = [[0.99, 1.0, 9, 0.995, 1.0]]
    frozen = {
        "a/1": {"matcher": {"reliability": told}, "splink": {"calibration_error": 0.25}},
        "a/2": {"matcher": {"reliability": few}, "splink": {"unfinished": "at 9 s"}},
        "b": {"matcher": {}},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "peers" else {})
    text = pages.filled("<!-- calibration -->\n<!-- /calibration -->\n")
    # (30 * .05 + 10 * .15 + 9 * .005) / 49; nine pairs are too few to show a share of.
    assert text.splitlines()[3:-1] == ["| a |  | 0.625: 0.625 |  |  | 0.062 | 0.250 |  |"]


def test_kinds_of_pairs_are_counted_over_all_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = {
        "a/1": {"one person": {"other name": [100, 0.5], "rare": [1, 1.0]}},
        "a/2": {"one person": {"other name": [300, 0.9]}},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen if name == "apart" else {})
    lines = pages.filled("<!-- apart -->\n<!-- /apart -->\n").splitlines()
    assert lines[3] == "| one person | other name | 400 | 80.0% |"
    assert lines[4] == "| one person | rare | 1 | 100.0% |"


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
    theirs = {"seconds": 9.0, "cpu_seconds": 12.0, "peak_mb": 1500, "f1": 0.75}
    frozen = {
        "speed": {"1000": run | {"f1": 0.9, "splink": theirs}, "100": run},
        "growth": {"1000": run, "100": run},
        "floor": {"100": {"read": {"seconds": 1.5, "floor": 0.5, "what": "CSV to text"}}},
    }
    monkeypatch.setattr(results, "frozen", lambda name: frozen.get(name, {}))
    text = pages.filled("".join(f"<!-- {name} -->\n<!-- /{name} -->\n" for name in frozen))
    lines = text.splitlines()
    assert lines[3:6] == [
        "| 100 | ours | 2.00 |  | 3.00 | 1,200 |  |",
        "| 1,000 | ours | 2.00 |  | 3.00 | 1,200 | 0.900 |",
        "| 1,000 | Splink, tuned for speed | 9.00 | 4.5 | 12.00 | 1,500 | 0.750 |",
    ]
    assert "| read | 1.50 (300) | 1.50 (300) |" in lines
    assert "| start, summary and end | 0.50 | 0.50 |" in lines
    assert "| read | 1.50 | 0.50 | 3.0 | CSV to text |" in lines
