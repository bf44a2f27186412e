"""Strangers who write twice are one unknown contact, and become a person's."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import OutputError
from matcher.store import Store

Row = dict[str, Any]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "identity.duckdb") as opened:
        yield opened


def contact(**info: Any) -> Row:
    return {"contactInfo": info}


def numbered(rows: Sequence[Row]) -> list[Row]:
    return [{"id": f"i{place}", **row} for place, row in enumerate(rows)]


def groups(store: Store) -> dict[str, list[str]]:
    found = store.unknown_contacts()
    return {
        name: list(some)
        for name, some in zip(found.unknown_contact, found.interaction_list, strict=True)
    }


def test_interactions_that_share_an_identifier_are_one_contact(store: Store) -> None:
    store.add_interactions(
        numbered(
            [
                contact(email=["ann@example.org"], firstName="Ann"),
                contact(phone=["+14135550199"], firstName="Ann"),
                contact(email=["zoe@example.org"]),
                contact(email=["ann@example.org"], phone=["413-555-0199"], firstName="Ann"),
            ]
        )
    )
    assert groups(store) == {"U0": ["I0", "I1", "I3"], "U2": ["I2"]}
    first = store.unknown_contacts().iloc[0]
    assert first.interactions == 3
    assert list(first.emails) == ["ann@example.org"]
    assert list(first.phones) == ["+14135550199"]
    assert first.first_name == "Ann"


def test_a_household_is_not_one_contact(store: Store) -> None:
    store.add_interactions(
        numbered(
            [
                contact(phone=["+14135550199"], firstName="Ann", lastName="Okafor"),
                contact(phone=["+14135550199"], firstName="Robert", lastName="Okafor"),
            ]
        )
    )
    assert groups(store) == {"U0": ["I0"], "U1": ["I1"]}


def test_ix_07_a_name_or_a_handle_makes_nobody_one(store: Store) -> None:
    name = {"firstName": "Zebulon", "lastName": "Quackenbush", "socialHandle": ["@zebulon"]}
    store.add_interactions(
        numbered(
            [contact(email=["a@example.org"], **name), contact(phone=["+14135550199"], **name)]
        )
    )
    assert groups(store) == {"U0": ["I0"], "U1": ["I1"]}


def test_several_addresses_of_one_interaction_are_one_contact(store: Store) -> None:
    places = [
        {"addressLine1": "12 Elm St", "postalCode": "01027"},
        {"addressLine1": "99 Oak Ave", "postalCode": "60601"},
    ]
    ann = {"firstName": "Ann", "lastName": "Quackenbush"}
    store.add_interactions(
        numbered(
            [
                contact(address=places[:1], **ann),
                contact(address=places, **ann),
                contact(address=places[1:], **ann),
            ]
        )
    )
    assert groups(store) == {"U0": ["I0", "I1", "I2"]}


def test_a_contact_keeps_its_name_while_more_comes(store: Store) -> None:
    store.add_interactions([{"id": "a", **contact(email=["ann@example.org"])}])
    store.add_interactions([{"id": "b", **contact(email=["zoe@example.org"])}])
    store.add_interactions([{"id": "c", **contact(email=["zoe@example.org"])}])
    assert groups(store) == {"U0": ["I0"], "U1": ["I1", "I2"]}


def test_when_a_record_names_one_interaction_the_whole_contact_is_that_persons(
    store: Store,
) -> None:
    store.add_interactions(
        numbered(
            [
                contact(email=["ann@example.org"], firstName="Ann"),
                contact(email=["ann@example.org"], phone=["+14135550199"], firstName="Ann"),
            ]
        )
    )
    ann = {"record_id": "r", "source": "list", "first_name": "Ann", "phone": "413-555-0199"}
    changes = store.ingest([ann])
    assert changes.interactions == "2 linked later"
    assert not len(store.unknown_contacts())
    assert set(store.interactions().person_id) == set(changes.created)
    # No record has the email: it is by the other interaction that it is known to be hers.
    assert store.interaction("I0").reason.endswith("as in I1 of theirs")
    assert store.check(deep=True).ok


def test_what_only_may_be_the_persons_has_that_person_beside_it(
    store: Store, tmp_path: Path
) -> None:
    store.add_interactions(
        numbered(
            [
                contact(email=["family@example.org"], firstName="Ann"),
                contact(email=["family@example.org"], phone=["+14135550199"], firstName="Anna"),
                contact(email=["family@example.org"], firstName="A"),
            ]
        )
    )
    ann = {"record_id": "r", "source": "list", "first_name": "Anna", "phone": "413-555-0199"}
    store.ingest([ann])
    statuses = store.interactions().status.tolist()
    assert statuses[1] == "linked"
    found = store.unknown_contacts()
    waiting = [n for n, status in enumerate(statuses) if status == "unmatched"]
    assert [one for group in found.interaction_list for one in group] == [f"I{n}" for n in waiting]
    told = store.prospects(tmp_path / "prospects.csv")
    assert told.known == len(found[found.person_id.notna()])


def test_prospects_come_in_as_records_and_their_interactions_are_linked(
    store: Store, tmp_path: Path
) -> None:
    ann = {"firstName": "=Ann", "lastName": "Okafor"}
    home = {"addressLine1": "12 Elm St", "city": "Easthampton", "postalCode": "01027"}
    store.add_interactions(
        [
            {"attemptDateTime": "2026-02-19T15:30:00Z", "stateCode": "MA", **row}
            for row in numbered(
                [
                    contact(email=["ann@example.org"], address=[home], **ann),
                    contact(email=["ann@example.org", "a@example.net"], **ann),
                    contact(phone=["+14135550163"], firstName="Maria"),
                    {"person": [{"type": "VAN", "id": "7"}]},
                ]
            )
        ]
    )
    path = tmp_path / "prospects.csv"
    told = store.prospects(path)
    assert str(told) == (
        "prospects: 2, of 3 interactions\nleft out: 1 without an email, phone or address"
    )
    assert told.to_dict()["file"] == str(path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (
        [row["source_record_id"] for row in rows]
        == ["U0", "U2"]
        == [*told.records.source_record_id]
    )
    assert {rows[0]["email1"], rows[0]["email2"]} == {"ann@example.org", "a@example.net"}
    assert rows[0]["address_line1"] == "12 Elm St"
    assert not rows[0]["first_name"].startswith("=")
    changes = store.ingest(path)
    assert (changes.records_new, changes.interactions) == (2, "3 linked later")
    assert "prospects:U0" in store.crosswalk().record_id.tolist()
    assert store.prospects().table.num_rows == 0


def test_prospects_of_the_same_strangers_come_again_as_the_same_records(
    store: Store, tmp_path: Path
) -> None:
    store.add_interactions([{"id": "a", **contact(phone=["+14135550199"])}])
    store.prospects(tmp_path / "prospects.csv")
    store.add_interactions(
        [{"id": "b", **contact(phone=["+14135550199"], email=["ann@example.org"])}]
    )
    store.prospects(tmp_path / "later.csv")
    store.ingest({"prospects": tmp_path / "prospects.csv"})
    changes = store.ingest({"prospects": tmp_path / "later.csv"})
    assert (changes.records_new, changes.records_changed) == (0, 1)


def test_prospects_that_cannot_be_written_are_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        store.prospects(tmp_path / "file" / "prospects.csv")


def test_reading_alone_is_enough(store: Store, tmp_path: Path) -> None:
    store.add_interactions([{"id": "a", **contact(phone=["+14135550199"])}])
    store.close()
    with Store(tmp_path / "identity.duckdb", read_only=True) as reading:
        assert groups(reading) == {"U0": ["I0"]}


_contact = st.fixed_dictionaries(
    {
        "email": st.lists(st.sampled_from(("a@example.org", "b@example.org")), max_size=2),
        "phone": st.lists(st.sampled_from(("+14135550142", "+14135550143")), max_size=1),
        "firstName": st.sampled_from(("Ann", "Bob", "")),
    }
).filter(lambda info: info["email"] or info["phone"])


@settings(max_examples=20, deadline=None)
@given(st.lists(_contact, min_size=1, max_size=7), st.integers(0, 7))
def test_every_unmatched_interaction_is_of_one_contact_however_it_came(
    tmp_path_factory: pytest.TempPathFactory, infos: list[Row], cut: int
) -> None:
    rows = numbered([contact(**info) for info in infos])
    found = []
    for name, parts in (("whole", [rows]), ("parts", [rows[:cut], rows[cut:]])):
        with Store(tmp_path_factory.mktemp("unknown") / f"{name}.duckdb") as store:
            for part in parts:
                if part:
                    store.add_interactions(part)
            found.append(groups(store))
    whole, parts_ = found
    assert whole == parts_
    listed = [each for some in whole.values() for each in some]
    assert sorted(listed) == sorted(f"I{n}" for n in range(len(rows)))
    for name, some in whole.items():
        assert name == f"U{min(int(each[1:]) for each in some)}"
