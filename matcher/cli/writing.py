"""Results into their folder, with pictures beside them where they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from matcher.errors import MissingExtra

if TYPE_CHECKING:
    from matcher.result import Result
    from matcher.stages import Progress


def check_early(out: Path | None, *, plot: bool, store: Path | None = None) -> None:
    """What would only fail after the long work.

    Raises:
        OutputError: the folder cannot be written to.
        StoreError: a store is to be made where there is a file.
        MissingExtra: pictures are wanted and the library for them is absent.
    """
    from matcher.destination import check_destination

    if plot and not (find_spec("altair") and find_spec("vl_convert")):
        raise MissingExtra("Pictures need the extra 'plot': pip install 'campaign-matcher[plot]'.")
    if out is not None:
        check_destination(out)
    if store is not None:
        from matcher.store import check_new

        check_new(store)


def write(
    result: Result, out: Path, *, plot: bool, progress: Progress | None = None
) -> Sequence[Path]:
    """Writes the files of a result and returns their paths.

    Raises:
        OutputError: the folder cannot be written to.
    """
    written = list(result.write(out, progress))
    if plot:
        written.append(result.model.plot().save(out / "weights.png"))
        written.append(result.plot_cluster_sizes().save(out / "cluster_sizes.png"))
    return written
