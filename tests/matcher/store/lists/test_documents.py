"""A person is made of its document again exactly, whatever a policy put into it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.policies.contacts import Address, Email, Identifier, Keys, Names, Phone
from matcher.policies.nationbuilder.flags import Flag
from matcher.policies.ngp_van.typed import Aside
from matcher.policies.people import Person
from matcher.policies.piles import Pile
from matcher.store.lists.documents import from_documents, to_document

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
MAYBE = st.none() | TEXT
EMAILS = st.lists(
    st.builds(Email, TEXT, TEXT, st.none() | st.booleans(), MAYBE, MAYBE, MAYBE), max_size=2
).map(tuple)
PHONES = st.lists(st.builds(Phone, TEXT, TEXT, status=MAYBE, assumed_region=st.booleans())).map(
    tuple
)
ADDRESSES = st.lists(st.builds(Address, MAYBE, MAYBE, country=MAYBE, kind=MAYBE)).map(tuple)
SCALARS: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | TEXT
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS
    | st.builds(Flag, st.booleans(), MAYBE)
    | st.builds(Aside, EMAILS, PHONES, ADDRESSES)
    | st.frozensets(st.integers(1, 4)),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.lists(inner, max_size=2).map(tuple)
        | st.dictionaries(TEXT, inner, max_size=2)
    ),
    max_leaves=5,
)
LOOKUPS: st.SearchStrategy[Any] = st.recursive(
    MAYBE, lambda inner: st.lists(inner, max_size=3).map(tuple), max_leaves=4
)


def piled(values: list[Any]) -> Any:
    return Pile(dict.fromkeys(values)) if len(values) > 2 else tuple(dict.fromkeys(values))


PEOPLE = st.builds(
    Person,
    TEXT,
    st.integers(0),
    names=st.builds(Names, MAYBE, MAYBE, full=MAYBE, organization=MAYBE),
    emails=EMAILS,
    phones=PHONES,
    addresses=ADDRESSES,
    identifiers=st.lists(st.builds(Identifier, TEXT, TEXT)).map(piled),
    tags=st.lists(TEXT).map(piled),
    phone_consent=MAYBE,
    created=MAYBE,
    fields=st.dictionaries(TEXT, VALUES, max_size=3)
    | st.dictionaries(TEXT, VALUES, max_size=3).map(Pile),
    lookup=st.lists(LOOKUPS, max_size=3).map(tuple),
    keys=st.builds(Keys, MAYBE, MAYBE, birth_date=MAYBE),
)


def types(value: Any) -> Any:
    """The types of a value and of all in it, which equality of tuples does not compare."""
    if isinstance(value, Pile | dict):
        return type(value), [(key, types(inner)) for key, inner in value.items()]
    if isinstance(value, tuple | list):
        return type(value), [types(inner) for inner in value]
    return type(value)


@given(st.lists(PEOPLE, max_size=4))
def test_people_are_made_of_their_documents_again(people: list[Person]) -> None:
    again = from_documents(map(to_document, people))
    assert again == people
    for one, other in zip(again, people, strict=True):
        assert types(one._replace(fields=dict(one.fields))) == types(
            other._replace(fields=dict(other.fields))
        )
        assert list(one.fields) == list(other.fields)
        assert list(one.identifiers) == list(other.identifiers)


def test_a_document_leaves_out_what_is_not_said() -> None:
    person = Person("7", 1, names=Names(first="Ada"), emails=(Email("a@b.org", "A@b.org", True),))
    assert to_document(person) == (
        '{"person_id":"7","number":1,"names":{"first":"Ada"},'
        '"emails":[{"address":"a@b.org","raw":"A@b.org","primary":true}]}'
    )


def test_what_has_no_form_is_refused() -> None:
    with pytest.raises(TypeError, match="complex"):
        to_document(Person("7", 1, fields={"odd": 1j}))
