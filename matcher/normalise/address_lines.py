"""One line of a street address into house number, street and unit."""

from __future__ import annotations

import re
from typing import NamedTuple

from matcher.normalise.street_words import (
    DIRECTIONS,
    ENDS_STREET,
    FLOOR_NAMES,
    FLOORS,
    KEPT_UNITS,
    LONE_AFTER_SUFFIX,
    LONE_UNITS,
    NUMBERED_ROAD_NAMES,
    NUMBERED_ROADS,
    ORDINAL_WORDS,
    SHORT,
    STRONG_UNITS,
    SUFFIXES,
    WEAK_UNITS,
)
from matcher.normalise.text import fold_text


class Line(NamedTuple):
    """A parsed line, lower case; ``None`` where absent."""

    house: str | None = None
    street: str | None = None
    unit: str | None = None


_CLOSED_UP = re.compile(r"[.'`]")
_SEPARATOR = re.compile(r"(?<![0-9])[-/]|[-/](?![0-9])|[^\w#/-]|_")
ORDINAL = re.compile(r"([0-9]+)(?:st|nd|rd|th)")
UNIT_VALUE = re.compile(r"[a-z]?[0-9]+[a-z]?|[a-z]")
_PO_BOX = re.compile(
    r"^(?:.*\s)?(?:p\s?o\s?b(?:ox)?|post office box|post box)\s?#?\s?(?:no\s)?"
    r"([a-z]?[0-9-]+[a-z]?)\b"
)
GLUED_UNIT = re.compile(r"(apt|unit|ste|suite|fl|lot|rm|bldg|trlr)([0-9]+[a-z]?)")
_LABELS = STRONG_UNITS | WEAK_UNITS
_FRACTIONS = {("1", "2"): "1/2", ("1", "4"): "1/4", ("3", "4"): "3/4", ("1", "3"): "1/3"}


def line_words(text: str) -> list[str]:
    """The words of a line: folded, punctuation out, ``#`` a word of its own.

    A hyphen or slash between two digits stays: ``109-63``, ``1/2``.
    """
    text = _CLOSED_UP.sub("", fold_text(text)).replace("#", " # ")
    words = _SEPARATOR.sub(" ", text).split()
    if len(words) > 2 and words[0] == "no" and words[1][0].isdigit() and words[2] not in FLOORS:
        words = words[1:]
    return [part for word in words for part in _unglued(word)]


def _unglued(word: str) -> list[str]:
    found = GLUED_UNIT.fullmatch(word)
    return [found[1], found[2]] if found else [word]


def split_line(text: str, *, second: bool = False) -> Line:
    """One address line as typed.

    Args:
        text: the line.
        second: whether it is the second line, which may hold a unit and nothing else.
    """
    words = line_words(text)
    box = _PO_BOX.match(" ".join(words))
    if box:
        return Line(street=f"po box {box[1]}")
    if second and words and all(UNIT_VALUE.fullmatch(word) for word in words):
        return Line(unit=unit_text(words))
    cut = next((i for i in range(not second, len(words)) if _starts_unit(words, i)), len(words))
    house, street = _house_and_street(words[:cut])
    return Line(house, street or None, unit_text(words[cut:]))


def _starts_unit(words: list[str], at: int) -> bool:
    """Whether the unit begins at this word."""
    word, rest = words[at], words[at + 1 :]
    if word in ("#", "apt", "apartment"):
        return True
    if word in LONE_UNITS:
        return _stands_alone(words, at)
    if word in STRONG_UNITS:
        return bool(rest) and (bool(UNIT_VALUE.fullmatch(rest[0])) or _is_unit_word(rest[0]))
    if word in WEAK_UNITS or word in FLOORS or word in KEPT_UNITS:
        return bool(rest) and _is_labelled_value(rest)
    return _is_numbered_floor(words, at) or _is_bare_unit(words, at)


def _stands_alone(words: list[str], at: int) -> bool:
    """``bsmt``, ``rear``: the end of the line or of the street, never its only word."""
    rest = words[at + 1 :]
    if at == 1 or (rest and not _is_unit_word(rest[0])):
        return False
    return at == 0 or words[at] not in LONE_AFTER_SUFFIX or short_word(words[at - 1]) in SUFFIXES


