"""Folding: the form in which two spellings of the same text are the same text."""
# ruff: noqa: RUF001 - letters that look like others are what this module is about

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import two_lanes

#: Letters of other scripts that are drawn like a Latin one; folded only inside a word that holds
#: a Latin letter too, so that a wholly Greek or Cyrillic name keeps its own letters.
_LOOK_ALIKES = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаверкмнопсухітјѕһӏ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεικνορτυχ",
    "ABEKMHOPCTYXIJSabepkmhoncyxitjshl" + "ABEZHIKMNOPTYXabeikvoptux",
)
#: Letters that Unicode does not decompose, and the many apostrophes.
_PLAIN_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
        "ħ": "h", "ŧ": "t", "ŋ": "n", "ƒ": "f", "‘": "'", "’": "'", "ʼ": "'", "ʻ": "'",
        "′": "'", "´": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "‒": "-", "–": "-",
        "—": "-", "−": "-",
    }
)  # fmt: skip
_MARKS = re.compile("[\u0300-\u036f]")  # accents; the vowel signs of other scripts stay
_LATIN = re.compile("[A-Za-z]")
#: Printable ASCII with single blanks: lower case is all that folding does to it.
_PLAIN = r"^[!-~]+(?: [!-~]+)*$"


def fold_text(text: str) -> str:
    """Lower case, accents off, look-alike letters Latin, zero-width gone, blanks single.

    Idempotent. Scripts other than Latin are kept, in lower case where they have one.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().split())
    text = _bare(text)
    text = " ".join(w.translate(_LOOK_ALIKES) if _LATIN.search(w) else w for w in text.split())
    text = _bare(text.casefold().translate(_PLAIN_LETTERS)).casefold().translate(_PLAIN_LETTERS)
    return " ".join(unicodedata.normalize("NFC", text).split())


def _bare(text: str) -> str:
    """Compatibility forms resolved, accents and invisible characters off."""
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            kept.append(" ")
        elif category not in ("Cf", "Cs") and not "\ufe00" <= character <= "\ufe0f":
            kept.append(character)
    return "".join(kept)


def fold(values: pa.StringArray) -> pa.StringArray:
    """``fold_text`` of each value; null stays null."""
    plain = pc.match_substring_regex(values, _PLAIN)
    return two_lanes(values, plain, pc.ascii_lower(values), fold_text)


_NOT_WORD = re.compile(r"[^\w]+|_+")


def fold_words_text(text: str) -> str:
    """``fold_text`` with punctuation gone too: apostrophes close up, the rest parts words."""
    if text.isascii() and text.isalnum():
        return text.lower()
    return " ".join(_NOT_WORD.sub(" ", fold_text(text).replace("'", "")).split())


def fold_words(values: pa.StringArray) -> pa.StringArray:
    """``fold_words_text`` of each value; null stays null."""
    plain = pc.match_substring_regex(values, r"^[A-Za-z0-9]+(?: [A-Za-z0-9]+)*$")
    return two_lanes(values, plain, pc.ascii_lower(values), fold_words_text)
