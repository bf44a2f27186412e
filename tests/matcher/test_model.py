"""Models are saved and loaded without loss, and what is no model is refused in a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

import matcher
from benchmarks.contacts import generate
from matcher.model import Model


def test_a_saved_model_is_the_same_when_loaded(found: matcher.Result, tmp_path: Path) -> None:
    path = found.model.save(tmp_path / "model.json")
    assert Model.load(path) == found.model
    assert Model.load(str(path)).weights.fit.rounds > 0


def test_a_model_handed_back_gives_the_same_result(
    found: matcher.Result, made: tuple[pa.Table, pa.Table], tmp_path: Path
) -> None:
    path = found.model.save(tmp_path / "model.json")
    for model in (found.model, path):
        again = matcher.dedupe(made[0], model=model)
        pd.testing.assert_frame_equal(again.clusters, found.clusters)
        pd.testing.assert_frame_equal(again.pairs, found.pairs)
        assert again.model == found.model
        pd.testing.assert_frame_equal(again.review, found.review)


def test_the_shipped_model_says_what_made_it() -> None:
    shipped = Model.shipped()
    assert shipped.weights.made_from
    assert not shipped.extras
    assert [c.name for c in shipped.weights.comparisons][:2] == ["first_name", "last_name"]


def saved(tmp_path: Path, change: Callable[[Any], object] | None = None) -> Path:
    """The shipped model in a file, with something done to it."""
    path = Model.shipped().save(tmp_path / "model.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    if change is not None:
        change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def first_level(content: Any) -> Any:
    return content["comparisons"][0]["levels"][0]


DAMAGES: dict[str, Callable[[Any], object]] = {
    "format": lambda content: content.update(format="another"),
    "no format": lambda content: content.pop("format"),
    "no comparisons": lambda content: content.pop("comparisons"),
    "a comparison less": lambda content: content["comparisons"].pop(),
    "a comparison twice": lambda content: content["comparisons"].append(content["comparisons"][0]),
    "a level less": lambda content: content["comparisons"][1]["levels"].pop(),
    "levels in another order": lambda content: content["comparisons"][1]["levels"].reverse(),
    "share of nothing": lambda content: first_level(content).update(m=0.0),
    "share above one": lambda content: first_level(content).update(u=1.5),
    "share that is text": lambda content: first_level(content).update(h="much"),
    "share that is no number": lambda content: first_level(content).update(m=float("nan")),
    "unknown field": lambda content: first_level(content).update(colour="red"),
    "unknown frequency": lambda content: first_level(content).update(frequency="often"),
    "unknown extra": lambda content: content["extras"].update({"extra:x": "sound"}),
    "extra without comparison": lambda content: content["extras"].update({"extra:x": "text"}),
    "rates": lambda content: content.update(rates=3),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_model_is_refused_in_a_sentence(damage: str, tmp_path: Path) -> None:
    path = saved(tmp_path, DAMAGES[damage])
    with pytest.raises(matcher.ModelError) as caught:
        Model.load(path)
    assert str(caught.value).startswith(f"{path} is not a model of this program (")
    assert str(caught.value).endswith("Give a file that result.model.save() wrote.")


def test_a_model_of_another_version_says_both_versions(tmp_path: Path) -> None:
    path = saved(tmp_path, lambda content: content.update(version=7))
    with pytest.raises(matcher.ModelError, match=r"is a model of version 7; .* version 2"):
        Model.load(path)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1, 2]", b'"text"', b"null", b"[" * 100_000, b"\xff\xfe\x00"]
)
def test_a_file_that_is_no_model_is_refused(text: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_bytes(text)
    with pytest.raises(matcher.ModelError, match="not a model of this program"):
        Model.load(path)


def test_an_absent_model_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(matcher.ModelError, match=r"absent\.json cannot be read: no such file"):
        matcher.dedupe([{"first_name": "Ann"}], model=tmp_path / "absent.json")
    with pytest.raises(matcher.ModelError, match="is a directory"):
        Model.load(tmp_path)


def test_a_model_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(matcher.OutputError, match="no such file"):
        Model.shipped().save(tmp_path / "absent" / "model.json")


def test_a_model_learns_to_compare_further_columns() -> None:
    model = Model.shipped().with_extras({"extra:born_in": "text"})
    assert model.weights.comparisons[-1].name == "extra:born_in"
    assert model.extras == {"extra:born_in": "text"}
    assert model.with_extras({"extra:born_in": "text"}) == model
    assert Model.shipped().extras == {}


def test_a_column_compared_in_another_way_is_refused() -> None:
    model = Model.shipped().with_extras({"extra:joined": "text"})
    with pytest.raises(matcher.ModelError, match="'joined' as text, not as date"):
        matcher.dedupe(
            [{"first_name": "Ann", "joined": "2020-01-01"}], extra={"joined": "date"}, model=model
        )


def test_a_model_with_further_columns_serves_data_without_them(tmp_path: Path) -> None:
    model = Model.shipped().with_extras({"extra:born_in": "text"})
    loaded = Model.load(model.save(tmp_path / "model.json"))
    row = {"first_name": "Ann", "last_name": "Moss", "email": "ann.moss@example.org"}
    result = matcher.dedupe([row, row], model=loaded)
    assert result.pairs["extra:born_in"].tolist() == ["missing"]
    assert result.clusters["cluster_id"].nunique() == 1


def test_the_table_has_a_row_a_level_with_its_weight() -> None:
    table = Model.shipped().table()
    exact = table[(table["comparison"] == "phone") & (table["level"] == "exact")].iloc[0]
    assert 2 ** exact["weight"] == pytest.approx(exact["m"] / exact["u"])
    assert 2 ** exact["household_weight"] == pytest.approx(exact["h"] / exact["u"])
    assert len(table) == sum(len(c.levels) for c in Model.shipped().weights.comparisons)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_was_learnt_can_be_read_again(seed: int) -> None:
    for rows in (150, 400):
        learnt = matcher.dedupe(generate(rows, seed)[0]).model
        assert matcher.Model.from_json(learnt.to_json(), "learnt").to_json() == learnt.to_json()
