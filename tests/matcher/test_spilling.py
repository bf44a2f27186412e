"""A limit on memory: how it is said, what goes into files, and that nothing changes by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event, active_count

import numpy as np
import pyarrow as pa
import pytest

import matcher
from matcher import spilling
from matcher.errors import OptionError
from matcher.reading import read
from matcher.spilling import Spill, parse_memory

PEOPLE = [
    {
        "record_id": f"r{row}",
        "first_name": ("Ann", "Bob", "Carla", "Dev")[row % 4],
        "last_name": f"Okafor{chr(97 + row % 26)}",
        "email": f"user{row // 2}@example.org",
        "phone": f"413-586-{row // 3:04d}",
    }
    for row in range(300)
]


@pytest.fixture
def above(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that is above any limit."""
    monkeypatch.setattr(spilling, "resident_bytes", lambda: 10**13)
    yield


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("2GB", 2 * 10**9),
        ("2 gb", 2 * 10**9),
        ("1.5G", 1_500_000_000),
        ("800MiB", 800 * 10**6),
        (500_000_000, 500_000_000),
        (None, None),
    ],
)
def test_amounts_are_read_as_people_write_them(said: str | int | None, size: int | None) -> None:
    assert parse_memory(said) == size


@pytest.mark.parametrize("said", ["", "much", "2 PB", "-1GB", True, "2GB of it"])
def test_what_is_no_amount_is_refused(said: str) -> None:
    with pytest.raises(OptionError, match="an amount like 2GB"):
        parse_memory(said)


def test_less_than_any_run_takes_is_refused() -> None:
    with pytest.raises(OptionError, match="the least is 200MB"):
        matcher.dedupe(PEOPLE, memory_limit="10MB")


def test_without_a_limit_nothing_is_put_away(above: None) -> None:
    spill = Spill()
    spill.decide()
    array, table = np.arange(3), pa.table({"a": ["x"]})
    assert spill.array("numbers", array) is array
    assert spill.table("rows", table) is table
    assert spill.spilled == {}


def test_what_is_put_away_reads_as_before(above: None) -> None:
    spill = Spill(10**9)
    spill.decide()
    table = pa.table({"a": ["x", None, "é"], "b": pa.array([1, 2, 3])})
    numbers = np.arange(12, dtype=np.int32).reshape(3, 4)
    kept, found = spill.table("rows", table), spill.array("numbers", numbers)
    spill.ease()  # what was read goes, and comes again
    assert kept.equals(table)
    np.testing.assert_array_equal(found, numbers)
    assert found.dtype == np.int32
    assert spill.spilled["numbers"] == numbers.nbytes


def test_what_was_read_is_let_go_meanwhile(above: None, monkeypatch: pytest.MonkeyPatch) -> None:
    eased = Event()
    monkeypatch.setattr(Spill, "ease", lambda _: eased.set())
    with Spill(10**9).eased_meanwhile():
        assert eased.wait(30)
    eased.clear()
    before = active_count()
    with Spill().eased_meanwhile():  # where there is no limit, nobody looks
        assert active_count() == before
    assert not eased.is_set()


def test_only_columns_that_are_in_no_file_are_put_away(above: None) -> None:
    spill = Spill(10**9)
    spill.decide()
    kept = spill.table("rows", pa.table({"a": ["x", "y"] * 50}))
    size = spill.spilled["rows"]
    more = spill.table("rows", kept.append_column("b", pa.array(range(100))))
    assert spill.spilled["rows"] < 3 * size
    assert (
        more.column("a").chunk(0).buffers()[2].address
        == kept.column("a").chunk(0).buffers()[2].address
    )
    assert more.to_pydict() == {"a": ["x", "y"] * 50, "b": list(range(100))}


def test_empty_arrays_stay(above: None) -> None:
    spill = Spill(10**9)
    spill.decide()
    assert not len(spill.array("none", np.zeros(0, np.int32)))
    assert spill.spilled == {}


def test_a_limit_changes_no_result(above: None, tmp_path: Path) -> None:
    without = matcher.dedupe(PEOPLE)
    limited = matcher.dedupe(PEOPLE, memory_limit="300MB")
    assert set(limited.report["memory"]["in_files"]) == {
        "candidate pairs", "clusters", "content order", "levels of pairs", "records as they came",
        "weights of pairs", "what pairs share",
    }  # fmt: skip
    assert without.report["memory"] == {"limit": None, "in_files": {}}
    for result, folder in ((without, "without"), (limited, "limited")):
        result.write(tmp_path / folder)
    for name in ("people.csv", "crosswalk.csv", "review.csv", "rejects.csv"):
        before = (tmp_path / "without" / name).read_bytes()
        assert (tmp_path / "limited" / name).read_bytes() == before
    pair = ("r0", "r1")
    assert str(limited.explain(*pair)) == str(without.explain(*pair))


def test_linking_keeps_to_a_limit_too(above: None) -> None:
    left, right = PEOPLE[::2], PEOPLE[1::2]
    limited = matcher.link(left, right, memory_limit="300MB")
    assert limited.clusters.equals(matcher.link(left, right).clusters)
    assert limited.report["memory"]["in_files"]


def test_large_text_is_put_away_from_the_first_row(tmp_path: Path) -> None:
    rows = "".join(
        f"r{row},Ann{row % 7},Okafor{row % 50},user{row}@example.org\n" for row in range(40_000)
    )
    contacts = tmp_path / "contacts.csv"
    contacts.write_text("record_id,first_name,last_name,email\n" + rows, encoding="utf-8")
    spill = Spill(contacts.stat().st_size * 2)
    limited, without = read(contacts, spill=spill), read(contacts)
    assert spill.threads == 1
    assert {"rows of files", "records as they came"} <= spill.spilled.keys()
    assert limited.table.equals(without.table)


def test_text_with_room_stays(tmp_path: Path) -> None:
    spill = Spill(10**9)
    column = pa.array(["x"] * 10)
    spill.expect(10**8)
    assert spill.column("texts", column) is column
    spill.expect(10**8)
    assert spill.column("texts", column) is not column
    assert spill.threads == 2  # it goes to a file, yet there is room to work on two at once
    spill.expect(10**8)
    assert spill.threads == 1


def test_a_column_is_put_away_once(above: None) -> None:
    spill = Spill(10**9)
    spill.decide()
    column = pa.array(["x", None, "é"] * 10)
    kept = spill.column("texts", column)
    assert kept.equals(column)
    size = spill.spilled["texts"]
    assert spill.column("texts", kept) is kept
    assert spill.table("texts", pa.table({"a": kept})).column(0).equals(pa.chunked_array([column]))
    assert spill.spilled["texts"] == size


def test_what_grows_in_a_file_reads_as_one(above: None) -> None:
    spill = Spill(10**9)
    spill.decide()
    grown, nothing = spill.grown("numbers"), spill.grown("numbers")
    for part in ([1, 2], [], [3]):
        grown.append(np.array(part, np.int32))
    assert grown.whole().tolist() == [1, 2, 3]
    assert nothing.whole().tolist() == []


def test_what_was_let_go_of_an_input_file_comes_again(tmp_path: Path) -> None:
    content = bytes(range(256)) * 2_000
    path = tmp_path / "input"
    path.write_bytes(content)
    spill = Spill()
    data = spill.file(path)
    other = pa.py_buffer(bytearray(content))
    for part in (data, data.slice(5_000, 20_000), data.slice(7, 9), other, other.slice(3)):
        spill.passed(part)
    assert data.to_pybytes() == content
    assert other.to_pybytes() == content
