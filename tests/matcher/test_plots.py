"""Pictures are saved, show what they should, and say which extra is missing."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import matcher
from matcher.plots import Chart

pytest.importorskip("altair")
pytest.importorskip("vl_convert")

CHARTS = ("model", "pair", "sizes")


def chart(result: matcher.Result, name: str) -> Chart:
    if name == "model":
        return result.model.plot()
    if name == "sizes":
        return result.plot_cluster_sizes()
    row = result.review.iloc[0]
    return result.explain(row["record_id_left"], row["record_id_right"]).plot()


@pytest.fixture(scope="session")
def charts(found: matcher.Result) -> dict[str, Chart]:
    return {name: chart(found, name) for name in CHARTS}


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_is_saved(name: str, charts: dict[str, Chart], tmp_path: Path) -> None:
    png = charts[name].save(tmp_path / "chart.png").read_bytes()
    assert png.startswith(b"\x89PNG")
    assert len(png) > 10_000
    html = charts[name].save(str(tmp_path / "chart.HTML")).read_text(encoding="utf-8")
    assert "vega" in html
    assert "</html>" in html
    assert "<svg" in charts[name].save(tmp_path / "chart.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CHARTS)
def test_a_notebook_can_show_it(name: str, charts: dict[str, Chart]) -> None:
    assert charts[name]._repr_mimebundle_()


def values(chart: Chart) -> list[dict[str, Any]]:
    """The rows that a picture draws."""
    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("data"), dict):
                found.extend(node["data"].get("values", []))
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)

    walk(chart.altair.to_dict())
    return found


def test_the_model_shows_every_level(charts: dict[str, Chart], found: matcher.Result) -> None:
    table = found.model.table()
    shown = {(row["comparison"], row["level"]): row["weight"] for row in values(charts["model"])}
    assert len(shown) == len(table)
    for row in table.itertuples():
        assert shown[row.comparison, row.level] == pytest.approx(row.weight)


def test_labels_are_not_cut(charts: dict[str, Chart], tmp_path: Path) -> None:
    for name in ("model", "pair"):
        svg = charts[name].save(tmp_path / f"{name}.svg").read_text(encoding="utf-8")
        assert "…" not in svg
    assert "same user made of the name, both names agree" in (tmp_path / "model.svg").read_text()


def test_the_waterfall_steps_from_the_prior_to_the_total(
    charts: dict[str, Chart], found: matcher.Result
) -> None:
    row = found.review.iloc[0]
    explanation = found.explain(row["record_id_left"], row["record_id_right"])
    layers = [row for row in values(charts["pair"]) if "step" in row]
    steps = list({row["place"]: row for row in layers}.values())
    assert [steps[0]["step"], steps[-1]["step"]] == ["prior", "total"]
    for before, after in pairwise(steps[:-1]):
        assert after["begin"] == pytest.approx(before["end"])
    assert steps[-1]["begin"] == 0.0
    assert steps[-1]["end"] == pytest.approx(explanation.prior + explanation.weight)
    kinds = {row["step"]: row["kind"] for row in steps[1:-1]}
    for step in steps[1:-1]:
        assert kinds[step["step"]] == ("for" if step["weight"] > 0 else "against")


def test_sizes_count_every_person(charts: dict[str, Chart], found: matcher.Result) -> None:
    rows = [row for row in values(charts["sizes"]) if "people" in row]
    assert sum(row["people"] for row in rows) == len(found.people)
    assert sum(row["people"] * row["records"] for row in rows) == len(found.clusters)


def test_another_ending_is_refused(charts: dict[str, Chart], tmp_path: Path) -> None:
    with pytest.raises(matcher.OptionError, match=r"chart\.docx .* \.png"):
        charts["sizes"].save(tmp_path / "chart.docx")


def test_a_place_that_cannot_be_written_is_an_output_error(
    charts: dict[str, Chart], tmp_path: Path
) -> None:
    with pytest.raises(matcher.OutputError, match=r"chart\.json"):
        charts["sizes"].save(tmp_path / "absent" / "chart.json")


def test_json_is_the_picture_as_data(charts: dict[str, Chart], tmp_path: Path) -> None:
    path = charts["sizes"].save(tmp_path / "chart.json")
    assert "vega-lite" in json.loads(path.read_text(encoding="utf-8"))["$schema"]


@pytest.mark.parametrize("module", ["altair", "vl_convert"])
def test_without_the_extra_the_message_says_how_to_install_it(
    module: str, found: matcher.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # as if it could not be imported
    with pytest.raises(matcher.MissingExtra, match=r"campaign-matcher\[plot\]"):
        found.plot_cluster_sizes().save(tmp_path / "chart.png")
