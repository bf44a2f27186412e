"""The front of the package."""

from __future__ import annotations

import subprocess
import sys

from matcher import normalise


def test_every_exported_name_is_there() -> None:
    assert all(callable(getattr(normalise, name)) for name in normalise.__all__)
    assert sorted(normalise.__all__) == list(normalise.__all__)


def test_importing_it_imports_nothing_heavy() -> None:
    heavy = "pandas", "phonenumbers", "scipy", "duckdb"
    code = f"import sys, matcher.normalise; print([m for m in {heavy} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
