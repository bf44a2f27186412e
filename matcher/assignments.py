"""Which group each record is in, read from a file: a crosswalk, or a truth made by hand."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from matcher.reading.files import read_file


def read_assignment(path: str | Path) -> pa.Table:
    """The columns of a file as ``matcher.evaluate`` takes them, every value as text.

    The file may be of any format that is read elsewhere (CSV, Parquet, JSON, each also in gzip).

    Raises:
        UnreadableFile: it is missing, empty, damaged, or of a format that is not read.
    """
    sheet = read_file(Path(path))
    names = [header.strip() for header in sheet.headers]
    return pa.table(list(sheet.columns), names=names)
