"""Few distinct texts are read by the rules, many by the lanes: what comes of them is the same."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.normalise import normalise
from matcher.reading import read

_CELLS = {
    "first_name": ("Maria", "Mary Ann", "BOB", "null", "Jr", "J.", "O'Neil", ""),
    "last_name": ("Smith", "de la Cruz", "Garcia-Lopez", "Test", "Smith Jr", "Ng, Li"),
    "address": ("12 Main St", "12 Main Street Apt 4", "PO Box 7", "n/a", "1 N E St", "Elm"),
    "email": (
        "ann@example.org", "A.Nn+x@GoogleMail.com", "none@none.com", "info@church.org", "j**@x.com",
        "Bob <bob@gmial.com>", "no at", " ", "INFO@X.ORG", "n/a", "bob@example", "müller@straße.de",
    ),
    "birth_date": ("1980-03-04", "3/4/1980", "13/4/80", "1900-01-01", "May 3 1970", "0"),
}  # fmt: skip


def _told(rows: list[dict[str, str]]) -> tuple[object, ...]:
    records, rejects = normalise(read(pa.table({n: [r[n] for r in rows] for n in _CELLS})))
    texts = {name: column.texts().to_pylist() for name, column in records.columns.items()}
    return texts, rejects.to_pylist()


@given(
    st.lists(
        st.fixed_dictionaries({name: st.sampled_from(cells) for name, cells in _CELLS.items()}),
        min_size=1,
        max_size=6,
    )
)
def test_few_are_read_as_many(rows: list[dict[str, str]]) -> None:
    rows = [{**rows[0], "last_name": "Okafor"}, *rows]
    by_lanes = _told(rows)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("addresses", "dates", "emails", "name_columns"):
            patch.setattr(f"matcher.normalise.{module}.FEW", 1_000)
        assert _told(rows) == by_lanes
