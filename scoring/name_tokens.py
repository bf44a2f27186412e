"""The words of full names that say less than a name: titles, particles, legal forms, numbers."""

from __future__ import annotations

#: Said before or after a person's name.
TITLES = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "doctor", "prof", "professor", "president",
        "prasident", "minister", "senator", "sen", "rep", "gov", "governor", "gen", "general",
        "col", "colonel", "capt", "captain", "rev", "hon", "sir", "lord", "lady", "dame", "judge",
        "justice", "sheikh", "shaikh", "haji", "hajji", "mullah", "maulavi", "sayyid", "sayed",
        "imam", "jr", "sr", "esq", "phd", "md", "cpa",
    }
)  # fmt: skip

#: Small words inside names; leaving one out or writing it otherwise changes nobody.
PARTICLES = frozenset(
    {
        "de", "la", "las", "los", "del", "della", "di", "da", "das", "dos", "do", "du", "des",
        "le", "van", "von", "der", "den", "ter", "ten", "zu", "zum", "zur", "el", "al", "bin",
        "ibn", "ben", "bint", "abu", "af", "av", "y", "e", "s",
    }
)  # fmt: skip

#: Small words inside the names of organisations.
SMALL_WORDS = frozenset({"the", "of", "and", "for", "in", "et", "und", "de", "la", "y", "a", "s"})

#: Legal forms, the longest spelling first: words -> what they come to. Forms of one kind in two
#: languages come to one.
LEGAL_FORMS: tuple[tuple[tuple[str, ...], str], ...] = tuple(
    sorted(
        (
            (tuple(spelling.split()), form)
            for form, spellings in {
                "limited": (
                    "limited", "ltd", "ltda", "limited liability company", "llc", "ooo",
                    "gmbh", "sarl", "srl", "bv", "sp zoo", "sp z oo",
                    "pte ltd", "pty ltd", "co ltd", "company limited", "private limited",
                    "pvt ltd", "tov", "doo", "kft", "sro", "ab", "oy", "aps",
                ),
                "stock": (
                    "joint stock company", "open joint stock company", "public joint stock company",
                    "closed joint stock company", "jsc", "ojsc", "pjsc", "cjsc", "oao", "ao",
                    "pao", "zao", "plc", "public limited company", "ag", "aktiengesellschaft",
                    "sa", "spa", "nv", "se", "asa",
                    "as", "kk",
                ),
                "corporation": ("corporation", "corp", "incorporated", "inc"),
                "company": ("company", "co", "compania", "compagnie", "cia"),
                "partnership": (
                    "limited partnership", "lp", "llp", "kg", "gmbh co kg",
                ),
                "association": ("ev", "ano", "ngo"),
            }.items()
            for spelling in spellings
        ),
        key=lambda pair: -len(pair[0]),
    )
)  # fmt: skip

#: Words for one thing in names of organisations.
SYNONYMS = {
    "intl": "international", "int": "international", "labour": "labor", "centre": "center",
    "organisation": "organization", "mfg": "manufacturing", "bros": "brothers",
    "assn": "association", "assoc": "association", "dept": "department", "govt": "government",
    "univ": "university", "natl": "national", "svcs": "services", "grp": "group",
    "hldgs": "holdings", "mgmt": "management", "tech": "technology",
}  # fmt: skip

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip
_ROMAN = (
    "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv",
)  # fmt: skip

#: Numbers in words, as ordinals and in Roman letters -> digits.
NUMBERS: dict[str, str] = (
    {word: str(value) for value, word in enumerate(_ONES)}
    | {word: str(20 + 10 * place) for place, word in enumerate(_TENS)}
    | {word: str(place + 1) for place, word in enumerate(_ORDINALS)}
    | {f"{n}{end}": str(n) for n in range(1, 100) for end in ("st", "nd", "rd", "th")}
    | {word: str(place + 1) for place, word in enumerate(_ROMAN) if len(word) > 1}
)
TENS = frozenset(_TENS)
