"""The many ways to say what to read, as a plain list of inputs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.errors import InputError, OptionError
from matcher.reading.files import read_file
from matcher.reading.layout import Used
from matcher.reading.sheet import Sheet
from matcher.reading.tables import is_table, read_dicts, read_table
from matcher.spilling import Spill


@dataclass(frozen=True, slots=True)
class Input:
    """One file or table, and the source that the caller named for it, if any."""

    value: Any
    source: str | None = None


def inputs_of(source: Any, source_name: str | None = None) -> list[Input]:
    """The inputs in what a caller may pass as ``source``; see ``matcher.reading.read``.

    Raises:
        OptionError: there is nothing in it, or something that is neither path nor table.
    """
    found = list(_walk(source, source_name))
    if not found:
        raise OptionError("there is nothing to read: give at least one file or table.")
    return found


def read_inputs(
    inputs: list[Input], spill: Spill | None = None, used: Used = lambda headers: None
) -> list[Sheet]:
    """Every input as a sheet; tables in memory are named ``frame 1``, ``frame 2`` and so on.

    Of delimited text, the columns that are not ``used`` may be left without their rows.
    """
    sheets: list[Sheet] = []
    frames = 0
    for each in inputs:
        if isinstance(each.value, Path):
            sheets.append(read_file(each.value, spill, used))
            continue
        frames += 1
        name, stem = f"frame {frames}", f"frame{frames}"
        read = read_dicts if isinstance(each.value, list) else read_table
        sheet = read(each.value, name, stem)
        if not len(sheet):
            raise InputError(f"{name}: the table has no rows (0 records).")
        sheets.append(sheet)
    return sheets


def _walk(source: Any, name: str | None) -> Iterator[Input]:
    if isinstance(source, str | os.PathLike):
        yield Input(Path(source), name)
    elif is_table(source):
        yield Input(source, name)
    elif isinstance(source, Mapping):
        for key, value in source.items():
            yield from _walk(value, str(key))
    elif isinstance(source, list | tuple):
        if source and all(isinstance(row, Mapping) for row in source):
            yield Input(list(source), name)
        else:
            for value in source:
                yield from _walk(value, name)
    else:
        raise OptionError(
            f"cannot read a {type(source).__name__}: give a path, a pandas, polars or Arrow table,"
            " a list of dicts, a list of these, or a mapping of source names to them."
        )
