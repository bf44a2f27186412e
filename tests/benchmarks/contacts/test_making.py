from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from benchmarks.contacts import describe, generate, making, write


@pytest.fixture(scope="module")
def made() -> tuple[pa.Table, pa.Table]:
    return generate(20_000, 1)


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_as_many_records_as_wanted_each_with_its_truth(rows: int) -> None:
    contacts, truth = generate(rows, 3)
    assert contacts.num_rows == truth.num_rows == rows
    assert contacts["record_id"].equals(truth["record_id"])
    assert pc.count_distinct(contacts["record_id"]).as_py() == rows
    assert truth["true_id"].null_count == 0


def test_a_seed_gives_one_list_and_another_seed_another() -> None:
    once, again, other = (generate(500, seed)[0] for seed in (5, 5, 6))
    assert once.equals(again)
    assert not once.equals(other)


def test_a_person_keeps_to_one_household(made: tuple[pa.Table, pa.Table]) -> None:
    truth = made[1]
    both = truth.group_by(["true_id", "household_id"]).aggregate([]).num_rows
    assert both == pc.count_distinct(truth["true_id"]).as_py()


def test_a_file_holds_what_generate_returns(tmp_path: Path) -> None:
    write(300, 2, tmp_path)
    contacts, truth = generate(300, 2)
    as_text = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(contacts.column_names, pa.string()),
        strings_can_be_null=True,
        null_values=[""],
    )
    found = pyarrow.csv.read_csv(tmp_path / "contacts.csv", convert_options=as_text)
    assert found.equals(contacts)
    assert pyarrow.csv.read_csv(tmp_path / "truth.csv").equals(truth)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["contacts.csv", "truth.csv"]


def test_parts_and_heaps_lose_no_record_and_mix_no_persons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "_ROWS_A_PART", 400)
    monkeypatch.setattr(making, "_ROWS_A_HEAP", 500)
    write(1000, 2, tmp_path)
    truth = pyarrow.csv.read_csv(tmp_path / "truth.csv")
    assert truth["record_id"].to_pylist() == [f"r{row}" for row in range(1000)]
    # Were persons of two parts to share a number, some would have more than five records.
    assert pc.max(truth.group_by("true_id").aggregate([([], "count_all")])["count_all"]).as_py() < 6
    contacts = pyarrow.csv.read_csv(tmp_path / "contacts.csv")
    assert contacts["record_id"].equals(truth["record_id"])


def test_own_mailboxes_of_different_households_never_collide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "_ROWS_A_PART", 5_000)
    contacts, truth = generate(20_000, 4)
    table = pa.table({"email": contacts["email"], "household": truth["household_id"]})
    table = table.filter(pc.match_substring_regex(table["email"], "^[^@]+@(gmail|yahoo).com$"))
    by_email = table.group_by("email").aggregate([("household", "count_distinct")])
    shared = pc.sum(pc.greater(by_email["household_count_distinct"], 1)).as_py()
    # What is left are slips that hit another person's mailbox: a letter, or a digit of a year.
    assert shared / by_email.num_rows < 0.002


def test_the_list_is_no_easier_than_asked(made: tuple[pa.Table, pa.Table]) -> None:
    figures = describe(*made)
    missing = figures["missing"]
    asked = {"email": 0.30, "phone": 0.38, "address_line1": 0.32, "birth_date": 0.63}
    for column, share in asked.items():
        assert missing[column] == pytest.approx(share, abs=0.02)
    assert figures["recall"]["any of them"] == pytest.approx(0.941, abs=0.01)
    assert 1.6 < figures["rows"] / figures["persons"] < 2
    assert set(figures["records a person"]) == {"1", "2", "3", "4", "5"}


@pytest.mark.parametrize(
    ("column", "pattern", "at_least"),
    [
        ("suffix", "^(Jr|Sr|II|III)$", 0.003),
        ("last_name", "[A-Za-z]-[A-Z]", 0.001),
        ("last_name", " Jr$", 0.0005),
        ("first_name", "^[A-Z]$", 0.005),
        ("first_name", "^(?i)(bob|bill|jim|peg|liz|beth|kate|sue|tom)", 0.01),
        ("email", "^(?i)(info|office|contact|admin|hello|sales)@", 0.002),
        ("email", r"^(?i)(none@none\.com|test@test\.com)$", 0.001),
        ("email", r"\+news@", 0.001),
        ("email", r"(gmial\.com|gmail\.con)$", 0.0005),
        ("phone", r"^\(\d{3}\) \d{3}-\d{4}$", 0.05),
        ("phone", r"^555-555-5555$", 0.0003),
        ("address_line1", "^123 Main St$", 0.0002),
        ("address_line1", " (Apt|Unit|#)", 0.005),
        ("postal_code", r"^\d{5}-\d{4}$", 0.02),
        ("postal_code", r"^\d{4}$", 0.002),
        ("birth_date", r"^\d{2}/\d{2}/\d{4}$", 0.05),
        ("birth_date", r"^\d{4}-01-01$", 0.001),
        ("last_name", "^[A-Z]{4,}$", 0.03),
    ],
)
def test_a_phenomenon_is_there(
    made: tuple[pa.Table, pa.Table], column: str, pattern: str, at_least: float
) -> None:
    hits = pc.sum(pc.match_substring_regex(made[0][column], pattern)).as_py()
    assert at_least < hits / made[0].num_rows < 0.35


def test_plain_keys_are_judged_over_pairs() -> None:
    contacts = pa.table(
        {
            "record_id": ["a", "b", "c", "d"],
            "first_name": ["Ann", "ANN ", "Ann", "Bea"],
            "last_name": ["O'Hara", "Ohara", "Ohara", None],
            "email": ["none@none.com", "none@none.com", "x@y.org", "X@Y.org"],
            "phone": ["(503) 555-0100", "+1 503 555 0100", "555-555-5555", "555-555-5555"],
            "address_line1": ["1 Elm St", "1 elm street apt 2", "1 Elm St #3", "unknown"],
            "postal_code": ["02138", "2138-1234", "02139", "02138"],
            "birth_date": ["1970-02-01", "02/01/1970", None, None],
        }
    )
    truth = pa.table({"record_id": ["a", "b", "c", "d"], "true_id": ["1", "1", "1", "2"]})
    figures = describe(contacts, truth)
    assert figures["true_pairs"] == 3
    assert figures["records a person"] == {"1": 1, "3": 1}
    assert figures["missing"]["birth_date"] == 0.5
    third = pytest.approx(1 / 3)
    assert figures["recall"] == {
        "email": 0,
        "phone": third,
        "last_name + zip": third,
        "address + zip": third,
        "first_name + last_name": 1,
        "birth_date + last_name": third,
        "birth_date + first_name": third,
        "any of them": 1,
    }
    assert figures["precision"]["email"] == 0
    assert figures["precision"]["phone"] == figures["precision"]["last_name + zip"] == 1
