"""Interactions in any dress: every one comes back, valid or with what is wrong with it."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import OptionError, UnreadableFile, UnusableColumns
from matcher.interactions import InteractionBatch, read_interactions
from matcher.interactions.batches import SCHEMA
from matcher.normalise import normalise
from matcher.records import REJECT_SCHEMA

JOHN = {
    "contactInfo": {"email": ["john@example.org"], "firstName": "John"},
    "attemptDateTime": "2026-02-19T15:30:00Z",
    "stateCode": "CA",
}
MARY = {"id": 7, "contactInfo": {"phone": ["+14155552671"]}, "jsonMetadata": '{"a": 1}'}
VAN = {"person": [{"type": "VAN", "id": "12345"}], "stateCode": "WA"}
ALL = [JOHN, MARY, VAN]


def whole(batches: Any) -> InteractionBatch:
    """Several batches as one; rows of contacts as they are in their batch."""
    found = list(batches)
    return InteractionBatch(
        pa.concat_tables([each.interactions for each in found]),
        pa.concat_tables([each.contacts for each in found], promote_options="default"),
        pa.concat_tables([each.rejects for each in found]),
    )


def read(source: Any, **options: Any) -> InteractionBatch:
    return whole(read_interactions(source, **options))


def text_of(interactions: list[Any]) -> str:
    return "".join(json.dumps(each) + "\n" for each in interactions)


def saved(folder: Path, content: str | bytes, name: str = "feed.ndjson") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def column(batch: InteractionBatch, name: str) -> list[Any]:
    return list(batch.interactions[name].to_pylist())


SHAPES = {
    "lines": text_of(ALL),
    "lines that end as in Windows": text_of(ALL).replace("\n", "\r\n"),
    "no end of the last line": text_of(ALL).rstrip(),
    "blank lines": "\n\n" + text_of(ALL).replace("\n", "\n \n"),
    "byte-order mark": "\ufeff" + text_of(ALL),
    "array": json.dumps(ALL),
    "array over lines": json.dumps(ALL, indent=2),
    "array, byte-order mark": "\ufeff" + json.dumps(ALL),
    "objects over lines": "\n".join(json.dumps(each, indent=4) for each in ALL),
    "answer of an API": json.dumps({"interactions": ALL, "next": "page 2"}),
    "two arrays": json.dumps(ALL[:1]) + "\n" + json.dumps(ALL[1:]),
}


@pytest.mark.parametrize("name", ["feed.ndjson", "feed.json", "feed.txt"])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("packed", [False, True])
def test_json_is_known_by_its_content(tmp_path: Path, shape: str, name: str, packed: bool) -> None:
    content = SHAPES[shape].encode()
    path = saved(tmp_path, gzip.compress(content) if packed else content, name)
    batch = read(path)
    assert column(batch, "valid") == [True] * 3
    assert [json.loads(raw) for raw in column(batch, "raw")] == ALL
    assert column(batch, "interaction_id") == [None, "7", None]
    assert batch.rejects.num_rows == 0
    assert column(batch, "key") == column(read(ALL), "key")
    assert column(batch, "content") == column(read(ALL), "content")


def test_utf16_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path, text_of([{**JOHN, "threadId": "Zoë"}]).encode("utf-16"))
    assert column(read(path), "valid") == [True]


def test_columns_are_as_said() -> None:
    batch = read(ALL)
    assert batch.interactions.schema == SCHEMA
    assert batch.rejects.schema == REJECT_SCHEMA
    assert column(batch, "line") == [1, 2, 3]
    assert column(batch, "source") == ["interactions"] * 3
    assert column(batch, "state_code") == ["CA", None, "WA"]
    assert column(batch, "person_ids") == [[], [], [{"type": "VAN", "id": "12345"}]]
    assert str(column(batch, "occurred_at")[0]) == "2026-02-19 15:30:00+00:00"
    assert batch.contacts["row"].to_pylist() == [0, 1, 2, 2]
    assert batch.contacts["email1"].to_pylist()[:2] == ["john@example.org", None]
    assert batch.contacts["phone1"].to_pylist()[:2] == [None, "+14155552671"]
    assert batch.contacts["first_name"].to_pylist()[:2] == ["John", None]


def test_raw_is_the_slice_of_the_input(tmp_path: Path) -> None:
    odd = '{"contactInfo" :{"email":["a@b.org"]},  "jsonMetadata":"{\\"a\\": 1.50}", "x":1.50}'
    assert column(read(saved(tmp_path, f"  {odd}\t\r\n")), "raw") == [odd]
    assert column(read(saved(tmp_path, f"[ {odd} ,\n{odd}]")), "raw") == [odd, odd]


def test_the_key_is_of_the_own_id_and_the_source_else_of_what_is_said() -> None:
    said = {"contactInfo": {"email": ["a@b.org"]}, "method": "email"}
    turned = dict(reversed(said.items()))
    first, second, other = column(read([said, turned, {**said, "method": "sms"}]), "key")
    assert first == second != other
    with_id = [{**said, "id": "1"}, {**turned, "id": 1, "method": "sms"}]
    batch = read([*with_id, {**said, "id": "1", "vendorSource": "Elsewhere"}])
    keys, contents = column(batch, "key"), column(batch, "content")
    assert keys[0] == keys[1] != keys[2]
    assert contents[0] != contents[1]
    assert column(batch, "source") == ["interactions", "interactions", "Elsewhere"]


def test_keys_are_the_same_on_every_machine() -> None:
    batch = read([JOHN, MARY])
    assert column(batch, "key") == [2408601698919735217, 14259399429515777838]
    assert column(batch, "content") == [1606132704608846628, 17372668477485603945]


def test_how_it_was_judged_is_part_of_the_content() -> None:
    local = {"contactInfo": {"phone": ["(415) 555-2671"]}, "channel": {"value": "a@b.org"}}
    readings: list[dict[str, Any]] = [{}, {"strict": True}, {"use_channel": True}]
    contents = [column(read(local, **options), "content")[0] for options in readings]
    keys = {column(read(local, **options), "key")[0] for options in readings}
    assert len(set(contents)) == 3
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ('{"contactInfo": ', "not valid JSON"),
        ('{"a": 1} {"b": 2}', "more after column"),
        ('{"a": NaN}', "NaN is no number"),
        ('{"a": -Infinity}', "Infinity is no number"),
        ("[1, 2]", "not a JSON object"),
        ("null", "not a JSON object"),
        ("12", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ("[" * 100_000, "nested more than"),
        ('{"a":' * 500_000, "larger than"),
        ('{"a":' * 30 + "1" + "}" * 30, "nested more than"),
        ('{"a": ' + "9" * 5_000 + "}", "too many digits"),
        ('{"a": "' + "x" * 1_000_000 + '"}', "larger than"),
        ('{"a": [' + "0," * 20_001 + "0]}", "more than 20,000 values"),
    ],
    ids=range(14),
)
def test_a_bad_line_costs_only_itself(tmp_path: Path, bad: str, why: str) -> None:
    content = json.dumps(JOHN) + "\n\n" + bad + "\n" + json.dumps(MARY) + "\n"
    batch = read(saved(tmp_path, content))
    assert column(batch, "valid") == [True, False, True]
    assert column(batch, "line") == [1, 3, 4]
    assert why in column(batch, "problem")[1]
    assert len(column(batch, "raw")[1]) <= 1 << 16
    (told,) = batch.rejects.to_pylist()
    assert told["row"] == 3
    assert told["column"] == "$"
    assert why in told["reason"]


@pytest.mark.parametrize(
    "bad",
    [
        '{"a": }',
        '{"a": [1, 2}',
        '{"a": ]}',
        '{"a": {"b": "x}, {"',
        '{"id": 5, "contactInfo": {"email": ["a@b.org}, "address": [{"city": "x"},{"city": "y"}]}',
        "nonsense",
        "[1, {}]",
        '{"a": NaN}',
        '{"a":' * 5_000 + "1" + "}" * 5_000,
    ],
    ids=range(9),
)
@pytest.mark.parametrize("shape", ["[{}, {}, {}]", "{}\n  \n{}\n{}\n"])
def test_a_bad_element_costs_only_itself(tmp_path: Path, bad: str, shape: str) -> None:
    first, last = json.dumps(JOHN, indent=1), json.dumps(MARY, indent=1)
    parts = shape.split("{}")
    content = parts[0] + first + parts[1] + bad + parts[2] + last + parts[3]
    batch = read(saved(tmp_path, content, "feed.json"))
    raw, valid = column(batch, "raw"), column(batch, "valid")
    assert [r for r, v in zip(raw, valid, strict=True) if v] == [first, last]
    assert valid.count(False) >= 1
    assert (column(batch, "line"), len(raw)) == (list(range(1, len(raw) + 1)), len(valid))


def test_an_element_too_large_to_be_held_is_told_and_passed(tmp_path: Path) -> None:
    huge = '{"x": [' + ", ".join(['{"y": "zzzzzzzz"}'] * 600_000) + "]}"
    content = f"[{json.dumps(JOHN)}, {huge}, {json.dumps(MARY)}]"
    batch = read(saved(tmp_path, content))
    assert column(batch, "valid") == [True, False, True]
    assert "larger than" in column(batch, "problem")[1]


def test_an_array_that_is_cut_off_is_told(tmp_path: Path) -> None:
    batch = read(saved(tmp_path, f"[{json.dumps(JOHN)},\n"))
    assert column(batch, "valid") == [True]
    (told,) = batch.rejects["reason"].to_pylist()
    assert told.startswith("warning: the array has no end")


def test_a_line_of_ten_million_characters_is_held_in_part(tmp_path: Path) -> None:
    content = b'{"a": "' + b"x" * 10_000_000 + b'"}\n' + json.dumps(MARY).encode()
    batch = read(saved(tmp_path, content))
    assert column(batch, "valid") == [False, True]
    assert column(batch, "line") == [1, 2]
    assert len(column(batch, "raw")[0]) <= 1 << 16


def test_what_is_not_utf8_is_kept_with_marks(tmp_path: Path) -> None:
    bad = json.dumps(JOHN).encode().replace(b"John", b"J\xf6hn")
    good = json.dumps({**MARY, "threadId": "Zoë"}, ensure_ascii=False).encode()
    for content in (bad + b"\n" + good, b"[" + bad + b"," + good + b"]"):
        batch = read(saved(tmp_path, content))
        assert column(batch, "valid") == [False, True]
        assert "UTF-8" in column(batch, "problem")[0]
        assert "J\ufffdhn" in column(batch, "raw")[0]
        assert column(batch, "raw")[1] == good.decode()


def test_half_characters_are_replaced_where_text_is_used(tmp_path: Path) -> None:
    raw = '{"contactInfo": {"email": ["a@b.org"], "firstName": "J\\ud800"}, "stateCode": "\\uDC00"}'
    batch = read(saved(tmp_path, raw))
    assert column(batch, "raw") == [raw]
    assert batch.contacts["first_name"].to_pylist() == ["J\ufffd"]
    assert column(batch, "state_code") == ["\ufffd"]


def test_of_a_key_that_repeats_the_last_counts(tmp_path: Path) -> None:
    raw = '{"contactInfo": {"email": [1]}, "contactInfo": {"email": ["a@b.org"]}}'
    assert column(read(saved(tmp_path, raw)), "valid") == [True]


def test_errors_tell_paths_and_rules_and_nothing_else_of_a_person(tmp_path: Path) -> None:
    bad = {"contactInfo": {"email": [5, "secret@example.org"], "lastName": 6}, "person": 7}
    batch = read(bad)
    (problem,) = column(batch, "problem")
    assert "secret" not in problem
    for said in ("$.contactInfo.email[0]", "$.contactInfo.lastName", "$.person", "IX-04"):
        assert said in problem
    assert set(batch.rejects["column"].to_pylist()) == {
        "$.contactInfo.email[0]", "$.contactInfo.lastName", "$.person",
    }  # fmt: skip


def test_many_errors_of_one_interaction_are_counted() -> None:
    batch = read({"contactInfo": {"email": list(range(5_000))}})
    assert batch.rejects.num_rows == 21
    assert "4,980 more" in batch.rejects["reason"].to_pylist()[-1]
    assert column(batch, "problem")[0].endswith("and 4,980 more")


def test_ix_02_a_name_or_a_handle_makes_no_contact() -> None:
    info = {"firstName": "John", "socialHandle": ["@john", " "]}
    batch = read([{"contactInfo": info}, {**VAN, "contactInfo": info}])
    assert column(batch, "valid") == [False, True]
    assert "IX-02" in column(batch, "problem")[0]
    assert set(batch.contacts["row"].to_pylist()) == {1}
    assert column(batch, "handles") == [[], ["@john"]]


def test_ix_05_each_address_is_a_row() -> None:
    places = [{"city": "Kent", "state": "WA"}, {}, {"postalCode": "98030", "country": "us"}]
    batch = read({**VAN, "contactInfo": {"email": ["a@b.org", "c@d.org"], "address": places}})
    found = batch.contacts.to_pylist()
    assert [each["place"] for each in found] == [0, 1]
    assert [each["record_id"] for each in found] == ["0:0", "0:1"]
    assert [(each["city"], each["postal_code"]) for each in found] == [
        ("Kent", None), (None, "98030"),
    ]  # fmt: skip
    assert {each["email2"] for each in found} == {"c@d.org"}
    assert [each["van_id"] for each in found] == ["my_voters:WA:12345", "unknown:WA:12345"]


def test_an_id_of_van_makes_a_contact_for_each_instance_that_it_may_be_of() -> None:
    found = read([VAN, {**VAN, "person": {"type": "VAN", "id": "my_voters:OR:9"}}]).contacts
    assert found["row"].to_pylist() == [0, 0, 1]
    assert found["place"].to_pylist() == [0, 1, 0]
    expected = ["my_voters:WA:12345", "unknown:WA:12345", "my_voters:OR:9"]
    assert found["van_id"].to_pylist() == expected


def test_ix_06_a_phone_that_is_not_e164_warns_or_where_strict_refuses() -> None:
    local = {"contactInfo": {"phone": ["(415) 555-2671", "+14155552671"]}}
    batch = read(local)
    assert column(batch, "valid") == [True]
    (told,) = batch.rejects.to_pylist()
    assert told["column"] == "$.contactInfo.phone[0]"
    assert told["value"] == "(415) 555-2671"
    assert told["reason"].startswith("warning: ")
    strict = read(local, strict=True)
    assert column(strict, "valid") == [False]
    assert "IX-06" in column(strict, "problem")[0]
    assert strict.contacts.num_rows == 0


def test_ix_10_all_emails_and_phones_come_however_many() -> None:
    emails = [f"p{i}@example.org" for i in range(20)]
    batch = read({"contactInfo": {"email": emails, "phone": ["+14155552671"]}})
    names = [f"email{i}" for i in range(1, 9)]
    rows = batch.contacts.select(names).to_pylist()
    assert [each[n] for each in rows for n in names if each[n]] == emails
    assert batch.contacts["phone1"].to_pylist() == ["+14155552671"] * 3


def test_ix_11_the_channel_is_the_persons_only_where_asked() -> None:
    by_mail = {**VAN, "channel": {"type": "email", "value": "a@b.org"}}
    by_text = {**VAN, "channel": {"type": "sms", "value": "+14155552671"}}
    quiet = read([by_mail, by_text])
    assert not {"email1", "phone1"} & set(quiet.contacts.column_names)
    assert column(quiet, "channel_type") == ["email", "sms"]
    assert column(quiet, "channel_value") == ["a@b.org", "+14155552671"]
    asked = read([by_mail, by_text], use_channel=True)
    assert asked.contacts["email1"].to_pylist() == ["a@b.org"] * 2 + [None] * 2
    assert asked.contacts["phone1"].to_pylist() == [None] * 2 + ["+14155552671"] * 2


def test_ix_11_a_time_that_is_none_warns() -> None:
    batch = read([{**VAN, "attemptDateTime": each} for each in ("soon", "0001-01-01T00:00:00Z", 5)])
    assert column(batch, "valid") == [True] * 3
    assert column(batch, "occurred_at") == [None] * 3
    assert all(reason.startswith("warning: ") for reason in batch.rejects["reason"].to_pylist())
    assert sorted(batch.rejects["row"].to_pylist()) == [1, 2, 3]


def test_ix_12_a_hidden_address_warns() -> None:
    hidden = {"contactInfo": {"email": ["[email\u00a0protected]", "a@b.org"]}}
    batch = read(hidden)
    assert column(batch, "valid") == [True]
    assert "IX-12" in batch.rejects["reason"].to_pylist()[0]


def test_texts_too_long_for_what_they_should_be_are_cut_with_their_path() -> None:
    info = {"email": ["a@b.org", "x" * 2_000 + "@b.org"], "firstName": "y" * 1_001}
    batch = read({"contactInfo": info})
    assert batch.contacts["email1"].to_pylist() == ["a@b.org"]
    assert "first_name" not in batch.contacts.column_names
    assert batch.rejects["column"].to_pylist() == [
        "$.contactInfo.firstName", "$.contactInfo.email[1]",
    ]  # fmt: skip


def test_contacts_are_ready_to_be_normalised() -> None:
    records, rejects = normalise(read([*ALL, {"contactInfo": {"email": ["no email"]}}]).records())
    assert records.count == 5
    assert rejects["row"].to_pylist() == [4]


def test_batches_are_of_the_size_asked_for(tmp_path: Path) -> None:
    path = saved(tmp_path, text_of(ALL * 5))
    batches = list(read_interactions(path, batch=4))
    assert [len(each) for each in batches] == [4, 4, 4, 3]
    assert column(whole(batches), "line") == list(range(1, 16))
    assert batches[1].contacts["row"].to_pylist() == [0, 1, 1, 2, 3]
    large = read(saved(tmp_path, text_of(ALL * 2_000)))
    expected = [row for row in range(6_000) for _ in range(2 if row % 3 == 2 else 1)]
    assert large.contacts["row"].to_pylist() == expected


def test_several_sources_come_in_turn(tmp_path: Path) -> None:
    path = saved(tmp_path, text_of(ALL))
    batch = read([str(path), [JOHN, MARY], JOHN])
    assert column(batch, "line") == [1, 2, 3, 1, 2, 1]
    assert column(batch, "file") == [str(path)] * 3 + [None] * 3
    assert list(read_interactions([])) == []


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (text_of(ALL).encode(), gzip.compress(json.dumps(ALL).encode())):
        stream = SimpleNamespace(buffer=io.BufferedReader(io.BytesIO(content)))
        monkeypatch.setattr("sys.stdin", stream)
        batch = read("-")
        assert column(batch, "valid") == [True] * 3
        assert column(batch, "file") == ["standard input"] * 3


def test_an_empty_array_is_no_interaction(tmp_path: Path) -> None:
    assert list(read_interactions(saved(tmp_path, " [ ] "))) == []


@pytest.mark.parametrize("content", [b"", b" \n ", gzip.compress(b"", mtime=0)])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        read(saved(tmp_path, content))


def test_what_cannot_be_read_or_meant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "none.json")
    with pytest.raises(UnreadableFile, match="directory"):
        read(tmp_path)
    with pytest.raises(UnreadableFile, match="damaged"):
        read(saved(tmp_path, gzip.compress(text_of(ALL * 1_000).encode())[:-20]))
    with pytest.raises(UnreadableFile, match="zip"):
        read(saved(tmp_path, b"PK\x03\x04" + b"\0" * 100, "feed.json"))
    with pytest.raises(OptionError, match="int"):
        read_interactions(5)
    with pytest.raises(OptionError, match="batch"):
        read_interactions(JOHN, batch=0)
    with pytest.raises(OptionError, match="country"):
        read_interactions(JOHN, default_region="Narnia")


def test_dicts_may_hold_what_json_does_not() -> None:
    when = pd.Timestamp("2026-02-19T15:30:00Z")
    info = {"email": ("a@b.org",), "phone": None, "firstName": float("nan")}
    endless: dict[str, Any] = {}
    endless["self"] = endless
    half = {"contactInfo": {"email": ["a@b.org"], "lastName": "\ud800"}}
    batch = read([{"contactInfo": info, "attemptDateTime": when}, endless, half])
    assert column(batch, "valid") == [True, False, True]
    assert column(batch, "occurred_at")[0] == when
    assert batch.contacts["email1"].to_pylist() == ["a@b.org"] * 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["contactInfo", "person", "email", "phone", "address", "id", "type", "city",
                 "firstName", "stateCode", "attemptDateTime", "channel", "value", "socialHandle"]
            ) | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(_JSON, min_size=1, max_size=5))
def test_whatever_comes_comes_back(tmp_path_factory: pytest.TempPathFactory, feed: Any) -> None:
    folder = tmp_path_factory.mktemp("feed")
    contents = [json.dumps(feed), json.dumps(feed, indent=1)]
    if not isinstance(feed[0], list):  # a file that begins so is an array
        contents.append(text_of(feed))
    for content in contents:
        path = saved(folder, content)
        batch = read(path)
        valid = pc.sum(batch.interactions["valid"]).as_py()
        assert len(batch) == len(feed)
        assert valid + column(batch, "valid").count(False) == len(feed)
        assert all(column(batch, "problem")[row] for row in range(len(feed))
                   if not column(batch, "valid")[row])  # fmt: skip
        assert set(batch.contacts["row"].to_pylist()) <= set(range(len(feed)))


@given(st.binary(min_size=1, max_size=200) | st.text(min_size=1, max_size=60).map(str.encode))
def test_no_bytes_raise_but_what_is_no_file(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = saved(tmp_path_factory.mktemp("feed"), content)
    try:
        batches = list(read_interactions(path))
    except UnreadableFile:
        return
    told = sum(len(each) + each.rejects.num_rows for each in batches)
    assert told or not content.strip(b" \t\r\n,[]")


TABLE = {
    "interaction_id": ["i1", "i2", "i3", "i4"],
    "kind": ["sms", "door", "email", "door"],
    "occurred_on": ["2021-10-10", "2021-02-17", "soon", None],
    "name": [None, "Mary Doe", "John Doe", "Ann Lee"],
    "email": [None, None, "a@b.org; c@d.org", None],
    "phone": ["509-555-4541", None, "+14155552671", None],
    "zip": [None, "98057", None, None],
}


def tables(folder: Path) -> dict[str, Any]:
    table = pa.table(TABLE)
    frame = table.to_pandas()
    frame.to_csv(folder / "table.csv", index=False)
    (folder / "table.csv.gz").write_bytes(gzip.compress((folder / "table.csv").read_bytes()))
    pq.write_table(table, folder / "table.parquet")
    return {
        "csv": folder / "table.csv",
        "csv.gz": folder / "table.csv.gz",
        "parquet": str(folder / "table.parquet"),
        "arrow": table,
        "pandas": frame,
        "polars": pl.DataFrame(TABLE),
    }


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "parquet", "arrow", "pandas", "polars"])
@pytest.mark.parametrize("size", [3, 100])
def test_tables_are_interactions_too(tmp_path: Path, kind: str, size: int) -> None:
    batch = read(tables(tmp_path)[kind], batch=size)
    assert batch.interactions.schema == SCHEMA
    assert column(batch, "interaction_id") == ["i1", "i2", "i3", "i4"]
    assert column(batch, "valid") == [True, True, True, False]
    assert "IX-02" in column(batch, "problem")[3]
    assert column(batch, "line") == [1, 2, 3, 4]
    assert column(batch, "channel_type") == TABLE["kind"]
    assert [str(when)[:10] for when in column(batch, "occurred_at")] == [
        "2021-10-10", "2021-02-17", "None", "None",
    ]  # fmt: skip
    assert batch.contacts["row"].to_pylist() == [0, 1, 2]
    assert batch.contacts["email2"].to_pylist() == [None, None, "c@d.org"]
    assert batch.contacts["full_name"].to_pylist() == [None, "Mary Doe", "John Doe"]
    assert json.loads(column(batch, "raw")[1])["zip"] == "98057"
    assert sorted(batch.rejects["column"].to_pylist(), key=str) == [None, "occurred_at", "phone1"]
    assert column(batch, "key") == column(read(pa.table(TABLE)), "key")
    assert normalise(batch.records())[0].count == 3


def test_ix_06_a_table_can_be_read_strictly() -> None:
    batch = read(pa.table(TABLE), strict=True)
    assert column(batch, "valid") == [False, True, True, False]
    assert "IX-06" in column(batch, "problem")[0]


def test_a_table_may_name_persons_and_columns() -> None:
    table = pa.table(
        {"Ref": ["a", "b"], "VANID": ["123", None], "When": ["2026-01-02 03:04", None],
         "state": ["WA", "OR"], "twitter": ["@x", None], "vendor_source": ["Texts", None]}
    )  # fmt: skip
    mapping = {"interaction_id": "Ref", "occurred_at": "When", "van_id": "VANID"}
    batch = read(table, columns=mapping)
    assert column(batch, "interaction_id") == ["a", "b"]
    assert column(batch, "person_ids")[0] == [{"type": "VAN", "id": "123"}]
    assert batch.contacts["van_id"].to_pylist()[0] == "unknown:WA:123"
    assert column(batch, "state_code") == ["WA", "OR"]
    assert column(batch, "handles") == [["@x"], []]
    assert column(batch, "source") == ["Texts", "interactions"]
    assert str(column(batch, "occurred_at")[0]) == "2026-01-02 03:04:00+00:00"


def test_rows_of_a_table_that_cannot_be_read_are_there(tmp_path: Path) -> None:
    path = saved(tmp_path, "email,phone\na@b.org,\nx,y,z,too many\nc@d.org,\nx,y,z\n", "table.csv")
    for size in (1, 2, 100):
        batches = list(read_interactions(path, batch=size))
        batch = whole(batches)
        assert column(batch, "line") == [1, 2, 3, 4]
        assert column(batch, "valid") == [True, False, True, False]
        assert batch.rejects.num_rows == 2
        found = [
            each.interactions["line"].to_pylist()[row]
            for each in batches
            for row in each.contacts["row"].to_pylist()
        ]
        assert found == [1, 3]


def test_a_column_that_is_mapped_must_be_there() -> None:
    with pytest.raises(UnusableColumns, match="Reference"):
        read(pa.table(TABLE), columns={"interaction_id": "Reference"})


def test_only_a_column_that_numbers_the_rows_is_an_interactions_id() -> None:
    emails = ["a@b.org", "a@b.org", "c@d.org"]
    assert column(read(pa.table({"id": [1, 2, 3], "email": emails})), "interaction_id") == [
        "1", "2", "3",
    ]  # fmt: skip
    again = read(pa.table({"id": [1, 1, 3], "email": emails}))
    assert column(again, "interaction_id") == [None] * 3


def test_a_table_and_its_file_say_the_same(tmp_path: Path) -> None:
    without = {name: each for name, each in TABLE.items() if name != "interaction_id"}
    frame = pd.DataFrame(without)
    frame.to_csv(tmp_path / "table.csv", index=False)
    batches = [read(tmp_path / "table.csv"), read(frame), read(pa.table(without))]
    assert len({tuple(column(each, "key")) for each in batches}) == 1
    assert len({tuple(column(each, "content")) for each in batches}) == 1


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=(text_of(ALL),))
    writer.start()
    assert column(read(path), "valid") == [True] * 3
    writer.join()
