"""What the caller says about the columns, checked against what the inputs have."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from matcher.errors import OptionError, UnusableColumns
from matcher.reading.headers import header_key
from matcher.reading.sheet import Sheet
from matcher.records import (
    CONSENT_COLUMNS,
    EXTERNAL_ID_COLUMNS,
    REPEATED_COLUMNS,
    SINGLE_COLUMNS,
)

#: How an extra column may be compared.
EXTRA_KINDS = ("text", "exact", "date", "number")

_CANONICAL = (
    "record_id",
    "source",
    "source_record_id",
    *SINGLE_COLUMNS,
    *REPEATED_COLUMNS,
    *CONSENT_COLUMNS,
    *EXTERNAL_ID_COLUMNS,
)
_REPEATED = re.compile(rf"({'|'.join(REPEATED_COLUMNS)})(\d*)")
#: Column names in a message, and characters of each.
_SHOWN, _LONGEST = 30, 60


@dataclass(frozen=True, slots=True)
class Choices:
    """The caller's mapping, checked.

    Attributes:
        columns: canonical column -> the input columns that hold it, in order of preference;
            ``email`` and ``phone`` without numbers.
        extra: the input columns to carry beyond the canonical ones.
    """

    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: Sequence[str] = ()

    @classmethod
    def check(
        cls,
        columns: Mapping[str, str | Sequence[str]] | None,
        extra: Mapping[str, str] | None,
        sheets: Sequence[Sheet],
        carry: Sequence[str] = (),
    ) -> Choices:
        """The choices, once every column that they name was found in some input.

        Columns to ``carry`` are only wished for: those that no input has are left out.

        Raises:
            OptionError: an extra column has an unknown kind.
            UnusableColumns: a canonical name is unknown, or a named column is in no input.
        """
        chosen = _by_canonical(columns or {})
        for name, kind in (extra or {}).items():
            if kind not in EXTRA_KINDS:
                raise OptionError(
                    f"extra column {name!r}: {kind!r} is no way to compare; use one of"
                    f" {', '.join(EXTRA_KINDS)}."
                )
        present = {header_key(h): h for sheet in sheets for h in sheet.headers}
        carried = (name for name in carry if header_key(name) in present)
        required = tuple(extra or ())
        for name, headers in chosen.items():
            for header in headers:
                _require(header, f"columns maps {name} to", present)
        for header in required:
            _require(header, "extra names", present)
        return cls(chosen, (*required, *carried))

    @classmethod
    def wished(
        cls,
        columns: Mapping[str, str | Sequence[str]] | None,
        extra: Mapping[str, str] | None,
        carry: Sequence[str] = (),
    ) -> Choices:
        """The choices before any input was seen.

        Raises:
            UnusableColumns: a canonical name is unknown.
        """
        return cls(_by_canonical(columns or {}), (*(extra or ()), *carry))


def position(header: str, headers: Sequence[str]) -> int | None:
    """Where a column named by the caller is: spelt so, or else with the same key."""
    if header in headers:
        return headers.index(header)
    keys = [header_key(h) for h in headers]
    return keys.index(header_key(header)) if header_key(header) in keys else None


def header_list(headers: Sequence[str]) -> str:
    """Column names for a message: the first of them where there are many."""
    listed = ", ".join(header[:_LONGEST] for header in headers[:_SHOWN])
    more = len(headers) - _SHOWN
    return f"{listed} and {more} more" if more > 0 else listed


def _by_canonical(columns: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """Canonical column -> input columns; ``email2`` joins ``email`` after ``email1``."""
    found: dict[str, list[str]] = {}
    for name in sorted(columns, key=_order):
        given = columns[name]
        headers = [given] if isinstance(given, str) else list(given)
        found.setdefault(_canonical(name), []).extend(headers)
    return found


def _order(name: str) -> int:
    repeated = _REPEATED.fullmatch(name)
    return int(repeated[2] or 0) if repeated else 0


def _canonical(name: str) -> str:
    repeated = _REPEATED.fullmatch(name)
    if repeated:
        return repeated[1]
    if name.startswith("id:") and len(name) > len("id:"):
        system = name.removeprefix("id:")
        known = (c for c in (system, f"{system}_id") if c in EXTERNAL_ID_COLUMNS)
        return next(known, name)
    if name in _CANONICAL:
        return name
    close = difflib.get_close_matches(name, _CANONICAL, n=1)
    hint = f"did you mean {close[0]}?" if close else f"the names are {', '.join(_CANONICAL)}."
    raise UnusableColumns(
        f"columns maps {name!r}, which is no canonical column (write canonical name -> your"
        f" column, and id:<system> for further ids); {hint}"
    )


def _require(header: str, what: str, present: Mapping[str, str]) -> None:
    key = header_key(header)
    if key in present:
        return
    close = difflib.get_close_matches(key, list(present), n=3)
    hint = (
        f"did you mean {' or '.join(present[c] for c in close)}?"
        if close
        else f"the columns are {header_list(list(present.values()))}."
    )
    raise UnusableColumns(f"{what} the column {header!r}, which no input has; {hint}")
