from __future__ import annotations

from matcher.policies.contacts import Address, Email, Identifier, Phone
from matcher.policies.decisions import Decision, apply
from matcher.policies.history import History
from matcher.policies.memory_list import MemoryList
from matcher.policies.people import Person
from matcher.policies.people_table import as_cells, people_table


def held(*decisions: Decision) -> tuple[MemoryList, History]:
    """The list and its history after one decision a row."""
    people, history = MemoryList(), History()
    for row, decision in enumerate(decisions, 1):
        apply(decision, people)
        history.add(row, decision)
    return people, history


def created(person: Person) -> Decision:
    return Decision(person.person_id, (), (person,))


def test_a_list_of_nobody_is_a_table_without_rows() -> None:
    table = people_table(*held(), {})
    assert table.num_rows == 0
    assert as_cells(table).num_rows == 0
    assert table.column_names[-2:] == ["rows", "possible_duplicate_of"]


def test_everything_held_of_a_person_is_in_the_row() -> None:
    home = Address("1 Oak St", None, "Ayer", "MA", "01432", "US")
    full = Person(
        "1",
        1,
        emails=(Email("a@x.org", "A@x.org"), Email("b@x.org", "b@x.org")),
        phones=(Phone("+12025550143", "202 555 0143"),),
        addresses=(home, Address(city="Lowell")),
        identifiers=(Identifier("van", "7"),),
        tags=("donor", "host"),
    )
    table = people_table(*held(created(full), created(Person("2", 2))), {})
    first, second = as_cells(table).to_pylist()
    assert first["emails"] == ["a@x.org", "b@x.org"]
    assert first["phones"] == ["+12025550143"]
    assert first["addresses"] == ["1 Oak St, Ayer, MA, 01432, US", "Lowell"]
    assert first["identifiers"] == ["van:7"]
    assert first["tags"] == ["donor", "host"]
    for name in ("emails", "phones", "addresses", "identifiers", "tags"):
        assert second[name] == []


def test_rows_of_a_person_merged_away_are_those_of_who_stayed() -> None:
    one, two, three = (Person(each, int(each)) for each in "123")
    people, history = held(
        created(one),
        created(two),
        created(three),
        Decision("2", (), (), (("1", "2"),)),
        Decision("3", (), (), (("2", "3"),)),
        Decision("1", ()),
    )
    table = people_table(people, history, {})
    assert table.column("person_id").to_pylist() == ["3"]
    assert table.column("rows").to_pylist() == [[1, 2, 3, 4, 5, 6]]


def test_of_several_addresses_the_least_strict_consent_is_shown() -> None:
    stated = ("unsubscribed", "subscribed", None)
    emails = tuple(Email(f"{n}@x.org", "", status=each) for n, each in enumerate(stated))
    people, history = held(
        *(created(Person(str(n), n, emails=emails[:n])) for n in range(1, 4)),
        created(Person("4", 4)),
    )
    consents = people_table(people, history, {}).column("email_consent").to_pylist()
    assert consents == ["unsubscribed", "subscribed", "subscribed", None]


def test_possible_duplicates_stand_beside_whom_they_may_be() -> None:
    people, history = held(*(created(Person(each, int(each))) for each in "123"))
    table = people_table(people, history, {"2": ["3", "1"]})
    assert table.column("possible_duplicate_of").to_pylist() == [[], ["3", "1"], []]
