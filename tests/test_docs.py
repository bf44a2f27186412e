"""The documentation is true: its commands and Python run, and print what it shows.

A ``console`` block holds commands (``$ matcher …``) with what they print to stdout and their error
line; a ``python`` block runs, with what it prints in the ``text`` block after it. ``…`` stands for
anything: alone on a line for any lines. Each page runs in a folder of its own that holds the demo.

After a change that moves figures, ``MATCHER_REFRESH_DOCS=1 pytest tests/test_docs.py`` writes what
is printed now into the pages; read the difference before you commit it.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from matcher.cli.boundary import run

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
REFRESH = os.environ.get("MATCHER_REFRESH_DOCS", "") not in ("", "0")

BLOCK = re.compile(r"^```(console|python)\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)
FIGURES = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.S)
SHOWN_LINES = 24

LABELS = {
    "contacts": "contacts, simulated from a census",
    "febrl3": "FEBRL 3, without its number",
    "crm": "customers of a CRM, several sources",
    "kyc": "bank customers, heavily damaged",
    "generated-10k/1": "generated list",
    "generated-100k/1": "generated list",
    "generated-1m/1": "generated list",
}


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("documentation") / "demo"
    assert run(["demo", "--out", str(folder), "--quiet"]) == 0
    return folder


@pytest.fixture
def workplace(demo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(demo, tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    # Plain words in an error, whatever the width of the terminal that runs the tests.
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_page(page: Path, workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, Any] = {}

    def checked(block: re.Match[str]) -> str:
        language, body, shown = block.groups()
        if language == "console":
            return f"```console\n{''.join(console(body, capsys))}```\n"
        printed = python(body, names)
        if shown is None:
            return block[0]
        return f"```python\n{body}```\n\n```text\n{settled(shown, printed, body)}```\n"

    text = page.read_text(encoding="utf-8")
    now = BLOCK.sub(checked, text)
    if REFRESH and now != text:
        page.write_text(now, encoding="utf-8")


def console(body: str, capsys: pytest.CaptureFixture[str]) -> Iterator[str]:
    """Each command of a block, with what it prints."""
    for part in re.split(r"^(?=\$ )", body, flags=re.M):
        if part:
            line, _, shown = part.partition("\n")
            yield f"{line}\n{settled(shown, printed_by(line.removeprefix('$ '), capsys), line)}"


def printed_by(line: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints; ``matcher`` runs in this process, all else in a shell."""
    if not line.startswith("matcher "):
        return subprocess.run(line, shell=True, capture_output=True, text=True, check=True).stdout
    words = [expanded(word) for word in shlex.split(line)[1:]]
    run([word for group in words for word in group])
    printed = capsys.readouterr()
    errors = [each for each in printed.err.splitlines(True) if each.startswith("error: ")]
    return printed.out + "".join(errors)


