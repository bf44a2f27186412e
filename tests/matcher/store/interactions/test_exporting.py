"""What goes to VAN, to programs and to spreadsheets, and why the rest does not."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import OptionError, OutputError
from matcher.store import Store
from matcher.store.interactions.readiness import HELD_BACK

Row = dict[str, Any]

VOTERS = """Voter File VANID,LastName,FirstName,Address,City,State,Zip5,DOB,Preferred Phone
3100101,OKAFOR,BOB,12 ELM ST,EASTHAMPTON,MA,1027,04/22/1984,413-555-0142
3100102,WALSH,JOHN,9 CANAL DR,AMHERST,MA,1002,01/15/1957,413-555-0177
"""
ACTIVISTS = """uuid,first_name,last_name,email,can2_user_state
a-1,Maria,Diaz,maria@example.org,MA
"""


def van(*ids: str) -> list[Row]:
    return [{"type": "VAN", "id": each} for each in ids]


def bob(**more: Any) -> Row:
    return {"contactInfo": {"phone": ["+14135550142"], "firstName": "Bob"}, **more}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "voters.csv").write_text(VOTERS)
    (tmp_path / "activists.csv").write_text(ACTIVISTS)
    with Store(tmp_path / "identity.duckdb") as opened:
        opened.ingest([tmp_path / "voters.csv", tmp_path / "activists.csv"])
        yield opened


def fate(store: Store, interaction: Row, **options: Any) -> str:
    """The VAN id that an interaction goes out with, or the word for what holds it back."""
    store.add_interactions([interaction])
    told = store.export_interactions("van", **options)
    assert told.ready_table.num_rows + told.held_back_table.num_rows == 1
    held = told.held_back_table["held_back"].to_pylist()
    return held[0] if held else told.ready_table["van_id"].to_pylist()[0]


@pytest.mark.parametrize(
    ("interaction", "options", "expected"),
    [
        # The id that the sender gave.
        ({"person": van("77"), "stateCode": "MA"}, {}, "77"),
        ({"person": {"type": "van", "id": 77}, "stateCode": " ma "}, {}, "77"),
        ({"person": van("77"), "stateCode": "Massachusetts"}, {}, "77"),
        ({"person": van("my_voters:MA:77"), "stateCode": "MA"}, {}, "77"),
        ({"person": van("my_voters:MA:77")}, {}, "77"),
        ({"person": van("unknown:MA:77"), "stateCode": "MA"}, {}, "77"),
        ({"person": van("my_voters:ma:77"), "stateCode": "MA"}, {}, "77"),
        ({"person": van("unknown:unknown:77"), "stateCode": "MA"}, {}, "77"),
        ({"person": van("unknown:unknown:77")}, {}, "state unknown"),
        ({"person": van("7:7"), "stateCode": "MA"}, {}, "7:7"),
        ({"person": van("77", "77"), "stateCode": "MA"}, {}, "77"),
        ({"person": van("77")}, {"state": "ma"}, "77"),
        ({"person": van("77")}, {}, "state unknown"),
        ({"person": van("77"), "stateCode": "Atlantis"}, {"state": "MA"}, "state unknown"),
        ({"person": van("77", "78"), "stateCode": "MA"}, {}, "several VAN ids"),
        ({"person": van("my_voters:NY:77"), "stateCode": "MA"}, {}, "another state"),
        ({"person": van("my_campaign:MA:77"), "stateCode": "MA"}, {}, "another instance"),
        (
            {"person": van("my_campaign:MA:77"), "stateCode": "MA"},
            {"instance": "my_campaign"},
            "77",
        ),
        ({"person": [{"type": "crm", "id": "5"}], "stateCode": "MA"}, {}, "unmatched"),
        # The id of whom it is linked to.
        (bob(stateCode="MA"), {}, "3100101"),
        (bob(), {}, "state unknown"),
        (bob(), {"state": "MA"}, "3100101"),
        (bob(stateCode="NY"), {}, "another state"),
        (bob(stateCode="MA"), {"instance": "my_campaign"}, "another instance"),
        (
            {"contactInfo": {"email": ["maria@example.org"], "firstName": "Maria"}},
            {},
            "no VAN id",
        ),
        # Neither.
        ({"contactInfo": {"phone": ["+14135550199"]}, "stateCode": "MA"}, {}, "unmatched"),
        ({"contactInfo": {"firstName": "Bob"}, "stateCode": "MA"}, {}, "invalid"),
        # What is given is enough, whether or not anybody is known by it.
        ({"person": van("3100102"), **bob(stateCode="MA")}, {}, "3100102"),
    ],
)
def test_van_takes_one_id_of_the_right_state_and_instance(
    interaction: Row, options: Mapping[str, Any], expected: str, store: Store
) -> None:
    assert fate(store, interaction, **options) == expected


def test_ix_08_what_is_held_back_says_why(store: Store) -> None:
    store.add_interactions(
        [
            {"id": "ny", **bob(stateCode="NY")},
            {"id": "two", "person": van("1", "2"), "stateCode": "MA"},
            {"id": "who", "contactInfo": {"email": ["x@example.org"]}, "stateCode": "MA"},
            {"id": "bad", "contactInfo": {}},
        ]
    )
    told = store.export_interactions("van")
    assert not told.documents
    assert dict(zip(told.held_back.interaction_id, told.held_back.reason, strict=True)) == {
        "ny": "the person has a VAN id in my_voters of MA, not in NY",
        "two": "its sender gave 1, 2",
        "who": "nobody has one of these emails, phones, addresses or ids",
        "bad": "$.contactInfo: without a person an email, phone or address is required (IX-02)",
    }
    assert str(told).splitlines()[:2] == ["ready for VAN: 0 of 4 interactions", "held back: 4"]
    assert told.to_dict()["held_back_by_reason"] == {
        "another state": 1, "invalid": 1, "several VAN ids": 1, "unmatched": 1,
    }  # fmt: skip


def test_a_person_who_is_in_the_voter_file_twice_is_held_back(store: Store, tmp_path: Path) -> None:
    twice = VOTERS.splitlines()[0] + "\n" + VOTERS.splitlines()[1].replace("3100101", "3100999")
    (tmp_path / "twice.csv").write_text(twice + "\n")
    changes = store.ingest(tmp_path / "twice.csv")
    assert not changes.created
    assert fate(store, bob(stateCode="MA")) == "several VAN ids"
    held = store.export_interactions("van").held_back
    assert held.reason.tolist() == ["the person has 3100101, 3100999 in MA"]


def test_an_id_of_an_unknown_instance_is_not_one_of_the_voter_file(store: Store) -> None:
    lee = {"first_name": "Lee", "last_name": "Chen", "email": "lee@example.net"}
    store.ingest([{"record_id": "l", "source": "list", "van_id": "55", "region": "MA", **lee}])
    info = {"email": ["lee@example.net"], "firstName": "Lee"}
    assert fate(store, {"contactInfo": info, "stateCode": "MA"}) == "another instance"
    held = store.export_interactions("van").held_back
    assert held.reason.tolist() == ["the person has a VAN id in an unknown instance of MA"]


def test_review_and_erased_are_held_back(store: Store) -> None:
    store.ingest(
        [
            {"record_id": "x", "source": "list", "first_name": "Ann", "phone": "413-555-0190"},
            {"record_id": "y", "source": "list", "first_name": "Zoe", "phone": "413-555-0190"},
        ]
    )
    store.add_interactions(
        [
            {"id": "r", "contactInfo": {"phone": ["+14135550190"]}, "stateCode": "MA"},
            {"id": "e", **bob(stateCode="MA")},
        ]
    )
    store.forget(store.find(phone="413-555-0142")[0], by="maria")
    told = store.export_interactions("van")
    assert told.held_back_counts == {"erased": 1, "review": 1}
    assert not told.documents
    assert store.export_interactions("json").held_back_counts == {"erased": 1, "review": 1}


def test_the_person_is_filled_in_and_the_rest_stays_as_it_came(
    store: Store, tmp_path: Path
) -> None:
    came = (
        '{"id": "a", "x": [1.0, 2e3], "contactInfo": {"phone": ["+14135550142"], '
        '"firstName": "Bob"}, "stateCode": "MA", "jsonMetadata": "{\\"a\\": 1}"}'
    )
    given = '{"stateCode":"MA","person":[{"type":"VAN","id":"77","kept":true}],"é":"ü"}'
    (tmp_path / "feed.ndjson").write_text(f"{came}\n{given}\n")
    store.add_interactions(tmp_path / "feed.ndjson")
    filled, same = store.export_interactions("van").documents
    assert filled == came.replace('{"id"', '{"person": [{"type": "VAN", "id": "3100101"}], "id"', 1)
    assert same == given


def test_ids_of_other_systems_stay_beside_that_of_van(store: Store) -> None:
    store.add_interactions([bob(person=[{"type": "crm", "id": "9"}], stateCode="MA")])
    (document,) = store.export_interactions("van").documents
    assert json.loads(document)["person"] == [{"type": "crm", "id": "9"}, *van("3100101")]


def test_an_object_over_many_lines_goes_out_on_one(store: Store, tmp_path: Path) -> None:
    text = json.dumps(bob(stateCode="MA", note="two  blanks\nand a break"), indent=2)
    (tmp_path / "one.json").write_text(text)
    store.add_interactions(tmp_path / "one.json")
    (document,) = store.export_interactions("van").documents
    assert "\n" not in document
    assert json.loads(document) == {**json.loads(text), "person": van("3100101")}


def test_a_row_of_a_table_goes_out_in_the_vendors_shape(store: Store, tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text(
        "interaction_id,kind,occurred_on,first_name,phone,address,zip,state_code,agent\n"
        "t1,call,2026-02-19,Bob,413-555-0142,12 Elm St,01027,MA,Lee\n"
    )
    store.add_interactions(tmp_path / "calls.csv")
    (document,) = store.export_interactions("van").documents
    made = json.loads(document)
    assert json.loads(made.pop("jsonMetadata"))["agent"] == "Lee"
    assert made == {
        "person": van("3100101"),
        "contactInfo": {
            "phone": ["+14135550142"],
            "address": [{"addressLine1": "12 Elm St", "state": "MA", "postalCode": "01027"}],
            "firstName": "Bob",
        },
        "stateCode": "MA",
        "attemptDateTime": "2026-02-19T00:00:00Z",
        "vendorSource": "interactions",
        "channel": {"type": "call"},
    }


def test_json_has_our_id_and_those_of_every_system(store: Store) -> None:
    store.add_interactions([bob(id="a"), {"id": "b", "contactInfo": {"email": ["x@example.org"]}}])
    told = store.export_interactions("json")
    (document,) = told.documents
    (person,) = store.find(phone="413-555-0142")
    assert json.loads(document)["person"] == [
        {"type": "person_id", "id": person},
        {"type": "van_id", "id": "my_voters:MA:3100101"},
    ]
    assert told.held_back.held_back.tolist() == ["unmatched"]
    assert str(told) == "linked: 1 of 2 interactions\nheld back: 1\n  1 unmatched"


def test_csv_has_all_of_them_and_runs_no_formula(store: Store, tmp_path: Path) -> None:
    info = {"email": ["x@example.org"], "firstName": '=HYPERLINK("x")'}
    store.add_interactions([bob(id="a"), {"id": "b", "contactInfo": info}])
    told = store.export_interactions("csv", tmp_path / "out")
    assert told.paths == (tmp_path / "out/interactions.csv",)
    with told.paths[0].open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["linked", "unmatched"]
    assert rows[1]["first_name"] == '\'=HYPERLINK("x")'
    assert len(store.export_interactions("csv").ready) == 2


@pytest.mark.parametrize(("array", "name"), [(False, "van.ndjson"), (True, "van.json")])
def test_files_hold_what_the_answer_does(
    array: bool, name: str, store: Store, tmp_path: Path
) -> None:
    store.add_interactions([bob(id="a", stateCode="MA"), {"id": "b", "person": van("7")}])
    store.add_interactions([{"id": "c", "person": van("7"), "stateCode": "MA"}])
    told = store.export_interactions("van", tmp_path / "out", array=array)
    assert [path.name for path in told.paths] == [name, "held_back.csv"]
    text = told.paths[0].read_text()
    found = json.loads(text) if array else [json.loads(line) for line in text.splitlines()]
    assert found == [json.loads(each) for each in store.export_interactions("van").documents]
    assert [each["id"] for each in found] == ["a", "c"]
    with told.paths[1].open(newline="") as file:
        assert [row["interaction_id"] for row in csv.DictReader(file)] == ["b"]
    assert not told.documents


@pytest.mark.parametrize(("most", "size"), [(1, 10**9), (3, 10**9), (100, 1), (100, 300)])
def test_however_they_are_parted_all_go_in_their_order(
    most: int, size: int, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_interactions([bob(id=f"i{place}", stateCode="MA") for place in range(7)])
    whole = store.export_interactions("van").documents
    monkeypatch.setattr("matcher.store.interactions.documents._TOGETHER", most)
    monkeypatch.setattr("matcher.store.interactions.documents._MOST_BYTES", size)
    assert store.export_interactions("van").documents == whole
    assert [json.loads(each)["id"] for each in whole] == [f"i{place}" for place in range(7)]


def test_an_empty_store_exports_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "empty.duckdb") as empty:
        told = empty.export_interactions("van", tmp_path / "out", array=True)
        assert str(told) == "ready for VAN: 0 of 0 interactions"
        assert json.loads(told.paths[0].read_text()) == []
        assert empty.interaction_counts().received == 0
        assert not len(empty.unknown_contacts())
        assert str(empty.prospects()) == "prospects: 0, of 0 interactions"


def test_nothing_is_written_where_it_cannot_be_whole(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    store.add_interactions([bob(stateCode="MA")])
    store.export_interactions("van", tmp_path / "out")
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    monkeypatch.setattr("matcher.outputs.write_csv", full)
    with pytest.raises(OutputError, match="no space left"):
        store.export_interactions("van", tmp_path / "out", array=True)
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"destination": "moon"}, "moon"),
        ({"destination": "van", "instance": "mine"}, "mine"),
        ({"destination": "van", "state": "Atlantis"}, "Atlantis"),
    ],
)
def test_what_does_not_exist_is_said(arguments: dict[str, str], said: str, store: Store) -> None:
    with pytest.raises(OptionError, match=said):
        store.export_interactions(**arguments)


_ids = st.sampled_from(("5", "6", "my_voters:MA:5", "my_voters:NY:5", "my_campaign:MA:5", ""))
_interaction = st.fixed_dictionaries(
    {"contactInfo": st.sampled_from(({"phone": ["+14135550142"]}, {"email": ["q@example.org"]}))},
    optional={
        "person": st.lists(
            st.fixed_dictionaries({"type": st.sampled_from(("VAN", "van", "crm")), "id": _ids}),
            max_size=2,
        ),
        "stateCode": st.sampled_from(("MA", "ny", "??", "")),
    },
)


@settings(max_examples=20, deadline=None)
@given(st.lists(_interaction, max_size=6))
def test_each_interaction_goes_or_is_held_back(
    tmp_path_factory: pytest.TempPathFactory, interactions: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("each")
    (folder / "voters.csv").write_text(VOTERS)
    with Store(folder / "identity.duckdb") as store:
        store.ingest(folder / "voters.csv")
        if interactions:
            store.add_interactions(
                [{"id": f"i{place}", **each} for place, each in enumerate(interactions)]
            )
        told = store.export_interactions("van")
        counts = store.interaction_counts()
    went = told.ready_table["interaction_id"].to_pylist()
    held = told.held_back_table["interaction_id"].to_pylist()
    assert sorted([*went, *held]) == sorted(f"i{n}" for n in range(len(interactions)))
    assert counts.ready_for_van == len(went) == len(told.documents)
    for document, known in zip(told.documents, told.ready_table["van_id"].to_pylist(), strict=True):
        persons = json.loads(document)["person"]
        of_van = {str(p["id"]) for p in persons if p["type"].upper() == "VAN"}
        assert of_van == {known}
        assert ":" not in known
    assert all(told.held_back_table["reason"].to_pylist())
    assert set(told.held_back_counts) <= set(HELD_BACK)
