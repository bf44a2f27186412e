"""Records that come together and have nothing to do with each other read as if each came alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.errors import InputError, OptionError
from matcher.reading import read, read_apart
from matcher.records import RawRecords

_CELLS: Mapping[str, tuple[Any, ...]] = {
    "first_name": ("Maria", "Null", "NA", " Ann ", None),
    "last_name": ("Garcia", "None", "O'Neil", "null"),
    "phone": ("312 555 0142", "3125550143; 3125550144", None, 3125550142),
    "mobile": ("312 555 0199", None),
    "email": ("m@example.com", "n/a", "a@b.org, c@d.org", "na@na.com", " none "),
    "Email": ("second@example.com", "nil"),
    "emails": (["m@example.com", "x@y.org"], [{"address": "k@l.org", "primary": True}]),
    "zip": ("2139", "02139", "60601", "2139-1234", 2139, "Null"),
    "mailing_zip": ("2139.0", "60601", "NULL"),
    "address_line2": ("#222", "222", "na"),
    "city": ("Boston", "'Null", "NaN"),
    "state": ("MA", "IL", None),
    "country": ("US", "NA", "Null"),
    "van_id": ("17", "18"),
    "id": ("1", "2"),
    "record_id": ("r1", "r2"),
    "source": ("list", "other", None),
    "full_name": ("Null", "Ann None", "Maria Garcia"),
    "organization": ("NA", "Null", "Acme"),
    "birth_date": ("03/04/1980", "13/04/1980", "1980-04-03"),
    "nationbuilder_id": ("5", "0"),
    "colour": ("green",),
    "updated_at": ("2024-01-02",),
}


@st.composite
def records(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(st.sampled_from(sorted(_CELLS)), unique=True, max_size=8))
    found = {name: draw(st.sampled_from(_CELLS[name])) for name in names}
    return {**found, "last_name": draw(st.sampled_from(_CELLS["last_name"]))}


def told(raw: RawRecords, row: int) -> dict[str, Any]:
    """What a record says; where it stood, and the id that follows from it, aside."""
    values = raw.table.slice(row, 1).to_pylist()[0]
    place = ("file", "row", "record_id")
    return {k: v for k, v in values.items() if v is not None and k not in place}


@settings(max_examples=200)
@given(st.lists(records(), min_size=1, max_size=6))
def test_each_reads_as_if_it_came_alone(rows: list[dict[str, Any]]) -> None:
    together = read_apart(rows)
    assert len(together) == len(rows)
    for place, row in enumerate(rows):
        assert told(together, place) == told(read([row]), 0)


def test_records_of_which_none_tells_of_another_are_read_in_one_go() -> None:
    rows = [
        {"last_name": "Garcia", "email": "na@na.com", "address_line2": "#222"},
        {"zip": "60601", "last_name": "Nullo", "external_id": "712"},
        {"email": "a@b.org", "full_name": "Nil", "zip": "02139"},
    ]
    assert len(read_apart(rows).sources) == 1
    assert len(read_apart([*rows, {"last_name": "Null", "city": "Null"}]).sources) == 2
    assert len(read_apart([*rows, {"last_name": "Ono", "zip": "2139"}]).sources) == 2


def test_of_several_columns_for_one_thing_each_record_prefers_its_first() -> None:
    one = {"email": "a@b.org", "Email": "c@d.org", "last_name": "Ono"}
    other = dict(reversed(one.items()))
    raw = read_apart([one, other])
    assert raw.table["email1"].to_pylist() == ["a@b.org", "c@d.org"]


def test_each_is_of_a_file_of_its_own() -> None:
    raw = read_apart([{"email": "a@example.com"}, {"email": "b@example.com"}])
    assert raw.table["file"].to_pylist() == ["record 1", "record 2"]
    assert raw.table["row"].to_pylist() == [1, 1]


def test_one_that_has_no_usable_column_is_an_error_among_others_too() -> None:
    good = {"email": "a@example.com", "tags": "x"}
    with pytest.raises(InputError):
        read_apart([good, {"tags": "x"}])
    with pytest.raises(InputError):
        read_apart([good, {}])


def test_what_is_no_record_is_an_error() -> None:
    for wrong in ([], ["a@example.com"]):
        with pytest.raises(OptionError):
            read_apart(wrong)  # type: ignore[arg-type]
