"""Whether results can be written to a folder, found out before the long work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from matcher.errors import OutputError


def check_destination(folder: str | Path) -> Path:
    """The folder, once it is sure that it can be made and written to; nothing is left behind.

    Raises:
        OutputError: something else stands there, or the place is not writable.
    """
    target = Path(folder)
    try:
        nearest = next(path for path in (target, *target.absolute().parents) if path.exists())
        if not nearest.is_dir():
            raise OutputError(
                f"Nothing was written: {nearest} is a file, not a folder. Give another folder."
            )
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=nearest):
            pass
    except OSError as error:
        raise OutputError(
            f"Nothing was written: {target} cannot be used as a folder "
            f"({(error.strerror or str(error)).lower()}). Give another folder, or make this one "
            "writable."
        ) from error
    return target
