"""Names of persons: one text into its parts, each in the form in which equal names are equal."""

from __future__ import annotations

import re
from typing import NamedTuple

from matcher.normalise.name_words import (
    DOUBTFUL,
    GENERATIONS,
    GIVEN_PARTICLES,
    HONOURS,
    LONELY_PREFIXES,
    NO_GIVEN_NAME,
    NO_SURNAME,
    PARTICLES,
    PREFIXES,
)
from matcher.normalise.text import fold_text


class Name(NamedTuple):
    """The parts of one person's name, all lower case; ``None`` where absent."""

    prefix: str | None = None
    first: str | None = None
    middle: str | None = None
    last: str | None = None
    suffix: str | None = None
    nickname: str | None = None


_NICKNAME = re.compile(r"\"([^\"]+)\"|\(([^)]*)\)|\[([^\]]*)\]|(?<!\S)'([^']+)'(?!\S)")
_JOINT = re.compile(r"\s+and\s+|\s*[&+]\s*")
_WORD = re.compile(r"[^\W_]+")
_WORD_WITH_HYPHENS = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_DOTTED_DEGREE = re.compile(r"\b(ph|m|d\.? ?d|j)\.\s*(d|s)\b\.?(?=\s*(?:,|$))")
_SYMBOL_IN_WORD = re.compile(r"(?<=[^\W\d_])[|$@!:](?=[^\W\d_])|(?<=[^\W\d_])\||\|(?=[^\W\d_])")
_SYMBOLS = {"|": "l", "$": "s", "@": "a", "!": "i", ":": "i"}
_DIGITS = {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}
_ONE_BETWEEN_CONSONANTS = re.compile(r"(?<=[bcdfghjkmnpqrstvwxz])1(?=[bcdfghjkmnpqrstvwxz])")

#: Generations and honours that are as likely something else in that place.
_NOT_IN_GIVEN = frozenset({"v", "do", "md", "rn"})
_NOT_IN_LAST = frozenset({"do"})
_AFTER_NAME = HONOURS | GENERATIONS.keys()
_NO_NAME = NO_GIVEN_NAME | NO_SURNAME
_NO_MIDDLE = (NO_SURNAME | DOUBTFUL) - {"x"}


def split_given(text: str) -> Name:
    """A given name as typed: title, generation, trailing initial and nickname apart."""
    text, nickname = _without_nickname(fold_text(text))
    if text in NO_GIVEN_NAME:
        return Name()
    words, prefix = _without_prefixes(name_words(_one_person(text)))
    suffix = middle = None
    for _ in range(len(words)):
        words, generation = _without_suffixes(words, keep=_NOT_IN_GIVEN)
        suffix = suffix or generation
        if len(words) < 2 or len(words[-1]) > 1 or all(len(word) == 1 for word in words):
            break
        middle, words = words[-1], words[:-1]
    if all(len(word) == 1 for word in words):
        words = ["".join(words)]
    first = " ".join(_glued(words, GIVEN_PARTICLES))
    if first in NO_GIVEN_NAME or first in LONELY_PREFIXES:
        first = ""
    return Name(prefix, first or None, middle, None, suffix, nickname)


def split_surname(text: str) -> Name:
    """A surname as typed: generation and degrees apart, particles glued."""
    text, _ = _without_nickname(fold_text(text))
    if text in NO_SURNAME:
        return Name()
    words, before, suffix = name_words(text), [""], None
    while words != before:
        before = words
        words, generation = _without_suffixes(words, keep=_NOT_IN_LAST)
        suffix, words = suffix or generation, _glued(words, PARTICLES)
    last = " ".join(words)
    return Name(last=None if last in NO_SURNAME else last or None, suffix=suffix)


def split_middle(text: str) -> Name:
    """A middle name as typed."""
    middle = " ".join(name_words(fold_text(text)))
    return Name(middle=None if middle in _NO_MIDDLE else middle or None)


def split_full(text: str) -> Name:
    """A whole name: ``First Middle Last``, ``Last, First M.``, ``Dr. Mary-Ann de la Cruz Jr.``"""
    text, nickname = _without_nickname(fold_text(text))
    if text in _NO_NAME:
        return Name()
    pieces = [piece for piece in text.split(",") if name_words(piece)]
    suffix = None
    while len(pieces) > 1 and _AFTER_NAME.issuperset(name_words(pieces[-1])):
        suffix = next((GENERATIONS[w] for w in name_words(pieces[-1]) if w in GENERATIONS), suffix)
        pieces = pieces[:-1]
    around = Name(suffix=suffix, nickname=nickname)
    if len(pieces) > 1:
        given = _WORD_WITH_HYPHENS.findall(_letters_for_symbols(" ".join(pieces[1:])))
        return _assembled(given, pieces[0], around)
    words = _WORD_WITH_HYPHENS.findall(_letters_for_symbols(_one_person("".join(pieces))))
    words, prefix = _without_prefixes(words)
    if len(words) > 2:
        words, generation = _without_suffixes(words, keep=frozenset())
        around = around._replace(suffix=suffix or generation)
    start = len(words) - 1 if len(words) > 1 or prefix else 1  # "Mr. Smith", but "Madonna"
    while start > 1 and words[start - 1] in PARTICLES and len(words[start - 1]) > 1:
        start -= 1
    return _assembled(words[:start], " ".join(words[start:]), around._replace(prefix=prefix))


