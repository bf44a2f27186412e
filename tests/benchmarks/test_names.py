from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import names
from benchmarks.datasets import shared_folder
from scoring.full_names import SAME


def test_groups_are_judged_apart_and_together() -> None:
    cases = [
        names.Case("a", "Person", "x", "x", True),
        names.Case("a", "Person", "x", "y", False),
        names.Case("b", "Person", "x", "z", True),
    ]
    found = names.by_group(cases, [True, True, False])
    assert found["a"] == {"cases": 2, "precision": 0.5, "recall": 1.0, "f1": 0.6667}
    assert found["b"] == {"cases": 1, "precision": 1.0, "recall": 0.0, "f1": 0.0}
    assert found["all"]["f1"] == 0.5


def test_cases_are_read_and_judged_by_their_kind(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "case_group,schema,name1,name2,is_match\n"
        "g,Person,José Núñez,Nunez Jose,true\n"
        "g,Company,Acme Ltd.,ACME Limited,true\n"
        "g,Company,Acme Ltd.,Bolt Limited,false\n",
        encoding="utf-8",
    )
    cases = names.read_cases(path)
    assert [names.similarity(case) >= SAME for case in cases] == [case.same for case in cases]


def test_the_published_level_of_the_set_is_passed() -> None:
    folder = shared_folder()
    if folder is None:
        pytest.skip("the shared sets are not here")
    cases = names.read_cases(folder / "name_bench" / "cases.csv")
    found = names.by_group(cases, [names.similarity(case) >= SAME for case in cases])
    assert found["all"]["f1"] > 0.80
