from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from matcher.cli import starting

CSV = """first_name,last_name,email,phone,postal_code
Ann,Okafor,ann@x.org,503 555 0134,97201
Anne,Okafor,ann@x.org,,97201
Bo,Lindqvist,,+46 8 123 456,
"""

#: Nothing of this is needed to dedupe a CSV file on a machine that has it all.
UNNEEDED = {
    "altair", "duckdb", "IPython", "matplotlib", "pandas", "polars", "pyspark", "rich", "scipy",
    "phonenumbers.geodata", "phonenumbers.carrier", "phonenumbers.timezone",
}  # fmt: skip


def process(script: str, *arguments: object) -> Any:
    """What a fresh process prints last, as JSON."""
    command = [sys.executable, "-W", "error", "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    path = tmp_path / "contacts.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.mark.parametrize("options", [["--quiet"], ["--dry-run"], ["--json"]])
def test_deduping_a_csv_loads_only_what_it_needs(
    contacts: Path, tmp_path: Path, options: list[str]
) -> None:
    script = (
        "import json, sys\n"
        "from matcher.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    print(json.dumps([end.code, sorted(sys.modules)]))\n"
    )
    code, modules = process(script, "dedupe", contacts, "--out", tmp_path / "out", *options)
    assert code == 0
    assert {"pyarrow", "matcher.reading"} <= set(modules)
    assert not UNNEEDED & set(modules)


def test_a_frame_that_is_asked_for_is_made(contacts: Path) -> None:
    script = (
        "import json, sys\n"
        "from matcher.cli import starting\n"
        "starting.begin()\nstarting.load()\n"
        "import matcher\n"
        "result = matcher.dedupe(sys.argv[1])\n"
        "before = 'pandas' in sys.modules\n"
        "frame = result.clusters\n"
        "again = matcher.dedupe(frame.assign(email=[None, 'ann@okafor.net', 'ann@okafor.net']))\n"
        "found = again.report['counts']\n"
        "print(json.dumps([before, 'pandas' in sys.modules, found['records'], found['rejects']]))\n"
    )
    assert process(script, contacts) == [False, True, 3, 0]


def test_garbage_is_collected_while_a_command_works() -> None:
    script = (
        "import gc, json\n"
        "from matcher.cli import starting\n"
        "starting.begin()\nwaiting = gc.isenabled()\nstarting.load()\n"
        "print(json.dumps([waiting, gc.isenabled(), gc.get_freeze_count() > 1000]))\n"
    )
    assert process(script) == [False, True, True]


def test_a_process_that_began_elsewhere_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "_load_arrow_alone", lambda: pytest.fail("not ours"))
    monkeypatch.delitem(sys.modules, "pandas", raising=False)
    frozen = gc.get_freeze_count()
    starting.load()
    assert gc.isenabled()
    assert gc.get_freeze_count() == frozen


def test_a_package_is_hidden_no_longer_than_needed() -> None:
    before = list(sys.meta_path)

    def look() -> None:
        import wave  # a module of Python that nothing here uses

        assert wave

    sys.modules.pop("wave", None)
    with pytest.raises(ModuleNotFoundError, match="'wave'"), starting._hidden("wave"):
        look()
    assert sys.meta_path == before
    look()