def name_words(folded: str) -> list[str]:
    """The words of a folded name, punctuation out, apostrophes closed up."""
    return [_letters_for_digits(word) for word in _WORD.findall(_letters_for_symbols(folded))]


def _letters_for_symbols(folded: str) -> str:
    if not _SYMBOLS.keys().isdisjoint(folded):
        folded = _SYMBOL_IN_WORD.sub(lambda found: _SYMBOLS[found[0]], folded)
    text = folded.replace("'", "").replace("`", "")
    return _DOTTED_DEGREE.sub(r"\1\2", text) if "." in text else text


def _letters_for_digits(word: str) -> str:
    """A word with the digits that are drawn for letters read as those: ``j0hn``, ``abigai1``.

    A 1 is an i between consonants and an l elsewhere. Words with fewer letters than digits, and
    ordinals, are left alone.
    """
    if word.isalpha():
        return word
    letters = sum(c.isalpha() for c in word)
    if letters < 2 or letters * 2 <= len(word) or word in GENERATIONS:
        return word
    word = _ONE_BETWEEN_CONSONANTS.sub("i", word)
    return "".join(_DIGITS.get(c, "" if c.isdigit() else c) for c in word)


def _glued(words: list[str], particles: frozenset[str]) -> list[str]:
    """Words with each run of particles joined to the word after it."""
    result: list[str] = []
    pending = ""
    for word in words:
        particle = "st" if word == "saint" else word
        if particle in particles:
            pending += particle
        else:
            result.append(_letters_for_digits(pending + word))
            pending = ""
    return [*result, pending] if pending else result


def _without_nickname(folded: str) -> tuple[str, str | None]:
    """The name without what stands in quotes or brackets, and that as a nickname."""
    found = _NICKNAME.search(folded)
    if found is None:
        return folded, None
    inside = " ".join(name_words(found[0]))
    rest = " ".join(_NICKNAME.sub(" ", folded).split())
    if not name_words(rest):
        return inside, None
    return rest, None if inside in NO_GIVEN_NAME else inside or None


def _without_prefixes(words: list[str]) -> tuple[list[str], str | None]:
    prefix = None
    while len(words) > 1 and words[0] in PREFIXES:
        prefix, words = prefix or PREFIXES[words[0]], words[1:]
    if words and words[0] in LONELY_PREFIXES:
        prefix, words = prefix or PREFIXES[words[0]], words[1:]
    return words, prefix


def _without_suffixes(words: list[str], *, keep: frozenset[str]) -> tuple[list[str], str | None]:
    suffix = None
    while len(words) > 1 and words[-1] in _AFTER_NAME and words[-1] not in keep:
        suffix, words = GENERATIONS.get(words[-1], suffix), words[:-1]
    return words, suffix


def _one_person(text: str) -> str:
    """``ann & bob smith`` names two: the first, with a surname of their own or the last one's."""
    parties = [party for party in _JOINT.split(text) if party.strip()]
    if len(parties) < 2:
        return text
    words = parties[0].split()
    if all(word.strip(".") in PREFIXES for word in words):  # "mr and mrs john smith"
        return parties[-1]
    surname = parties[-1].split()[-1:] if len(words) == 1 and " " in parties[-1].strip() else []
    return " ".join([*words, *surname])


def _assembled(given: list[str], surname: str, around: Name) -> Name:
    """One name of its halves; every word after the first given name belongs to the middle."""
    words, prefix = _without_prefixes(given)
    words, suffix = _without_suffixes(words, keep=_NOT_IN_GIVEN)
    end = 1
    while end < len(words) and words[end - 1] in GIVEN_PARTICLES:
        end += 1
    first, middle, last = split_given(" ".join(words[:end])), words[end:], split_surname(surname)
    return Name(
        prefix=around.prefix or prefix or first.prefix,
        first=first.first,
        middle=split_middle(" ".join([first.middle or "", *middle])).middle,
        last=last.last,
        suffix=around.suffix or last.suffix or suffix,
        nickname=around.nickname,
    )
