"""Half characters: JSON and Python can spell half of an emoji, which no file of text can hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

#: One half of a character that takes two in UTF-16, without the other.
_HALF = re.compile("[\ud800-\udfff]")
_INSTEAD = "\ufffd"


class Mender:
    """Puts U+FFFD, the sign for a character that is lost, in the place of half ones.

    Attributes:
        count: texts that were mended.
    """

    def __init__(self) -> None:
        self.count = 0

    def mend(self, value: Any) -> Any:
        """The value, with whatever it holds inside, without half characters."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return {self.mend(key): self.mend(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self.mend(inner) for inner in value]
        return value

    @property
    def notes(self) -> list[str]:
        """What a user should know of it."""
        if not self.count:
            return []
        return [f"texts with half a character, for which {_INSTEAD} stands now: {self.count:,}"]

    def _text(self, text: str) -> str:
        mended, halves = _HALF.subn(_INSTEAD, text)
        self.count += bool(halves)
        return mended
