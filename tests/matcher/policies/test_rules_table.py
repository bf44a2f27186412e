"""docs/vendor-rules.md has a row for every rule, and every rule that is implemented a test."""

from __future__ import annotations

import ast
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/vendor-rules.md"
SHARED = Path(os.environ.get("MATCHER_SHARED") or ROOT.parent / "shared")

RANGES = {"AN": 36, "NB": 21, "NG": 11, "IX": 12}
IDS = [
    *(f"{vendor}-{number:02}" for vendor, last in RANGES.items() for number in range(1, last + 1)),
    *(f"X{number}" for number in range(1, 9)),
]
#: Numbered by the page itself: the key sets and the merge, which the catalogue only describes.
OWN_IDS = [f"2C-{number}" for number in range(1, 9)]
STATUSES = {"implemented", "deliberately not", "not ours"}
HEADER = "| id | status | how it is read | test |"


class Rule(NamedTuple):
    status: str
    reading: str
    tests: tuple[str, ...]


def table() -> Iterator[tuple[str, Rule]]:
    """The rows of all tables of the page that have this header."""
    inside = False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line == HEADER:
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside and not line.startswith("|---"):
            number, status, reading, tests = (
                cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]
            )
            yield number, Rule(status, reading, tuple(re.findall(r"`(test_\w+)", tests)))


def rules() -> Mapping[str, list[Rule]]:
    """Rows by id of the catalogue; a rule with parts (AN-22a, AN-22b) may have several."""
    found = defaultdict(list)
    for number, rule in table():
        found[re.sub(r"(?<=\d)[a-z]$", "", number)].append(rule)
    return found


def test_names() -> set[str]:
    return {
        node.name
        for path in (ROOT / "tests/matcher").rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


test_names.__test__ = False  # type: ignore[attr-defined]


def test_every_rule_has_a_row_and_no_other() -> None:
    assert sorted(rules()) == sorted([*OWN_IDS, *IDS])


def test_every_row_has_a_status_and_says_how_it_is_read() -> None:
    for number, rule in table():
        assert rule.status in STATUSES, number
        assert rule.reading, number


def test_every_test_that_is_named_exists() -> None:
    known = test_names()
    missing = [
        (number, test) for number, rule in table() for test in rule.tests if test not in known
    ]
    assert missing == []


@pytest.mark.parametrize("number", [*OWN_IDS, *IDS])
def test_an_implemented_rule_is_held_by_a_test_of_its_name(number: str) -> None:
    begins = f"test_{number.lower().replace('-', '_')}"
    for rule in rules()[number]:
        if rule.status == "implemented":
            own = [test for test in rule.tests if re.match(rf"{begins}[a-z]?_", test)]
            assert own, f"{number} is implemented and names no test that begins with {begins}"


def test_the_list_of_rules_is_that_of_the_catalogue() -> None:
    catalogue = SHARED / "vendor-rules.md"
    if not catalogue.exists():
        pytest.skip("the catalogue is not here")
    text = catalogue.read_text(encoding="utf-8")
    found = {
        *re.findall(r"\*\*([A-Z]{2}-\d\d)\*\*", text),
        *re.findall(r"^\| (X\d) \|", text, re.M),
    }
    assert sorted(found) == sorted(IDS)
