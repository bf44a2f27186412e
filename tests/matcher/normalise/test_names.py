"""One name into its parts."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.normalise import Name, split_full, split_given, split_middle, split_surname


@pytest.mark.parametrize(
    ("typed", "last"),
    [
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("O Brien", "obrien"),
        ("Mc Donald", "mcdonald"),
        ("de la Cruz", "delacruz"),
        ("van der Berg", "vanderberg"),
        ("Garcia de la Cruz", "garcia delacruz"),
        ("Mata-Gonzalez", "mata gonzalez"),
        ("St. John", "stjohn"),
        ("Saint John", "stjohn"),
        ("MUDRAY", "mudray"),
        ("Null", "null"),
        ("Na", "na"),
        ("Van", "van"),
        ("8radley", "bradley"),
        ("Cope1in", "copelin"),
        ("Sm1th", "smith"),
        ("Unknown", None),
        ("", None),
        ("-", None),
    ],
)
def test_surnames(typed: str, last: str | None) -> None:
    assert split_surname(typed) == Name(last=last)


@pytest.mark.parametrize(
    ("typed", "suffix"),
    [("Smith Jr.", "jr"), ("Smith, Junior", "jr"), ("Smith III", "iii"), ("Smith 2nd", "ii"),
     ("Smith V", "v"), ("Smith Sr MD", "sr"), ("Smith, Ph.D.", None), ("Smith Esq.", None)],
)  # fmt: skip
def test_generations_stand_apart_and_degrees_fall_away(typed: str, suffix: str | None) -> None:
    assert split_surname(typed) == Name(last="smith", suffix=suffix)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Mary-Ann", Name(first="mary ann")),
        ("Mary J", Name(first="mary", middle="j")),
        ("John Q.", Name(first="john", middle="q")),
        ("J.", Name(first="j")),
        ("J. R.", Name(first="jr")),
        ("JR", Name(first="jr")),
        ("John Jr", Name(first="john", suffix="jr")),
        ("Dr. Mary", Name(prefix="dr", first="mary")),
        ("Mr", Name(prefix="mr")),
        ("Sen", Name(first="sen")),  # a name when it stands alone
        ("Md", Name(first="md")),
        ('Robert "Bob"', Name(first="robert", nickname="bob")),
        ("Robert (Bob)", Name(first="robert", nickname="bob")),
        ("(Bob)", Name(first="bob")),
        ("De Shawn", Name(first="deshawn")),
        ("j0hn", Name(first="john")),
        ("M1chael", Name(first="michael")),
        ("Abigai1", Name(first="abigail")),
        ("Pau|", Name(first="paul")),
        ("N:cole", Name(first="nicole")),
        ("Ann & Bob", Name(first="ann")),
        ("Jоsé", Name(first="jose")),
        ("hah", Name(first="hah")),
        ("Na", Name(first="na")),
        ("Friend", Name()),
        ("Test", Name()),
        ("Current Resident", Name()),
        ("Lady of the House", Name()),
        ("n/a", Name()),
        ("", Name()),
    ],
)
def test_given_names(typed: str, name: Name) -> None:
    assert split_given(typed) == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("John Smith", Name(first="john", last="smith")),
        ("John Quincy Adams", Name(first="john", middle="quincy", last="adams")),
        ("Smith, John Q.", Name(first="john", middle="q", last="smith")),
        ("Smith, John, Jr.", Name(first="john", last="smith", suffix="jr")),
        ("John Smith, MD", Name(first="john", last="smith")),
        (
            "Dr. Mary-Ann de la Cruz Jr.",
            Name(prefix="dr", first="mary ann", last="delacruz", suffix="jr"),
        ),
        ("Robert 'Bob' Smith", Name(first="robert", last="smith", nickname="bob")),
        ("Mr and Mrs John Smith", Name(prefix="mrs", first="john", last="smith")),
        ("Ann & Bob Smith", Name(first="ann", last="smith")),
        ("Ann Jones & Bob Smith", Name(first="ann", last="jones")),
        ("Ludwig van Beethoven", Name(first="ludwig", last="vanbeethoven")),
        ("J. Robert Oppenheimer", Name(first="j", middle="robert", last="oppenheimer")),
        ("Mr. Smith", Name(prefix="mr", last="smith")),
        ("Madonna", Name(first="madonna")),
        ("John Null", Name(first="john", last="null")),
        ("Anonymous", Name()),
        ("", Name()),
    ],
)
def test_whole_names(typed: str, name: Name) -> None:
    assert split_full(typed) == name


def test_middle_names() -> None:
    assert split_middle("Q.").middle == "q"
    assert split_middle("Ann-Marie").middle == "ann marie"
    assert split_middle("none").middle is None


_SMALL_WORDS = (
    "jr", "ii", "v", "md", "dr", "mr", "de", "la", "van", "st", "mc", "o", "x", "ann", "smith", "d",
    "s", "m", "p", "h",
)  # fmt: skip
_NAMES = (
    st.text(max_size=12)
    | st.text(alphabet="aeMcO' -.dl1|jrsv", max_size=12)
    | st.lists(
        st.sampled_from(_SMALL_WORDS),
        max_size=5,
    ).map(" ".join)
)


@given(_NAMES)
@example("mary jr x")
@example("smith d d s")
@example("m r")
def test_parts_normalise_to_themselves(text: str) -> None:
    given_name = split_given(text)
    if given_name.first is not None:
        assert split_given(given_name.first) == Name(first=given_name.first)
    surname = split_surname(text)
    if surname.last is not None:
        assert split_surname(surname.last) == Name(last=surname.last)
    middle = split_middle(text)
    assert middle.middle is None or split_middle(middle.middle) == middle


@given(_NAMES)
def test_parts_of_a_whole_name_normalise_to_themselves(text: str) -> None:
    name = split_full(text)
    if name.first is not None:
        assert split_given(name.first) == Name(first=name.first)
    if name.last is not None:
        assert split_surname(name.last) == Name(last=name.last)
