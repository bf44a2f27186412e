"""Feeds with one interaction a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from matcher.interactions.items import KEPT, NOT_UTF8, Broken, Item, is_text, parsed
from matcher.policies.limits import LARGEST, TOO_LARGE

#: Bytes that the longest line that is read can have.
_LONGEST = 4 * LARGEST
_BLANKS = " \t\r\n"


def lines(blocks: Iterable[bytes]) -> Iterator[Item]:
    """The lines that are not blank, in order; each that is bad costs only itself.

    Args:
        blocks: UTF-8.
    """
    number = 0
    for whole in _whole_lines(blocks):
        if isinstance(whole, _Overlong):
            number += 1
            yield Item(number, whole.text(), Broken(TOO_LARGE))
            continue
        try:
            texts, sound = whole.decode(), True
        except UnicodeDecodeError:
            texts, sound = whole.decode(errors="surrogateescape"), False
        for line in texts.split("\n"):
            number += 1
            text = line.strip(_BLANKS)
            if text:
                yield Item(number, text, parsed(text) if sound or is_text(text) else NOT_UTF8)


class _Overlong:
    """A line too long to be held: its beginning and its length are."""

    def __init__(self, beginning: bytes) -> None:
        self._head, self._size = beginning[: 4 * KEPT], len(beginning)

    def grow(self, more: bytes) -> None:
        self._size += len(more)

    def text(self) -> str:
        head = self._head.decode(errors="replace")[:KEPT]
        return f"{head}… ({self._size:,} bytes)"


def _whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes | _Overlong]:
    """Some lines at a time, without the last one's end; those too long by themselves."""
    rest = b""
    overlong: _Overlong | None = None
    for block in blocks:
        if overlong is not None:
            end, mark, block = block.partition(b"\n")  # noqa: PLW2901 - the rest of it
            overlong.grow(end)
            if not mark:
                continue
            yield overlong
            overlong = None
        lines_in, mark, tail = block.rpartition(b"\n")
        if mark:
            yield rest + lines_in
            rest = tail
        else:
            rest += tail
        if len(rest) > _LONGEST:
            overlong, rest = _Overlong(rest), b""
    if overlong is not None:
        yield overlong
    elif rest:
        yield rest
