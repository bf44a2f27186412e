"""Made-up contacts and what a run finds in them, for the tests of everything after reading."""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pytest

import matcher

# The benchmarks are not installed: they run from the checkout that these tests are in.
sys.path.insert(0, str(Path(__file__).parents[2]))


@pytest.fixture(scope="session")
def made() -> tuple[pa.Table, pa.Table]:
    """Contacts with every sort of duplicate, and the truth about them."""
    from benchmarks.generate import generate

    return generate(900, 5)


@pytest.fixture(scope="session")
def found(made: tuple[pa.Table, pa.Table]) -> matcher.Result:
    """What a run finds in them; tests only read it."""
    return matcher.dedupe(made[0])
