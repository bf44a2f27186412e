"""Steps of earlier files: what they merged away is gone, however long exports go on naming it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from matcher.actions.held import Held
from matcher.actions.tools import Tool
from matcher.errors import UnreadableFile

Bools = npt.NDArray[np.bool_]
Folders = str | Path | Sequence[str | Path] | None

_BETWEEN = "\x1f"
_KEY = ("list", "source_id")


def already_merged(held: Held, tool: Tool, done: Folders) -> Bools:
    """Per id whether one of the files of steps in some folders merged it away.

    Raises:
        UnreadableFile: a folder has no such file, or another one of that name.
    """
    folders = [done] if isinstance(done, str | Path) else list(done or ())
    merged = [_sources(Path(folder) / tool.file) for folder in folders]
    keys = pc.binary_join_element_wise(held.lists, held.ids, _BETWEEN)
    known = pa.chunked_array([chunk for each in merged for chunk in each.chunks], pa.string())
    gone: Bools = pc.is_in(keys, value_set=known).to_numpy(zero_copy_only=False)
    return gone


def _sources(path: Path) -> pa.ChunkedArray:
    """The keys of what a file's steps merge away; a file may well have none."""
    options = pa_csv.ConvertOptions(
        include_columns=_KEY, column_types=dict.fromkeys(_KEY, pa.string())
    )
    try:
        steps = pa_csv.read_csv(
            path,
            parse_options=pa_csv.ParseOptions(newlines_in_values=True),
            convert_options=options,
        )
    except (OSError, pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise UnreadableFile(
            f"{path}: cannot be read as a file of steps; give a folder that 'matcher actions' "
            "wrote."
        ) from error
    return pc.binary_join_element_wise(*(steps.column(name) for name in _KEY), _BETWEEN)
