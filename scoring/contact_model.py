"""The comparisons of contact data with their starting shares, as a list that can be read.

``level(name, m, weight, household weight)``: the share of the level among pairs of one person,
its evidence in bits against unrelated people, and the evidence for one household. The numbers are
round on purpose: the estimation (``scoring.estimation``) adapts them to the data at hand, and they
carry the result alone only where there are too few rows to learn from. Which data made the shipped
file, and how, is written in the file.
"""

from __future__ import annotations

from scoring.levels import Comparison, Frequency, Rates, Weights, level

_BOTH = "both names agree"
_SHARE = Frequency.SHARE
_HOLDERS = Frequency.HOLDERS

FIRST_NAME = Comparison(
    "first_name",
    (
        level("exact", 0.82, 8.7, 3.3, _SHARE),
        level("swapped with last name", 0.011, 10.9),
        level("nearly swapped with last name", 0.002, 8.0),
        level("one name in the place of the other", 0.002, 0.0),
        level("nickname", 0.09, 5.4, 1.9),
        level("initial", 0.02, 4.7, 2.4),
        level("prefix", 0.001, 1.1),
        level("very similar", 0.027, 5.3, 2.6),
        level("similar", 0.01, 2.4, 2.0),
        level("similar, both in use", 0.0005, -2.5, 1.0),
        level("somewhat similar", 0.003, -0.5, 0.8),
        level("faintly similar", 0.002, -4.5),
        level("different", 0.005, -5.0),
        level("different, both in use", 0.0063, -7.0),
        level("the other's middle name", 0.001, 2.0),
        level("its initial the other's middle one", 0.001, -3.0),
    ),
    household_fixed=True,
    household_floor=0.02,
)

LAST_NAME = Comparison(
    "last_name",
    (
        level("exact", 0.92, 9.8, 9.0, _SHARE),
        level("very similar", 0.027, 7.1, 3.0),
        level("similar", 0.011, 4.4, 1.5),
        level("one contains the other", 0.009, 4.9, 3.0),
        level("similar, both in use", 0.0005, -2.5),
        level("somewhat similar", 0.004, -1.2),
        level("faintly similar", 0.003, -4.0, -1.1),
        level("different", 0.010, -4.5, -1.1),
        level("different, both in use", 0.015, -5.5, -1.1),
    ),
)

MIDDLE_NAME = Comparison(
    "middle_name",
    (
        level("exact", 0.8, 7.0, 0.0, _SHARE, context="full"),
        level("similar", 0.12, 3.0, 0.0, context="full"),
        level("different", 0.08, -3.6, 0.0, context="full"),
        level("same initial", 0.96, 3.6, 0.0, context="initial"),
        level("different initial", 0.04, -4.5, 0.0, context="initial"),
    ),
    household_fixed=True,
)

SUFFIX = Comparison(
    "suffix",
    (
        level("same", 0.003, 4.0, 1.0),
        level("in neither", 0.985, 0.0, -1.2),
        level("in one", 0.010, -0.7, 4.9),
        level("contradicts", 0.0001, -3.0, 6.5),
    ),
)

EMAIL = Comparison(
    "email",
    (
        level("exact", 0.80, 16.9, 14.2, _HOLDERS),
        level("same user, other domain", 0.005, 15.6, context="names differ"),
        level("same user made of the name", 0.035, 11.4, context="names differ"),
        level("letters mistyped", 0.024, 17.8, context="names differ"),
        level("digits differ", 0.011, 8.4, context="names differ"),
        level("similar", 0.007, 6.6, context="names differ"),
        level("different", 0.12, -3.0, -0.2, context="names differ"),
        level("same user, other domain, a name agrees", 0.005, 3.3, context="a name agrees"),
        level("same user made of the name, a name agrees", 0.035, 2.0, context="a name agrees"),
        level("letters mistyped, a name agrees", 0.024, 1.5, context="a name agrees"),
        level("digits differ, a name agrees", 0.011, 1.5, context="a name agrees"),
        level("similar, a name agrees", 0.007, 0.8, context="a name agrees"),
        level("different, a name agrees", 0.12, -2.7, -0.2, context="a name agrees"),
        level("same user, other domain, both names agree", 0.005, 4.5, context=_BOTH),
        level("same user made of the name, both names agree", 0.02, -1.2, 0.8, context=_BOTH),
        level("letters mistyped, both names agree", 0.012, -1.2, context=_BOTH),
        level("digits differ, both names agree", 0.018, -1.8, 0.8, context=_BOTH),
        level("similar, both names agree", 0.005, 0.0, 0.5, context=_BOTH),
        level("different, both names agree", 0.14, -2.6, -0.2, context=_BOTH),
    ),
    holders_unrelated=0.02,
)