def _is_labelled_value(rest: list[str]) -> bool:
    """Whether a number follows a word that may also be part of a street's name."""
    if len(rest[0]) == 1 and rest[0].isalpha():
        return len(rest) == 1 or rest[1][0].isdigit()
    return rest[0][0].isdigit() or rest[0] == "#" or rest[0] in WEAK_UNITS


def _is_numbered_floor(words: list[str], at: int) -> bool:
    """``2nd fl``, ``ground floor``."""
    word, rest = words[at], words[at + 1 :]
    if at == 1 or not rest or rest[0] not in FLOORS:
        return False
    named = word[0].isdigit() or word in ORDINAL_WORDS or word in FLOOR_NAMES
    return named and (len(rest) == 1 or _is_unit_word(rest[1]))


def _is_bare_unit(words: list[str], at: int) -> bool:
    """A number at the end, after a word that ends the name of a street."""
    before, word = words[at - 1], words[at]
    if at < 3 or at + 1 < len(words) or word in DIRECTIONS:
        return False
    return bool(UNIT_VALUE.fullmatch(word)) and short_word(before) in ENDS_STREET


def _is_unit_word(word: str) -> bool:
    return (
        word in STRONG_UNITS or word in WEAK_UNITS or word in FLOORS or word in KEPT_UNITS
        or word in LONE_UNITS
    )  # fmt: skip


def unit_text(words: list[str]) -> str | None:
    """The unit in canonical form: ``apartment # 5`` -> ``5``, ``2nd floor apt b`` -> ``b fl 2``."""
    floor, rest = _floor([_without_ending(word) for word in words])
    values = [
        LONE_UNITS.get(word) or KEPT_UNITS.get(word) or word
        for word in rest
        if word not in _LABELS and word not in FLOORS
    ]
    glue = "" if all(UNIT_VALUE.fullmatch(value) for value in values) else " "
    parts = (glue.join(values), f"fl {floor}" if floor else "")
    return " ".join(part for part in parts if part) or None


def _floor(words: list[str]) -> tuple[str | None, list[str]]:
    """The number of the floor, and the words that do not tell it."""
    at = next((i for i, word in enumerate(words) if word in FLOORS), None)
    if at is None:
        return None, words
    before, after = words[:at], words[at + 1 :]
    following = next((i for i, word in enumerate(after) if word not in _LABELS | FLOORS), None)
    numbered = bool(before) and before[-1] not in _LABELS and before[-1] not in LONE_UNITS
    labelled = len(before) > 1 and before[-2] in _LABELS  # "apt 5 fl 2", not "5th fl apt 2"
    if numbered and not (labelled and following is not None):
        return before[-1], before[:-1] + after
    if following is not None:
        return after[following], before + after[:following] + after[following + 1 :]
    return None, before + after


def _without_ending(word: str) -> str:
    """An ordinal as its number."""
    found = ORDINAL.fullmatch(word)
    return found[1] if found else ORDINAL_WORDS.get(word, word)


def short_word(word: str) -> str:
    """A street word in its short form, an ordinal without its ending."""
    found = ORDINAL.fullmatch(word)
    return found[1] if found else SHORT.get(word, word)


def _house_and_street(words: list[str]) -> tuple[str | None, str]:
    """House number, and the street in short words."""
    house = None
    if words and _is_house_number(words):
        house, words = words[0], words[1:]
        if len(words) > 1 and re.fullmatch("[0-9]/[0-9]", words[0]):
            house, words = f"{house} {words[0]}", words[1:]
        elif len(words) > 2 and tuple(words[:2]) in _FRACTIONS:
            house, words = f"{house} {_FRACTIONS[words[0], words[1]]}", words[2:]
    return house, " ".join(_roads([short_word(word) for word in words]))


def _is_house_number(words: list[str]) -> bool:
    first = words[0]
    if not any(c.isdigit() for c in first) or ORDINAL.fullmatch(first):
        return False
    return len(words) != 2 or short_word(words[1]) not in ("st", "ave")


def _roads(words: list[str]) -> list[str]:
    """Numbered roads under one name, two directions as one."""
    result: list[str] = []
    for word in words:
        previous = result[-1] if result else ""
        if (previous, word) in NUMBERED_ROADS:
            result[-1] = NUMBERED_ROADS[previous, word]
        elif previous in ("n", "s") and word in ("e", "w"):
            result[-1] = previous + word
        else:
            result.append(NUMBERED_ROAD_NAMES.get(word, word))
    return result
