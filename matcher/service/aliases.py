"""Names of columns as exports have them (``zip``, ``First Name``) become canonical names.

The aliases are those of files (``matcher.reading.headers``), so that a row of an export may be
posted as it is. Of several columns for one thing the first that says something is used, as in a
file; emails and phones are all taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from matcher.reading.headers import ADDRESS_PREFIXES, Role, header_key, role_of
from matcher.records import REPEATED_COLUMNS

#: The most preferred first: what has its canonical name.
_CANONICAL = Role("", -1)


def canonical(
    given: Mapping[str, Any], known: Collection[str], *, ignores_unknown: bool = False
) -> tuple[dict[str, Any], dict[str, str]]:
    """A record under canonical names, and for each name that was another, what it was.

    Args:
        given: name -> value.
        known: the canonical names.
        ignores_unknown: leaves out names that mean nothing; otherwise they stay as they are.
    """
    said: dict[str, Any] = {}
    names: dict[str, str] = {}
    for target, _, name, value in sorted(_meant(given, known), key=lambda one: one[1]):
        if target not in known:
            said |= {} if ignores_unknown else {name: value}
        elif target in REPEATED_COLUMNS and said.get(target) is not None:
            said[target] = [*_listed(said[target]), *_listed(value)]
        elif not _says(said.get(target)):
            said[target] = value
            names.pop(target, None)
            names |= {} if name == target else {target: name}
    return said, names


def _meant(
    given: Mapping[str, Any], known: Collection[str]
) -> Iterator[tuple[str, tuple[int, int], str, Any]]:
    """Of each name what it means, how it is preferred, and its value."""
    for name, value in given.items():
        if name in known:
            yield name, _preference(_CANONICAL), name, value
        elif (role := role_of(header_key(name))) is None or role.name not in known:
            yield "", _preference(_CANONICAL), name, value
        else:
            yield role.name, _preference(role), name, _as_text(value)


def _preference(role: Role) -> tuple[int, int]:
    group = 0 if role.group is None else ADDRESS_PREFIXES.index(role.group)
    return group, role.rank


def _says(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if _says(value) else []


def _as_text(value: Any) -> Any:
    """A number as a table has it; a model tells of anything else that is no text."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:.15g}" if is_number else value
