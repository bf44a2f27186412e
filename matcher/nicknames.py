"""Which given names stand for which: ``Bob`` and ``Rob`` for ``Robert``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache


@cache
def formal_names() -> Mapping[str, frozenset[str]]:
    """Each name with the formal names that it may stand for, itself included if it is one.

    Two names are alike when they share a formal name, which closes the list over siblings
    (``bob`` and ``rob``) without joining ``alexander`` and ``alexandra`` through ``alex``. The
    names come from the package ``nicknames``, lower-case.
    """
    from nicknames import name_triplets

    found: dict[str, set[str]] = {}
    for triplet in name_triplets():
        formal, nickname = triplet.name1.lower(), triplet.name2.lower()
        found.setdefault(formal, set()).add(formal)
        if triplet.relationship != "has_nickname" or _could_be_short_for(nickname, formal):
            found.setdefault(nickname, set()).add(formal)
    return {name: frozenset(formals) for name, formals in found.items()}


def _could_be_short_for(nickname: str, formal: str) -> bool:
    """The list also turns some pairs round: ``robert`` as a nickname of ``bill``.

    Through such a pair Robert would be a sibling of William. A nickname is no longer than the
    name by more than a letter (``billy``), unless it lengthens it (``johnathan``).
    """
    return len(nickname) <= len(formal) + 1 or nickname.startswith(formal)
