"""The small words of personal names: titles, generations, particles, and words that are no name."""

from __future__ import annotations

#: Titles, by every spelling. Those of ``LONELY_PREFIXES`` are no name even when they stand alone.
PREFIXES: dict[str, str] = {
    "mr": "mr", "mister": "mr", "mrs": "mrs", "missus": "mrs", "ms": "ms", "miss": "miss",
    "mx": "mx", "dr": "dr", "doctor": "dr", "rev": "rev", "reverend": "rev", "hon": "hon",
    "honorable": "hon", "honourable": "hon", "prof": "prof", "professor": "prof", "sen": "sen",
    "senator": "sen", "rep": "rep", "representative": "rep", "gov": "gov", "sgt": "sgt",
    "lt": "lt", "capt": "capt", "col": "col", "cpl": "cpl", "pvt": "pvt", "maj": "maj",
    "gen": "gen", "fr": "fr", "rabbi": "rabbi", "imam": "imam", "pastor": "pastor", "sir": "sir",
    "madam": "madam", "mme": "mme", "m/s": "ms",
}  # fmt: skip
LONELY_PREFIXES = frozenset({"mr", "mister", "mrs", "missus", "ms", "miss", "mx", "dr", "doctor"})

#: Generations, which tell father from son.
GENERATIONS: dict[str, str] = {
    "jr": "jr", "junior": "jr", "jnr": "jr", "sr": "sr", "senior": "sr", "snr": "sr", "ii": "ii",
    "2nd": "ii", "iii": "iii", "3rd": "iii", "iv": "iv", "4th": "iv", "v": "v", "5th": "v",
}  # fmt: skip
#: Degrees and offices written after a name; they tell nobody apart.
HONOURS = frozenset(
    {
        "esq", "esquire", "md", "phd", "dds", "dmd", "dvm", "do", "rn", "cpa", "jd", "edd", "mba",
        "msw", "lcsw", "ret", "usn", "usaf", "usmc", "cfa", "obe", "mbe",
    }
)  # fmt: skip

#: Words glued to the surname that follows.
PARTICLES = frozenset(
    {
        "de", "la", "las", "los", "del", "della", "dela", "di", "da", "das", "dos", "do", "du",
        "des", "le", "van", "von", "vander", "vanden", "der", "den", "ten", "ter", "zu", "zum",
        "zur", "el", "al", "bin", "ibn", "abu", "ben", "af", "av", "st", "mc", "mac", "o", "d",
    }
)  # fmt: skip
#: Words glued to the given name that follows ("De Shawn", "La Toya").
GIVEN_PARTICLES = frozenset({"de", "la", "le", "da"})

#: Never a given name.
NO_GIVEN_NAME = frozenset(
    {
        "daughter", "brother", "sister", "spouse", "husband", "grandson", "granddaughter",
        "grandmother", "grandfather", "grandma", "grandpa", "roommate", "oldest", "eldest",
        "youngest", "boy", "girl", "male", "female", "adult", "minor", "infant", "refused",
        "refuse", "declined", "nephew", "niece", "uncle", "aunt", "cousin", "stepson",
        "stepdaughter", "grandchild", "kid", "kids", "children", "male child", "female child",
        "child m", "child f", "adult male", "adult female", "male adult", "female adult",
        "son of", "daughter of", "wife of", "husband of", "child of", "hijo", "hija", "esposo",
        "esposa", "woman", "gentleman", "gentlemen", "inmate", "tenant", "owner", "homeowner",
        "home owner", "lodger", "boarder", "house", "home", "the house", "the home",
        "friend", "friends", "voter", "household", "householder", "resident", "residents",
        "current resident", "occupant", "current occupant", "anonymous", "unknown", "unk", "none",
        "n/a", "test", "testing", "tester", "test test", "donor", "anonymous donor", "supporter",
        "member", "neighbor", "neighbour", "customer", "guest", "visitor", "dad", "daddy", "mom",
        "mommy", "mum", "mother", "father", "wife", "nobody", "no name", "noname",
        "name", "first", "first name", "firstname", "fname", "not provided", "not given",
        "not available", "unnamed", "null", "nil", "undefined", "deceased", "family",
        "the family", "fake", "asdf", "asdfgh", "qwerty", "abc", "xx", "xxx", "xxxx", "zzz",
        "person", "somebody", "someone", "no first name", "fnu", "tbd", "lady of the",
        "lady of the house", "lady of the home", "lady of house", "lady in the", "lady of",
        "gentleman of", "gentleman of the", "gentleman of the house", "man of", "man of the",
        "man of house", "man of the house", "woman of the house", "head of household",
        "head of house", "baby boy", "baby girl",
    }
)  # fmt: skip
#: Never a surname.
NO_SURNAME = frozenset(
    {
        "refused", "refuse", "declined", "male", "female",
        "unknown", "unk", "n/a", "no last name", "no name", "noname", "last name", "lastname",
        "lname", "surname", "not provided", "not given", "not available", "anonymous", "lnu",
        "undefined", "xxx", "xxxx", "asdf", "asdfgh", "qwerty", "tbd", "testing", "resident",
        "current resident", "occupant", "household", "householder", "of the home", "of the house",
        "the home", "the house", "man of the house", "lady of the house", "head of household",
    }
)  # fmt: skip
#: Somebody's real name, unless the other name is missing or no name either.
DOUBTFUL = frozenset(
    {
        "na", "null", "none", "test", "friend", "voter", "donor", "last", "name", "nil", "no",
        "guest", "member", "supporter", "person", "family", "fake", "tester", "customer", "x",
        "xx", "baby", "child", "house", "home",
    }
)  # fmt: skip
