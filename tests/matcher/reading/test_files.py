"""What a file is, by its content; and one clear sentence for each that cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matcher.errors import UnreadableFile
from matcher.reading import read
from matcher.reading.files import read_file, stem_of

ROWS = [{"first_name": "Ann", "email": "ann@x.org"}, {"first_name": "Zoë", "email": "zoe@x.org"}]
CSV = "first_name,email\nAnn,ann@x.org\nZoë,zoe@x.org\n"


def arrow_bytes() -> bytes:
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pylist(ROWS)
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def parquet_bytes() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(ROWS), sink)
    return bytes(sink.getvalue().to_pybytes())


FORMATS: dict[str, bytes] = {
    "utf-8": CSV.encode(),
    "utf-8 with a mark": CSV.encode("utf-8-sig"),
    "utf-16": CSV.encode("utf-16"),
    "utf-16 big endian": b"\xfe\xff" + CSV.encode("utf-16-be"),
    "cp1252": CSV.encode("cp1252"),
    "tabs": CSV.replace(",", "\t").encode(),
    "semicolons": CSV.replace(",", ";").encode(),
    "pipes": CSV.replace(",", "|").encode(),
    "windows line ends": CSV.replace("\n", "\r\n").encode(),
    "old mac line ends": CSV.replace("\n", "\r").encode(),
    "no last line end": CSV.rstrip().encode(),
    "blank lines": ("\n\n" + CSV.replace("\n", "\n\n")).encode(),
    "excel's sep line": ("sep=;\n" + CSV.replace(",", ";")).encode(),
    "trailing delimiters": CSV.replace(".org", ".org,").encode(),
    "json": json.dumps(ROWS).encode(),
    "pretty json": json.dumps(ROWS, indent=2, ensure_ascii=False).encode("utf-8-sig"),
    "json in an object": json.dumps({"page": 1, "people": ROWS}).encode(),
    "json deep in an object": json.dumps({"_embedded": {"osdi:people": ROWS}}).encode(),
    "ndjson": "\n".join(map(json.dumps, ROWS)).encode(),
    "parquet": parquet_bytes(),
    "arrow": arrow_bytes(),
}


@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_records_whatever_the_name(
    tmp_path: Path, form: str, zipped: bool
) -> None:
    data = FORMATS[form]
    path = tmp_path / "people.dat"
    path.write_bytes(gzip.compress(data) if zipped else data)
    raw = read(path)
    assert raw.table["first_name"].to_pylist() == ["Ann", "Zoë"]
    assert raw.table["email1"].to_pylist() == ["ann@x.org", "zoe@x.org"]
    assert raw.table["row"].to_pylist() == [1, 2]
    assert raw.rejects.num_rows == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \n\n", "is empty"),
        (b"first_name,email\n", "has a header but no rows"),
        (b"first_name,email\n\n  \n", "has a header but no rows"),
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (bytes(range(256)) * 8, "is binary, not text"),
        (b"PAR1 and no more", "Parquet data is cut off or damaged"),
        (b"ARROW1 and no more", "Arrow data is cut off or damaged"),
        (gzip.compress(CSV.encode(), mtime=0)[:-12], "gzip data is cut off or damaged"),
        (b"first_name,email\nAnn,a\x81@x.org\n", "line 2: the text is neither UTF-8 nor"),
        (b"\xff\xfea", "UTF-16 but is damaged"),
        (b'[{"a": 1},\n nope]', "line 2: is not valid JSON"),
        (b'{"a": 1}', "holds no list of objects"),
        (b"[[1, 2]]", "holds no list of objects"),
        (b'{"a": [{"x": 1}], "b": [{"y": 1}]}', "several arrays of objects (a, b)"),
        (b"a,b\n1\n2\n", "row 1: has 1 fields where the header has 2"),
    ],
)
def test_an_unusable_file_is_told_in_one_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile) as caught:
        read(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert words in message
    assert "\n" not in message


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a directory"):
        read_file(tmp_path)


def test_a_missing_file_in_a_missing_directory(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="nor the directory"):
        read_file(tmp_path / "none" / "people.csv")


def test_a_name_that_cannot_be_a_files() -> None:
    with pytest.raises(UnreadableFile):
        read_file(Path("a\0b"))


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "people.csv"
    path.write_text(CSV)

    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # root may read what it likes
    with pytest.raises(UnreadableFile, match="you may not read it"):
        read_file(path)


def test_a_gzip_bomb_is_refused_before_it_fills_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.reading.files._BOMB_BYTES", 1 << 20)
    monkeypatch.setattr("matcher.reading.files._CHUNK", 1 << 16)
    path = tmp_path / "people.csv.gz"
    path.write_bytes(gzip.compress(b"first_name,email\n" + b"a" * (4 << 20)))
    with pytest.raises(UnreadableFile, match="100 times its size"):
        read_file(path)


def test_stems() -> None:
    assert stem_of(Path("a/people.csv.gz")) == "people"
    assert stem_of(Path("export-2022.03.parquet")) == "export-2022.03"
    assert stem_of(Path("people")) == "people"


def test_text_in_two_encodings(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name\nZoë\n".encode() + "José\n".encode("cp1252"))
    raw = read(path)
    assert raw.table["full_name"].to_pylist() == ["Zoë", "José"]
    assert "Windows-1252" in raw.sources[0].notes[0]
