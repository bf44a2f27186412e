"""Feeds that are an array of interactions, or objects one after another over many lines."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any

from matcher.interactions.items import (
    KEPT,
    NOT_UTF8,
    Broken,
    Item,
    Remark,
    decode,
    fault,
    is_text,
)
from matcher.policies.interactions.shape import INTERACTION_SHAPE
from matcher.policies.limits import LARGEST, TOO_DEEP, TOO_LARGE

_BETWEEN = re.compile(r"[\s,]*")
#: A text, so that the brackets in it do not count; or a bracket.
_BRACES = re.compile(r'"(?:[^"\\]+|\\.)*+"|[{}]', re.DOTALL)
_BRACKETS = re.compile(r'"(?:[^"\\]+|\\.)*+"|[\[\]]', re.DOTALL)
_JUNK = re.compile(r"[^,\[\]{}\n]+")
#: Where, in a text whose quotes or braces are broken, the next object may begin.
_NEXT = re.compile(r"[,\n}\]]\s*(?=\{)")
#: Characters that are read in search of it: every object there may hold all that follow.
_MOST_WORK = 8 * LARGEST
#: The fault may be found a little behind the place where it is.
_BEFORE = 64
#: Characters that were read and are let go at the next fault, as every fault counts their lines.
_BEHIND = 1 << 14
_UNCLOSED = f"{TOO_LARGE}, or never closed"
_NO_END = "the array has no end: the file may be cut off"


def elements(blocks: Iterable[bytes], *, wrapped_from: int | None = None) -> Iterator[Item]:
    """The elements of an array, or the values that stand one after another, in order.

    A bad element costs itself: reading goes on where its braces close or, where they never do, at
    the next object that is an interaction.

    Args:
        blocks: UTF-8.
        wrapped_from: where the array begins that is inside an object; what follows is not read.
    """
    window = _Window(blocks, skip=wrapped_from or 0)
    inside = False
    number = 0
    while window.next():
        char = window.char
        if char == "[" and not inside:
            inside = True
            window.at += 1
        elif char == "]" and inside:
            inside = False
            window.at += 1
            if wrapped_from is not None:
                return
        else:
            number += 1
            yield window.take(number)
    if inside:
        yield Item(number, "", Remark(_NO_END))


class _Window:
    """The part of a feed that is looked at: what was read already is let go."""

    def __init__(self, blocks: Iterable[bytes], skip: int) -> None:
        self._blocks = iter(blocks)
        self._decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
        self._text, self._ended, self._sound = "", False, True
        self.at = 0
        self._read()
        self.at = skip

    @property
    def char(self) -> str:
        return self._text[self.at]

    def next(self) -> bool:
        """Whether there is another value, or a bracket; goes there."""
        while True:
            self.at = _BETWEEN.match(self._text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self._text):
                return True
            if self._ended:
                return False
            self._read()

    def take(self, number: int) -> Item:
        """The value here; goes behind it."""
        try:
            value, end = self._value()
        except RecursionError:
            return self._skipped(number, TOO_DEEP, self.at)
        except ValueError as error:
            reason = fault(error, self.at)
            return self._skipped(number, reason, getattr(error, "pos", self.at))
        text = self._text[self.at : end]
        self.at = end
        if len(text) > LARGEST:
            return Item(number, text[:KEPT], Broken(TOO_LARGE))
        if not self._sound and not is_text(text):
            return Item(number, text, NOT_UTF8)
        return Item(number, text, value)

    def _value(self) -> tuple[Any, int]:
        """The value here and its end; of a number, only once what follows is known."""
        while True:
            try:
                value, end = decode(self._text, self.at)
            except ValueError:
                if self._enough():
                    raise
            else:
                if end < len(self._text) or self._ended:
                    return value, end
            self._read()

    def _enough(self) -> bool:
        """Whether more text would not make a value that is broken here whole."""
        return self._ended or len(self._text) - self.at > LARGEST

    def _read(self) -> None:
        """One more block behind what is still to be looked at."""
        block = next(self._blocks, None)
        self._ended = block is None
        more = self._decode(block or b"", self._ended)
        if self._sound:
            self._sound = is_text(more)
        self._text = self._text[self.at :] + more
        self.at = 0

    def _skipped(self, number: int, reason: str, fault_at: int) -> Item:
        """What stands here, which is broken; goes to where the next value may be."""
        if self.at > _BEHIND:
            self._text, fault_at, self.at = self._text[self.at :], fault_at - self.at, 0
        while not self._enough():
            before = self.at
            self._read()
            fault_at -= before
        end = self._closing() or self._next_interaction(max(fault_at - _BEFORE, self.at + 1))
        if end is not None:
            text = self._text[self.at : end]
            self.at = end
            return Item(number, text.rstrip(" \t\r\n,")[: LARGEST + 1], Broken(reason))
        return self._lost(number, reason if self._ended else _UNCLOSED)

    def _closing(self) -> int | None:
        """Where the brackets that open here are closed, by counting them; of junk, its end."""
        opening = self.char
        if opening not in "{[":
            junk = _JUNK.match(self._text, self.at, self.at + LARGEST)
            return junk.end() if junk else self.at + 1
        marks = _BRACES if opening == "{" else _BRACKETS
        depth = 0
        for mark in marks.finditer(self._text, self.at, self.at + LARGEST):
            found = mark[0]
            if found == opening:
                depth += 1
            elif len(found) == 1:
                depth -= 1
                if not depth:
                    return mark.end()
        return None

    def _next_interaction(self, start: int) -> int | None:
        """Where, from a place on, an object begins that is plainly an interaction."""
        work = 0
        for place in _NEXT.finditer(self._text, start):
            begin = place.end()
            try:
                value, end = decode(self._text, begin)
            except ValueError as error:
                # Saying where the error is takes a look at all lines before it.
                work += getattr(error, "pos", begin + 1) - begin + begin // 50
            except RecursionError:
                work += LARGEST // 100
            else:
                work += end - begin
                if isinstance(value, dict) and INTERACTION_SHAPE.fits(value):
                    return begin
            if work > _MOST_WORK:
                break
        return None

    def _lost(self, number: int, reason: str) -> Item:
        """The rest of the feed up to where an interaction begins again."""
        text = self._text[self.at : self.at + KEPT]
        size = 0
        end = None
        while end is None and not self._ended:
            # What may be the beginning of an object is kept for the next look.
            step = max(len(self._text) - self.at - LARGEST, 1)
            size, self.at = size + step, self.at + step
            self._read()
            end = self._next_interaction(self.at)
        end = len(self._text) if end is None else end
        size, self.at = size + end - self.at, end
        return Item(number, f"{text}… ({size:,} characters)", Broken(reason))
