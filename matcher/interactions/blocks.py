"""The bytes of a feed, block by block: from a file or standard input, gzip or plain."""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

from matcher.errors import UnreadableFile

#: Bytes that are read at a time.
BLOCK = 1 << 20
#: Bytes of the first block that tell what a feed is.
HEAD = 1 << 16

_GZIP = b"\x1f\x8b"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF8 = codecs.BOM_UTF8


@contextmanager
def opened(path: Path | None, name: str) -> Iterator[Iterator[bytes]]:
    """The blocks of a file, or of standard input where there is no path; UTF-8, without a mark.

    What is compressed is unpacked on the way, and UTF-16 rewritten as UTF-8. No block is empty.

    Raises:
        UnreadableFile: it is missing, a directory, or may not be read; or, on the way, damaged.
    """
    with ExitStack() as stack:
        try:
            stream = _plain(path, stack)
        except OSError as error:
            raise UnreadableFile(f"{name}: cannot be read ({error.strerror}).") from None
        yield _blocks(stream, name)


def _plain(path: Path | None, stack: ExitStack) -> IO[bytes]:
    stream = cast("io.BufferedReader", sys.stdin.buffer if path is None else path.open("rb"))
    if path is not None:
        stack.enter_context(stream)
    if stream.peek(2)[:2] == _GZIP:
        return cast("IO[bytes]", stack.enter_context(gzip.GzipFile(fileobj=stream)))
    return stream


def _blocks(stream: IO[bytes], name: str) -> Iterator[bytes]:
    try:
        block = stream.read(BLOCK)
        if block.startswith(_UTF16):
            yield from _from_utf16(block, stream)
            return
        block = block.removeprefix(_UTF8)
        while block:
            yield block
            block = stream.read(BLOCK)
    except (EOFError, OSError, zlib.error):
        raise UnreadableFile(
            f"{name}: the gzip data is cut off or damaged; copy it again."
        ) from None


def _from_utf16(block: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    while block:
        text = decoder.decode(block)
        if text:
            yield text.encode("utf-8", "replace")
        block = stream.read(BLOCK)
    rest = decoder.decode(b"", final=True)
    if rest:
        yield rest.encode("utf-8", "replace")
