"""Text of any encoding as UTF-8, whatever the parts in which it is checked."""

from __future__ import annotations

import pyarrow as pa
import pytest

from matcher.reading import encodings


@pytest.mark.parametrize("at_once", [1, 2, 3, 4, 5, 7, 64])
def test_no_character_is_cut_where_parts_meet(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "_AT_ONCE", at_once + 4)
    text = "a,é,山,😀,b\n" * 20
    assert encodings.to_utf8(pa.py_buffer(text.encode()), "x")[1] == []
    broken = text.encode() + b"\xe9,\n"
    assert encodings.to_utf8(pa.py_buffer(broken), "x")[1] != []
