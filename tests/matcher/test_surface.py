"""The public names of the package."""

from __future__ import annotations

import subprocess
import sys

import pytest

import matcher


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "numpy", "pandas", "pyarrow", "duckdb", "scipy", "phonenumbers", "rapidfuzz"
    code = f"import sys, matcher; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize("name", matcher.__all__)
def test_every_public_name_exists(name: str) -> None:
    assert getattr(matcher, name) is not None
    assert name in dir(matcher)


def test_the_names_are_sorted_and_unique() -> None:
    assert sorted(set(matcher.__all__)) == matcher.__all__


def test_every_error_is_public_and_of_one_tree() -> None:
    from matcher import errors

    tree = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.MatcherError)
    }
    assert tree <= set(matcher.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = matcher.no_such_name  # type: ignore[attr-defined]
