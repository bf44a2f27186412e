"""Organisations told from persons, and one spelling for their names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.lanes import Mask, coalesce, column, distinct, keep_rows, mask, spread
from matcher.normalise.text import fold_words, fold_words_text
from matcher.records import Column

_ORGANISATION_TYPES = pa.array(
    [
        "organization", "organisation", "org", "company", "business", "corporation", "corporate",
        "legal entity", "legal person", "legalentity", "institution", "committee", "pac",
        "nonprofit", "non profit", "foundation", "account", "employer", "vendor", "union",
        "association", "o", "c", "1", "entity", "firm", "group",
    ]
)  # fmt: skip
_PERSON_TYPES = pa.array(
    [
        "person", "individual", "contact", "natural person", "naturalperson", "people", "human",
        "voter", "supporter", "member", "donor", "constituent", "activist", "volunteer", "p", "i",
        "0", "lead", "prospect", "household",
    ]
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
    r"|friends of|citizens for|people for|vote for|teamsters|seiu|afscme|aft|ibew|ufcw|uaw|aclu"
    r"|naacp|ymca|ywca|local [0-9]+|workers|for congress|for senate|for governor|for mayor)\b"
)
_UNION = r"\bunion\b"  # a surname too, but never beside another word of a person's name
_LEGAL_FORMS = {
    "incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd",
    "association": "assn", "assoc": "assn", "department": "dept", "university": "univ",
    "and": "", "the": "",
}  # fmt: skip


def normalise_organisation(text: str) -> str | None:
    """An organisation's name folded, its legal form short, ``the`` and ``and`` left out."""
    words = fold_words_text(text).split()
    kept = " ".join(filter(None, (_LEGAL_FORMS.get(word, word) for word in words)))
    return kept or " ".join(words) or None


def clean_organisations(values: pa.StringArray) -> pa.StringArray:
    """``normalise_organisation`` of distinct texts."""
    folded = fold_words(values)
    long_form = pc.match_substring_regex(folded, rf"\b(?:{'|'.join(_LEGAL_FORMS)})\b")
    if not pc.any(long_form, min_count=0).as_py():
        return folded
    rewritten = [normalise_organisation(text) for text in folded.filter(long_form).to_pylist()]
    return pc.replace_with_mask(folded, long_form, pa.array(rewritten, pa.string()))


def tell_organisations(table: pa.Table) -> tuple[Mask, Column | None]:
    """Which records are organisations, and the organisation column of all records.

    A record is an organisation where its entity type says so; where it names an organisation and
    no person; or where its only name holds a word that no person is called. The column holds an
    organisation's own name, and a person's employer.
    """
    count = table.num_rows
    has = {name: _filled(table, name) for name in ("first_name", "last_name", "full_name")}
    named_person = has["first_name"] | has["last_name"] | has["full_name"]
    said = _said(table)
    named = _filled(table, "organization") & ~named_person
    only_full = has["full_name"] & ~has["first_name"] & ~has["last_name"]
    only_last = has["last_name"] & ~has["first_name"]
    by_words = {
        "full_name": only_full & _sounds_organised(table, "full_name"),
        "last_name": only_last & _sounds_organised(table, "last_name"),
    }
    organisation = named | by_words["full_name"] | by_words["last_name"]
    organisation = np.where(said == 0, organisation, said > 0)
    names = []
    if "organization" in table.column_names:
        names.append(_names(table, "organization", np.ones(count, np.bool_)))
    for name in ("full_name", "last_name", "first_name"):
        if (where := organisation & has[name]).any():
            names.append(_names(table, name, where))
    return organisation, coalesce(names) if names else None


def _names(table: pa.Table, name: str, rows: Mask) -> Column:
    codes, values = distinct(table[name])
    return keep_rows(column(codes, clean_organisations(values)), rows)


def _said(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.int8]]:
    """What the entity type says: 1 organisation, -1 person, 0 nothing."""
    if "entity_type" not in table.column_names:
        return np.zeros(table.num_rows, np.int8)
    codes, values = distinct(table["entity_type"])
    folded = fold_words(values)
    meaning = mask(pc.is_in(folded, _ORGANISATION_TYPES)).astype(np.int8)
    meaning -= mask(pc.is_in(folded, _PERSON_TYPES)).astype(np.int8)
    return spread(meaning, codes, 0)


def _filled(table: pa.Table, name: str) -> Mask:
    if name not in table.column_names:
        return np.zeros(table.num_rows, np.bool_)
    return mask(pc.match_substring_regex(table[name].combine_chunks(), r"\S"))


def _sounds_organised(table: pa.Table, name: str) -> Mask:
    if name not in table.column_names:
        return np.zeros(table.num_rows, np.bool_)
    codes, values = distinct(table[name])
    folded = fold_words(values)
    organised = mask(pc.match_substring_regex(folded, _WORDS))
    organised |= mask(pc.match_substring_regex(folded, rf"(?: {_UNION}|{_UNION} )"))
    return spread(organised, codes, False)
