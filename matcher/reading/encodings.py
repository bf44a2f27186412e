"""Bytes of unknown encoding in, UTF-8 out.

UTF-16 is known by its byte-order mark. Everything else is read as UTF-8, and each byte that is not
valid UTF-8 as Windows-1252, the encoding of old exports and of Excel: so a file that was pasted
together from both comes out right in all its parts.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

import numpy as np
import pyarrow as pa

from matcher.errors import UnreadableFile

_FALLBACK = "matcher.cp1252"
_UTF8_MARK = codecs.BOM_UTF8
_UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}

#: Bytes that text hardly ever holds: control characters other than tab, line ends and Escape.
_CONTROL = np.array([b < 32 and b not in (9, 10, 11, 12, 13, 27) for b in range(256)])
#: The share of them from which the head of a file is taken for something other than text.
_BINARY_SHARE = 0.02
_HEAD = 65_536


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Codec error handler: the bytes that are not UTF-8 are Windows-1252."""
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    try:
        return bad.decode("cp1252"), error.end
    except UnicodeDecodeError:
        raise error from None  # the first one knows where in the file it is


codecs.register_error(_FALLBACK, _as_cp1252)


def to_utf8(
    data: pa.Buffer, name: str, passed: Callable[[pa.Buffer], None] = lambda part: None
) -> tuple[pa.Buffer, list[str]]:
    """The text of a file as UTF-8 without a byte-order mark, and notes for the user.

    Valid UTF-8 is checked in place and not copied; ``passed`` is called with each part of it.

    Raises:
        UnreadableFile: the file is no text, or in no encoding that is read.
    """
    for mark, encoding in _UTF16_MARKS.items():
        if data.size >= 2 and data.slice(0, 2).to_pybytes() == mark:
            return _from_utf16(data, encoding, name), ["read as UTF-16"]
    if data.slice(0, min(3, data.size)).to_pybytes() == _UTF8_MARK:
        data = data.slice(3)
    _refuse_binary(data, name)
    if _is_utf8(data, passed):
        return data, []
    try:
        text = data.to_pybytes().decode("utf-8", errors=_FALLBACK)
    except UnicodeDecodeError as error:
        row = data.slice(0, error.start).to_pybytes().count(b"\n") + 1
        raise UnreadableFile(
            f"{name}, line {row}: the text is neither UTF-8 nor Windows-1252;"
            " save the file as UTF-8 and try again."
        ) from None
    note = "not valid UTF-8 throughout: the other bytes were read as Windows-1252"
    return pa.py_buffer(text.encode()), [note]


#: Bytes that are checked at once.
_AT_ONCE = 64 << 20


def _is_utf8(data: pa.Buffer, passed: Callable[[pa.Buffer], None]) -> bool:
    start = 0
    while start < data.size:
        end = _character_end(data, min(start + _AT_ONCE, data.size))
        part = data.slice(start, end - start)
        if not _part_is_utf8(part):
            return False
        passed(part)
        start = end
    return True


def _character_end(data: pa.Buffer, end: int) -> int:
    """A place not after ``end`` where no character of UTF-8 goes on; ``end`` where none is near."""
    for place in range(end, max(end - 4, 0), -1):
        if place == data.size or data[place] & 0xC0 != 0x80:
            return place
    return end


def _part_is_utf8(data: pa.Buffer) -> bool:
    offsets = pa.py_buffer(np.array([0, data.size], np.int64))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, data])
    try:
        whole.cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _from_utf16(data: pa.Buffer, encoding: str, name: str) -> pa.Buffer:
    try:
        return pa.py_buffer(data.slice(2).to_pybytes().decode(encoding).encode())
    except UnicodeError:
        raise UnreadableFile(
            f"{name}: begins like UTF-16 but is damaged; save the file as UTF-8 and try again."
        ) from None


def _refuse_binary(data: pa.Buffer, name: str) -> None:
    head = np.frombuffer(data.slice(0, min(_HEAD, data.size)), np.uint8)
    if head.size and _CONTROL[head].mean() > _BINARY_SHARE:
        raise UnreadableFile(
            f"{name}: is binary, not text; give a CSV, TSV, JSON or Parquet file"
            " (export spreadsheets as CSV)."
        )
