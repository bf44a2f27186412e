"""How alike two full names are, where only full names exist: words in any order, of any number.

Words are paired best first: equal, spelt alike, nicknames, an initial for a name, two words
written as one. What is left on one side only was left out or added and costs little; what is left
on both sides is a contradiction and costs much. Titles, particles and legal forms hardly count.

Names are given folded: lower-case Latin letters and digits, words parted by blanks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from scoring.name_tokens import (
    LEGAL_FORMS,
    NUMBERS,
    PARTICLES,
    SMALL_WORDS,
    SYNONYMS,
    TENS,
    TITLES,
)

#: From this similarity up two full names are rather of one person or organisation than not.
SAME = 0.5

_NICKNAMES: Mapping[str, Collection[str]] = {}


@dataclass(frozen=True, slots=True)
class NameRules:
    """What agreements and differences are worth, as shares.

    Attributes:
        alike: share of letters from which two words are one word with a slip.
        glued: the same for whole names written without blanks.
        nickname, initial: what a nickname and an initial count, where an equal word counts 1.
        contradiction: kept of the similarity for each word that the other side contradicts.
        addition: kept for each word that only one side has.
        form: kept where legal forms differ.
    """

    alike: float = 0.72
    glued: float = 0.9
    nickname: float = 0.9
    initial: float = 0.7
    contradiction: float = 0.4
    addition: float = 0.9
    form: float = 0.8


PERSON = NameRules()
ORGANISATION = NameRules(initial=0.3, addition=0.7)


def person_similarity(
    one: str, other: str, nicknames: Mapping[str, Collection[str]] = _NICKNAMES
) -> float:
    """0 to 1 for two folded full names of persons; see ``SAME``.

    Args:
        one, other: folded names.
        nicknames: name -> the formal names that it stands for.
    """
    left, right = (_significant(name.split(), TITLES) for name in (one, other))
    left_core, right_core = (_without(words, PARTICLES) for words in (left, right))
    return _similarity(left_core, right_core, PERSON, nicknames)


def organisation_similarity(one: str, other: str) -> float:
    """0 to 1 for two folded names of organisations; see ``SAME``."""
    (left, left_form), (right, right_form) = (_named(name.split()) for name in (one, other))
    if left and right and _is_acronym(left, right):
        return ORGANISATION.nickname
    similarity = _similarity(left, right, ORGANISATION, _NICKNAMES)
    differ = left_form and right_form and left_form != right_form
    return similarity * (ORGANISATION.form if differ else 1.0)


def _similarity(
    left: Sequence[str],
    right: Sequence[str],
    rules: NameRules,
    nicknames: Mapping[str, Collection[str]],
) -> float:
    if not left or not right:
        return 0.0
    whole = _glued(left, right)
    if whole >= rules.glued and len(left) != len(right):
        return whole
    left, right = _rejoined(left, right), _rejoined(right, left)
    found = list(_paired(left, right, rules, nicknames))
    if not found:
        return 0.0
    left_over, right_over = len(left) - len(found), len(right) - len(found)
    contradicted = min(left_over, right_over)
    added = max(left_over, right_over) - contradicted
    agreed = sum(found) / len(found)
    kept = rules.contradiction**contradicted * rules.addition ** min(added, _MOST_ADDED)
    return agreed * kept


#: Further words that one side leaves out are no more news.
_MOST_ADDED = 3


def _paired(
    left: Sequence[str],
    right: Sequence[str],
    rules: NameRules,
    nicknames: Mapping[str, Collection[str]],
) -> Iterator[float]:
    """How alike the words are that belong together, the best pair first, each word once."""
    ranked = sorted(
        (
            (-_word_similarity(one, other, rules, nicknames), abs(place - at), place, at)
            for place, one in enumerate(left)
            for at, other in enumerate(right)
        ),
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    for negative, _, place, at in ranked:
        if negative < 0 and place not in used_left and at not in used_right:
            used_left.add(place)
            used_right.add(at)
            yield -negative


def _word_similarity(
    one: str, other: str, rules: NameRules, nicknames: Mapping[str, Collection[str]]
) -> float:
    """1 for equal words, 0 for words that are not one."""
    if one == other:
        return 1.0
    if one.isdigit() or other.isdigit():
        return 0.0
    if min(len(one), len(other)) == 1:
        return rules.initial if one[0] == other[0] else 0.0
    if not set(nicknames.get(one, ())).isdisjoint(nicknames.get(other, ())):
        return rules.nickname
    spelt = max(_letters(one, other), _letters(_sounded(one), _sounded(other)))
    return spelt if spelt >= rules.alike else 0.0


def _letters(one: str, other: str) -> float:
    """The share of letters that two words have in common, in order; swaps count as one slip."""
    return OSA.normalized_similarity(one, other)


#: Spellings that differ by the language a name was romanised for.
_ROMANISED = (
    ("sch", "sh"), ("tch", "ch"), ("tsch", "ch"), ("ph", "f"), ("kh", "h"), ("ck", "k"),
    ("q", "k"), ("zh", "j"), ("dj", "j"), ("w", "v"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
    ("ij", "i"), ("iy", "i"), ("yi", "i"), ("y", "i"), ("j", "i"), ("ei", "i"), ("ie", "i"),
    ("x", "ks"), ("c", "k"), ("z", "s"),
)  # fmt: skip


@lru_cache(maxsize=100_000)
def _sounded(word: str) -> str:
    """A spelling that hardly depends on the language of the romanisation; letters once."""
    for spelling, plain in _ROMANISED:
        word = word.replace(spelling, plain)
    return "".join(
        letter for place, letter in enumerate(word) if not place or letter != word[place - 1]
    )


def _glued(left: Sequence[str], right: Sequence[str]) -> float:
    """How alike the names are without blanks; numbers must agree."""
    if _digits(left) != _digits(right):
        return 0.0
    return _letters("".join(left), "".join(right))


def _digits(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if any(letter.isdigit() for letter in word))


def _rejoined(words: Sequence[str], other: Sequence[str]) -> list[str]:
    """Two neighbouring words that are one word on the other side become that word."""
    found: list[str] = []
    for word in words:
        if found and found[-1] not in other and word not in other and found[-1] + word in other:
            found[-1] += word
        else:
            found.append(word)
    return found


def _significant(words: Sequence[str], small: frozenset[str]) -> list[str]:
    """Without small words and repeats, unless nothing would be left."""
    return list(dict.fromkeys(_without(words, small)))


def _without(words: Sequence[str], small: frozenset[str]) -> list[str]:
    return [word for word in words if word not in small] or list(words)


def _named(words: list[str]) -> tuple[list[str], str]:
    """The words of an organisation's name, and its legal form or nothing."""
    rest, form = _spelt_out(words), ""
    for spelling, kind in LEGAL_FORMS:
        width = len(spelling)
        for end in (slice(len(rest) - width, len(rest)), slice(0, width)):
            if len(rest) > width and tuple(rest[end]) == spelling:
                del rest[end]
                form = form or kind
                break
    rest = [SYNONYMS.get(word, word) for word in _numbered(rest)]
    return _significant(rest, SMALL_WORDS), form


def _spelt_out(words: list[str]) -> list[str]:
    """Letters that stand alone side by side are one word: ``g m b h``, ``a b c``."""
    found: list[str] = []
    alone = False
    for word in words:
        letter = len(word) == 1 and word.isalpha()
        if letter and alone:
            found[-1] += word
        else:
            found.append(word)
        alone = letter
    return found


def _numbered(words: list[str]) -> list[str]:
    """Number words as digits: ``forty four`` is ``44``."""
    found: list[str] = []
    for word in words:
        digits = NUMBERS.get(word, word)
        if found and found[-1] in TENS and len(digits) == 1 and digits.isdigit():
            found[-1] = str(int(NUMBERS[found[-1]]) + int(digits))
        elif word in TENS:
            found.append(word)
        else:
            found.append(digits)
    return [NUMBERS.get(word, word) if word in TENS else word for word in found]


def _is_acronym(left: Sequence[str], right: Sequence[str]) -> bool:
    """One name begins with the initials of the other's words, three at least."""
    short, long = sorted((left, right), key=len)
    initials = "".join(word[0] for word in long)
    return len(initials) >= 3 and short[0] == initials