PHONE = Comparison(
    "phone",
    (
        level("exact", 0.80, 14.8, 14.6, _HOLDERS),
        level("one edit", 0.02, 8.3),
        level("two edits", 0.001, 0.4),
        level("different", 0.17, -2.5, -0.5),
    ),
    holders_unrelated=0.05,
)

LOCATION = Comparison(
    "location",
    (
        level("same address", 0.76, 10.7, 11.0, _HOLDERS, context="address"),
        level("same address, unit differs", 0.018, 6.5, 6.0, context="address"),
        level("similar address", 0.042, 9.3, 9.0, context="address"),
        level("same address, ZIP differs", 0.005, 6.3, 5.0, context="address"),
        level("same number or street, same ZIP", 0.011, 7.9, 5.0, context="address"),
        level("same ZIP", 0.857, 9.5, 9.1, _SHARE, context="ZIP"),
        level("same ZIP, address differs", 0.021, 0.3, -1.0, context="address"),
        level("near ZIP", 0.015, -2.8, -3.0),
        level("same city", 0.02, 1.0, 0.7, _SHARE),
        level("same region", 0.02, -2.2, -2.5),
        level("different", 0.08, -3.4, -5.4),
    ),
    holders_unrelated=0.35,
)

BIRTH_DATE = Comparison(
    "birth_date",
    (
        level("exact", 0.94, 14.0, 9.0, _SHARE),
        level("day and month swapped", 0.009, 10.6),
        level("one character", 0.012, 3.1),
        level("two of three parts", 0.02, 2.6),
        level("two characters", 0.008, -0.6),
        level("different", 0.011, -5.2),
        level("a generation apart", 0.0003, -11.0),
    ),
    household_fixed=True,
)

EXTERNAL_ID = Comparison(
    "external_id",
    (level("exact", 0.99, 18.0, 2.0, _HOLDERS),),
    holders_unrelated=0.01,
)

ORGANIZATION = Comparison(
    "organization",
    (
        level("exact", 0.78, 9.0, 3.0, _SHARE),
        level("very similar", 0.08, 7.0, 2.0),
        level("all words in the other", 0.04, 6.0, 2.0),
        level("initials of the other", 0.01, 6.0, 1.0),
        level("similar", 0.03, 3.0, 1.0),
        level("different", 0.06, -4.0, 0.0),
    ),
)

CONTACT_MODEL = Weights(
    (
        FIRST_NAME,
        LAST_NAME,
        MIDDLE_NAME,
        SUFFIX,
        EMAIL,
        PHONE,
        LOCATION,
        BIRTH_DATE,
        ORGANIZATION,
        EXTERNAL_ID,
    ),
    Rates(matches=0.7, household=0.5),
    made_from="round starting shares, by hand",
)


def extra_comparison(name: str, kind: str) -> Comparison:
    """The comparison of a column that the caller asked for.

    Args:
        name: the column.
        kind: ``text``, ``exact``, ``date`` or ``number``.
    """
    build = {
        "text": (
            level("exact", 0.80, 6.0, 3.0, _SHARE),
            level("very similar", 0.07, 5.0, 1.0),
            level("similar", 0.03, 2.0, 0.5),
            level("different", 0.10, -3.2, 0.0),
        ),
        "exact": (
            level("exact", 0.90, 10.0, 1.0, _SHARE),
            level("one edit", 0.03, 6.0, 0.5),
            level("different", 0.07, -3.8, 0.0),
        ),
        "date": BIRTH_DATE.levels,
        "number": (
            level("exact", 0.80, 6.0, 1.0, _SHARE),
            level("within 1%", 0.05, 3.0, 0.5),
            level("within 10%", 0.05, 0.0, 0.0),
            level("different", 0.10, -3.0, 0.0),
        ),
    }
    return Comparison(name, build[kind])


#: What a caller may ask of a further column.
EXTRA_KINDS = ("text", "exact", "date", "number")
