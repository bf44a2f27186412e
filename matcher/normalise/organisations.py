"""Organisations told from persons, and one spelling for their names."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import (
    Distinct,
    Mask,
    Typed,
    among,
    coalesce,
    column,
    filled,
    keep_rows,
    mask,
    spread,
    two_lanes,
    used,
)
from matcher.normalise.text import fold_words, fold_words_text
from matcher.records import Column

_ORGANISATION_TYPES = frozenset(
    {
        "organization", "organisation", "org", "company", "business", "corporation", "corporate",
        "legal entity", "legal person", "legalentity", "institution", "committee", "pac",
        "nonprofit", "non profit", "foundation", "account", "employer", "vendor", "union",
        "association", "o", "c", "1", "entity", "firm", "group",
    }
)  # fmt: skip
_PERSON_TYPES = frozenset(
    {
        "person", "individual", "contact", "natural person", "naturalperson", "people", "human",
        "voter", "supporter", "member", "donor", "constituent", "activist", "volunteer", "p", "i",
        "0", "lead", "prospect", "household",
    }
)  # fmt: skip
#: Words that no person is called, on folded text.
_WORDS = (
    r"\b(?:llc|llp|lllp|pllc|inc|incorporated|corp|corporation|ltd|limited|plc|gmbh|co op|coop"
    r"|company|committee|foundation|church|ministries|synagogue|mosque|university|college|academy"
    r"|institute|institution|association|assoc|assn|society|federation|coalition|alliance|council"
    r"|commission|league|chapter|pac|action fund|fund|trust|bank|credit union|hospital|clinic"
    r"|school|district|department|dept|ministry|agency|bureau|authority|services|solutions"
    r"|enterprises|holdings|industries|associates|partners|partnership|consulting|productions"
    r"|restaurant|realty|properties|center|centre|library|museum|club|democrats|republicans"
    r"|cafe|grill|deli|bakery|pizzeria|pizza|diner|bistro|steakhouse|seafood|catering|hotel|motel"
    r"|pharmacy|dental|medical|plumbing|heating|electric|construction|roofing|repair|automotive"
    r"|motors|hardware|supermarket|groceries|grocery|furniture|insurance|systems|technologies"
    r"|international|logistics|laboratories|shelter|food bank|legal aid|theater|theatre|salon"
    r"|friends of|citizens for|people for|vote for|teamsters|seiu|afscme|aft|ibew|ufcw|uaw|aclu"
    r"|naacp|ymca|ywca|local [0-9]+|workers|for congress|for senate|for governor|for mayor)\b"
    r"| union\b|\bunion "  # a surname too, though not beside another word
)
#: What persons who have no employer write.
_NO_EMPLOYER = frozenset(
    {
        "none", "na", "n a", "self", "self employed", "selfemployed", "retired", "unemployed",
        "not employed", "homemaker", "student", "disabled", "unknown", "refused", "not applicable",
        "information requested", "requested", "info requested", "not provided", "null", "nil",
    }
)  # fmt: skip
_PERSONAL = ("first_name", "last_name", "full_name")
_LEGAL_FORMS = {
    "incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd",
    "association": "assn", "assoc": "assn", "department": "dept", "university": "univ",
    "and": "", "the": "",
}  # fmt: skip


def normalise_organisation(text: str) -> str | None:
    """An organisation's name folded, its legal form short, ``the`` and ``and`` left out.

    What stands for no organisation (``self-employed``, ``retired``) is none.
    """
    words = fold_words_text(text).split()
    if " ".join(words) in _NO_EMPLOYER:
        return None
    kept = " ".join(filter(None, (_LEGAL_FORMS.get(word, word) for word in words)))
    return kept or " ".join(words) or None


def clean_organisations(values: pa.StringArray) -> pa.StringArray:
    """``normalise_organisation`` of distinct texts."""
    folded = fold_words(values)
    odd = pc.match_substring_regex(folded, rf"\b(?:{'|'.join(_LEGAL_FORMS)})\b")
    odd = pc.or_(odd, pa.array(among(folded, _NO_EMPLOYER)))
    return two_lanes(folded, pc.invert(odd), folded, normalise_organisation)


def tell_organisations(
    typed: Typed, count: int, *, apart: bool = False
) -> tuple[Mask, Column | None]:
    """Which records are organisations, and the organisation column of all records.

    A record is an organisation where its entity type says so; where it names an organisation and
    no person; where its only name holds a word that no person is called; or where so many of the
    names beside it do that the list must be one of organisations. The column holds an
    organisation's own name, and a person's employer.

    Args:
        typed: the raw name columns, ``entity_type`` and ``organization``, where present.
        count: the number of records.
        apart: they are of no one list, so the names beside one say nothing.
    """
    has = {name: _filled(typed, name, count) for name in _PERSONAL}
    first, last, full = (has[name] for name in _PERSONAL)
    names = [_names(typed["organization"])] if "organization" in typed else []
    named = names[0].codes >= 0 if names else np.zeros(count, np.bool_)
    organisation = named & ~first & ~last & ~full
    alone = full & ~first & ~last
    sounding = _sounds_organised(typed, "full_name", alone)
    organisation |= sounding if apart else _listed(sounding, alone)
    organisation |= _sounds_organised(typed, "last_name", last & ~first)
    said = _said(typed, count)
    organisation = np.where(said == 0, organisation, said > 0)
    for name in ("full_name", "last_name", "first_name"):
        if (rows := organisation & has[name]).any():
            codes, values = typed[name]
            theirs = keep_rows(Column(codes, values), rows)
            names.append(_names(Distinct(theirs.codes, theirs.values)))
    return organisation, coalesce(names) if names else None


#: A list of so many names or more, of which this share sound like organisations, lists no people.
FEWEST_LISTED, _SHARE_LISTED = 20, 0.4


def _listed(sounding: Mask, alone: Mask) -> Mask:
    """All records with one name alone, where that is a list of organisations.

    ``Chez Panisse`` sounds like a person; among restaurants it is none, and a record that were
    told apart from its own duplicate by ``Inc`` would never meet it.
    """
    names = int(alone.sum())
    if names >= FEWEST_LISTED and int(sounding.sum()) >= _SHARE_LISTED * names:
        return alone
    return sounding


def _names(typed: Distinct) -> Column:
    return column(typed.codes, clean_organisations(typed.values))


def _said(typed: Typed, count: int) -> npt.NDArray[np.int8]:
    """What the entity type says: 1 organisation, -1 person, 0 nothing."""
    if "entity_type" not in typed:
        return np.zeros(count, np.int8)
    codes, values = typed["entity_type"]
    folded = fold_words(values)
    meaning = among(folded, _ORGANISATION_TYPES).astype(np.int8)
    meaning -= among(folded, _PERSON_TYPES).astype(np.int8)
    return spread(meaning, codes, 0)


def _filled(typed: Typed, name: str, count: int) -> Mask:
    if name not in typed:
        return np.zeros(count, np.bool_)
    return spread(filled(typed[name].values), typed[name].codes, False)


def _sounds_organised(typed: Typed, name: str, rows: Mask) -> Mask:
    """Which of the rows hold an organisation's word in that column."""
    if not rows.any():
        return rows
    codes, values = typed[name]
    organised = used(codes, len(values), rows)
    folded = fold_words(values.filter(pa.array(organised)))
    organised[organised] = mask(pc.match_substring_regex(folded, _WORDS))
    return rows & spread(organised, codes, False)
