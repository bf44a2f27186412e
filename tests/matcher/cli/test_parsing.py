from __future__ import annotations

from pathlib import Path

import pytest

from matcher.cli import parsing
from matcher.errors import OptionError


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["a.csv"], ["a.csv"]),
        (["van=a.csv"], {"van": ["a.csv"]}),
        (["van=a.csv", "van=b.csv", "x y=c.csv"], {"van": ["a.csv", "b.csv"], "x y": ["c.csv"]}),
        (["van=a.csv", "b.csv"], ["b.csv", {"van": ["a.csv"]}]),
        (["./van=a.csv"], ["./van=a.csv"]),
        (["a=b=c.csv"], {"a": ["b=c.csv"]}),
    ],
)
def test_sources(files: list[str], expected: object) -> None:
    assert parsing.sources(files) == expected


def test_a_file_that_exists_is_a_path_whatever_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list=old.csv").touch()
    assert parsing.sources(["list=old.csv"]) == ["list=old.csv"]


def test_columns_keep_their_order() -> None:
    mapped = ["email=Mail", "first_name=Given Name", "email=Mail = 2"]
    assert parsing.columns(mapped) == {
        "email": ["Mail", "Mail = 2"],
        "first_name": ["Given Name"],
    }
    assert parsing.columns(None) is None


def test_the_kind_comes_after_the_last_equals() -> None:
    assert parsing.extra(["a=b=exact"]) == {"a=b": "exact"}


@pytest.mark.parametrize("given", ["email", "=x", "email=", " = "])
def test_a_half_is_not_enough(given: str) -> None:
    with pytest.raises(OptionError, match="--map"):
        parsing.columns([given])