def expanded(word: str) -> list[str]:
    """As a shell does it."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


def python(body: str, names: dict[str, Any]) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(body, "<documentation>", "exec"), names)
    return printed.getvalue()


def settled(shown: str, printed: str, where: str) -> str:
    """What the page shows, once it agrees with what is printed; or the latter, to refresh it."""
    if matches(shown, printed) and not (REFRESH and shown == "…\n"):
        return shown
    assert REFRESH, f"{where}\nprints\n{printed}\nand the page shows\n{shown}"
    lines, before = printed.splitlines(True), shown.splitlines(True)
    kept = len(before) - 1 if before[-1:] == ["…\n"] and len(before) > 1 else SHOWN_LINES
    return printed if len(lines) <= kept else "".join(lines[:kept]) + "…\n"


def matches(shown: str, printed: str) -> bool:
    pattern = re.escape(shown).replace("\n…\\\n", "\n…\n")
    pattern = re.sub(r"(?m)^…\\?\n", "(?:.*\n)*", pattern).replace("…", ".*")
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "b\n", False),
        ("a … c\n", "a b c\n", True),
        ("a … c\n", "a b\n", False),
        ("a\n…\n", "a\nb\nc\n", True),
        ("a\n…\n", "b\nc\n", False),
        ("…\n", "", True),
        ("", "a\n", False),
        ("1.0 (x)\n", "1x0 (x)\n", False),
    ],
)
def test_an_ellipsis_stands_for_anything(shown: str, printed: str, same: bool) -> None:
    assert matches(shown, printed) is same


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_example(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(script), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_the_readme_shows_the_frozen_figures() -> None:
    readme, frozen = ROOT / "README.md", ROOT / "benchmarks/frozen/quality.json"
    text = readme.read_text(encoding="utf-8")
    table = figures(json.loads(frozen.read_text(encoding="utf-8")))
    now = FIGURES.sub(lambda found: found[1] + table + found[2], text)
    if REFRESH:
        readme.write_text(now, encoding="utf-8")
    assert now == readme.read_text(encoding="utf-8")


def figures(frozen: dict[str, dict[str, float]]) -> str:
    lines = ["| set | records | pairwise F1 | B-cubed F1 |", "|---|---|---|---|"]
    for name, label in LABELS.items():
        if name in frozen:
            row = frozen[name]
            shown = f"{row['records']:,} | {row['f1']:.3f} | {row['bcubed_f1']:.3f}"
            lines.append(f"| {label} | {shown} |")
    return "\n".join(lines) + "\n"


def links(page: Path) -> Iterator[str]:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        yield target.partition("#")[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in links(page):
        found = page.parent / target
        assert found.exists(), target


def test_every_page_can_be_reached() -> None:
    reached = {
        (page.parent / target).resolve() for page in PAGES for target in links(page) if target
    }
    assert {page.resolve() for page in PAGES[1:]} <= reached


def table_rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = (ROOT / "docs" / page).read_text(encoding="utf-8").split(f"\n{heading}\n")[1]
    lines = section.split("\n## ")[0].splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_every_vendor_is_documented() -> None:
    from matcher.reading.vendors import VENDORS

    documented = {row[0]: row[1].strip("`") for row in table_rows("columns.md", "## Vendors")}
    assert documented == {vendor.title: vendor.source for vendor in VENDORS}


def test_every_canonical_column_is_documented_with_names_that_are_recognised() -> None:
    from matcher.reading.headers import header_key, role_of
    from matcher.records import (
        CONSENT_COLUMNS,
        EXTERNAL_ID_COLUMNS,
        REPEATED_COLUMNS,
        SINGLE_COLUMNS,
    )

    rows = table_rows("columns.md", "## Canonical columns")
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row[0])]
    ids = ("record_id", "source", "source_record_id")
    assert sorted(documented) == sorted(
        (*ids, *SINGLE_COLUMNS, *REPEATED_COLUMNS, *CONSENT_COLUMNS, *EXTERNAL_ID_COLUMNS)
    )
    for row in rows:
        canonical = re.findall(r"`(\w+)`", row[0])
        for alias in filter(None, re.split(r", | … ", row[1])):
            role = role_of(header_key(alias))
            assert role is not None and role.name in canonical, alias


def test_every_option_of_dedupe_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    run(["dedupe", "--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out.split("Options:")[1]))
    documented = re.findall(r"--[a-z-]+", str(table_rows("dedupe.md", "## Options")))
    assert options - {"--help"} == set(documented)


def test_every_key_of_the_report_is_documented(demo: Path) -> None:
    report = json.loads((demo / "matched/report.json").read_text(encoding="utf-8"))
    page = (ROOT / "docs/report.md").read_text(encoding="utf-8")
    assert set(report) == set(re.findall(r"`(\w+)`", page.split("|---|---|")[1]))


def test_every_table_and_view_of_a_store_is_documented_with_its_columns(tmp_path: Path) -> None:
    import matcher
    from matcher.store.schema import CONTENT_COLUMNS

    with matcher.open(tmp_path / "identity.duckdb") as store:
        columns: dict[str, set[str]] = {}
        for name, column in store.query(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
        ):
            columns.setdefault(name, set()).add(column)
    documented = {
        name.strip("`"): set(re.findall(r"`(\w+)`", told))
        for heading in ("## What is in the file", "## From plain DuckDB")
        for name, _, told in table_rows("store.md", heading)
    }
    assert set(documented) == set(columns)
    documented["record"] |= set(CONTENT_COLUMNS)
    documented["current_record"] = documented["record"]
    documented["contact"] |= set(CONTENT_COLUMNS)
    documented["current_interaction"] = documented["interaction"]
    assert documented == columns


def test_every_command_of_the_store_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    from matcher.cli.store import COMMANDS

    documented = {row[0].strip("`").split()[0] for row in table_rows("store.md", "## Commands")}
    assert documented == {command.__name__ for command in COMMANDS}
    for name in documented:
        run([name, "--help"])
        assert "Examples:" in capsys.readouterr().out


def test_every_command_for_interactions_is_documented() -> None:
    from matcher.cli.store import interactions

    rows = table_rows("interactions.md", "## Commands")
    documented = [row[0].strip("`").split()[2] for row in rows]
    names = [each.name or each.callback.__name__ for each in interactions.registered_commands]
    assert documented == names


def test_every_status_and_every_reason_to_hold_back_is_documented() -> None:
    from matcher.store.interactions import readiness
    from matcher.store.interactions.tables import STATUSES

    documented = [row[0].strip("`") for row in table_rows("interactions.md", "## Whom it was with")]
    assert documented == list(STATUSES)
    held_back = str([row[0] for row in table_rows("interactions.md", "## Where it goes")])
    assert set(re.findall(r"`([^`]+)`", held_back)) == set(readiness.HELD_BACK)
