"""From a path to a sheet: what kind of file it is, by its content first and its name second."""

from __future__ import annotations

import difflib
import gzip
import re
import zlib
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

from matcher.errors import UnreadableFile
from matcher.reading.delimited import read_delimited
from matcher.reading.encodings import to_utf8
from matcher.reading.jsons import read_json
from matcher.reading.layout import Used
from matcher.reading.sheet import Sheet
from matcher.reading.tables import sheet_of
from matcher.spilling import Spill

#: First bytes of formats that are not read, and what to tell their owner.
_FOREIGN: dict[bytes, str] = {
    b"PK\x03\x04": "is a zip archive or an Excel workbook; save the sheet as CSV (or unzip it)",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook; save the sheet as CSV",
    b"%PDF": "is a PDF; give the export as CSV",
    b"SQLite format 3": "is an SQLite database; export the table as CSV",
    b"\x28\xb5\x2f\xfd": "is compressed with zstd; unpack it or use gzip",
    b"BZh": "is compressed with bzip2; unpack it or use gzip",
    b"\xfd7zXZ": "is compressed with xz; unpack it or use gzip",
    b"ORC": "is an ORC file; convert it to Parquet",
    b"Obj\x01": "is an Avro file; convert it to Parquet",
}
_JSON_START = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\]])")
_SUFFIXES = {".gz", ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet", ".pq"}

# A gzip file may unpack to a thousand times its size. Text exports shrink to a tenth, rarely to a
# fiftieth: what is both large and far beyond that was made to exhaust memory.
_BOMB_RATIO = 100
_BOMB_BYTES = 256 << 20
_CHUNK = 16 << 20
_DAMAGED = "{name}: the {kind} data is cut off or damaged; copy it again."


def read_file(path: Path, spill: Spill | None = None, used: Used = lambda headers: None) -> Sheet:
    """Read one file of any supported format.

    CSV, TSV and other delimited text, JSON, NDJSON, Parquet and Arrow IPC, each also in gzip.
    Columns of delimited text that are not ``used`` may be left without their rows.

    Raises:
        UnreadableFile: it is missing, a directory, empty, damaged, or of a format not read.
    """
    name, stem = str(path), stem_of(path)
    spill = spill or Spill()
    data = _bytes_of(path, spill)
    head = data.slice(0, min(data.size, 4096)).to_pybytes()
    if head.startswith(b"\x1f\x8b"):
        data = _gunzip(data, name)
        head = data.slice(0, min(data.size, 4096)).to_pybytes()
    for magic, advice in _FOREIGN.items():
        if head.startswith(magic):
            raise UnreadableFile(f"{name}: {advice}.")
    if head.startswith(b"PAR1"):
        return _sheet_from(_parquet, data, name, stem, "Parquet")
    if head.startswith(b"ARROW1"):
        return _sheet_from(_arrow_ipc, data, name, stem, "Arrow")
    spill.expect(data.size)
    text, notes = to_utf8(data, name, spill.passed)
    if not text.size or not text.slice(0, min(text.size, 65_536)).to_pybytes().strip():
        raise UnreadableFile(f"{name}: is empty; export it again.")
    start = text.slice(0, min(text.size, 4096)).to_pybytes()
    if _JSON_START.match(start):
        return read_json(text, name, stem, notes)
    return read_delimited(text, name, stem, notes, spill, used=used)


def stem_of(path: Path) -> str:
    """The file's name without the endings that only tell its format."""
    while path.suffix.lower() in _SUFFIXES:
        path = path.with_suffix("")
    return path.name


def _bytes_of(path: Path, spill: Spill) -> pa.Buffer:
    """The bytes of a file, mapped rather than read where it is a plain one."""
    try:
        if path.is_dir():
            raise UnreadableFile(f"{path}: is a directory; name the files in it.")
        if not path.exists():
            raise UnreadableFile(f"{path}: there is no such file{_nearest(path)}.")
        if path.is_file() and not path.stat().st_size:
            raise UnreadableFile(f"{path}: is empty; export it again.")
        if not path.is_file():
            return pa.py_buffer(path.read_bytes())
        return spill.file(path)
    except PermissionError:
        raise UnreadableFile(f"{path}: you may not read it; check its permissions.") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "the name is not a file name"
        raise UnreadableFile(f"{path}: cannot be read ({reason}).") from None


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return f", nor the directory {path.parent}"
    close = difflib.get_close_matches(path.name, names, n=1)
    return f"; did you mean {path.parent / close[0]}" if close else ""


def _gunzip(data: pa.Buffer, name: str) -> pa.Buffer:
    parts, total = [], 0
    try:
        with gzip.GzipFile(fileobj=pa.BufferReader(data)) as stream:
            while part := stream.read(_CHUNK):
                parts.append(part)
                total += len(part)
                if total > _BOMB_BYTES and total > _BOMB_RATIO * data.size:
                    raise UnreadableFile(
                        f"{name}: unpacks to more than {_BOMB_RATIO} times its size, as no export"
                        " does; if you trust it, unpack it yourself and give the plain file."
                    )
    except (EOFError, OSError, zlib.error):
        raise UnreadableFile(_DAMAGED.format(name=name, kind="gzip")) from None
    return pa.py_buffer(b"".join(parts))


def _parquet(data: pa.Buffer) -> pa.Table:
    import pyarrow.parquet as pq

    return pq.ParquetFile(pa.BufferReader(data)).read()


def _arrow_ipc(data: pa.Buffer) -> pa.Table:
    return pa.ipc.open_file(pa.BufferReader(data)).read_all()


def _sheet_from(
    load: Callable[[pa.Buffer], pa.Table], data: pa.Buffer, name: str, stem: str, kind: str
) -> Sheet:
    try:
        table = load(data)
    except (pa.ArrowException, OSError):
        raise UnreadableFile(_DAMAGED.format(name=name, kind=kind)) from None
    return sheet_of(table, name, stem)
