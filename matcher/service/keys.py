"""API keys: made once, shown once, kept as a hash, taken back by name.

A key is ``mk_<id>_<secret>``, where the secret is 32 random bytes. Its SHA-256 is what the file
holds: a slow hash guards words that people choose, of which there are few enough to try; here there
are 2**256, and each request is spared a tenth of a second. The file is the owner's alone (0600),
and written whole beside the old one, which it then replaces.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from matcher.errors import OptionError, OutputError, UnreadableFile
from matcher.policies.registry import POLICIES

READ, WRITE, REVIEW, ADMIN = "read", "write", "review", "admin"
#: What a key may be allowed; ``list:<policy>`` is that vendor's list, by its own routes.
SCOPES: tuple[str, ...] = (READ, WRITE, REVIEW, ADMIN, *(f"list:{name}" for name in POLICIES))

_SHAPE = re.compile(r"mk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}")
_FORMAT = "campaign-matcher keys"
_VERSION = 1
#: Compared with where there is no such key, so that this takes as long.
_NO_HASH = "0" * 64


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key; not the key itself.

    Attributes:
        id: names it, in logs too.
        name: whose or what for; it stands in the history as who did something.
        scopes: what it is allowed.
        hash: SHA-256 of the key, hexadecimal.
        created_at: ISO 8601, UTC.
        revoked_at: the same, once it was taken back.
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    hash: str
    created_at: str
    revoked_at: str | None = None

    def may(self, scope: str) -> bool:
        """Whether it is allowed something; an admin key is allowed everything."""
        return scope in self.scopes or ADMIN in self.scopes


def add_key(path: Path, name: str, scopes: Iterable[str]) -> tuple[Key, str]:
    """Makes a key, in a file that is made where there is none.

    Returns:
        what is known of it, and the key, which nobody can show again.

    Raises:
        OptionError: a scope is unknown or none is given, or the name is empty.
        UnreadableFile: the file is none of keys.
        OutputError: it cannot be written.
    """
    wanted = tuple(sorted(set(scopes)))
    unknown = [scope for scope in wanted if scope not in SCOPES]
    if unknown or not wanted:
        given = f"{unknown[0]!r} is no scope" if unknown else "A key needs a scope"
        raise OptionError(f"{given}; the scopes are {', '.join(SCOPES)}.")
    if not name.strip():
        raise OptionError("A key needs a name, which stands in the history for who did it.")
    held = read_keys(path) if path.exists() else []
    number = secrets.token_hex(6)
    token = f"mk_{number}_{secrets.token_urlsafe(32)}"
    key = Key(number, name.strip(), wanted, hashed(token), _now())
    write_keys(path, [*held, key])
    return key, token


def revoke_key(path: Path, number: str) -> Key:
    """Takes a key back; a service that is running sees it within a second.

    Raises:
        OptionError: there is no such key.
        UnreadableFile: the file cannot be read or is none of keys.
        OutputError: it cannot be written.
    """
    held = read_keys(path)
    place = next((place for place, key in enumerate(held) if key.id == number), None)
    if place is None:
        raise OptionError(f"{path}: there is no key {number!r}; matcher keys list shows them.")
    if held[place].revoked_at is None:
        held[place] = replace(held[place], revoked_at=_now())
        write_keys(path, held)
    return held[place]


def read_keys(path: Path) -> list[Key]:
    """The keys of a file.

    Raises:
        UnreadableFile: it cannot be read, or is none of keys.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if (content["format"], content["version"]) != (_FORMAT, _VERSION):
            raise ValueError
        return [Key(**{**key, "scopes": tuple(key["scopes"])}) for key in content["keys"]]
    except FileNotFoundError:
        raise UnreadableFile(f"{path}: there is no such file; matcher keys add makes it.") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: cannot be read ({error.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise UnreadableFile(f"{path}: is not a file of keys of this version.") from None


def write_keys(path: Path, keys: Sequence[Key]) -> None:
    """Writes a file of keys, whole or not at all, for its owner alone.

    Raises:
        OutputError: it cannot be written.
    """
    content = {"format": _FORMAT, "version": _VERSION, "keys": [asdict(key) for key in keys]}
    beside: str | None = None
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # is 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except OSError as error:
        if beside is not None:
            with suppress(OSError):
                Path(beside).unlink(missing_ok=True)
        raise OutputError(f"{path}: cannot be written ({error.strerror}).") from None


def hashed(token: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class KeyRing:
    """The keys of a file, as it stands now.

    Args:
        path: of the file.

    Raises:
        UnreadableFile: it cannot be read, or is none of keys.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._stamp = self._stamped()
        self._keys = {key.id: key for key in read_keys(path)}

    def find(self, token: str) -> Key | None:
        """The key that somebody shows, unless it is unknown or was taken back."""
        shape = _SHAPE.fullmatch(token)
        key = self._keys.get(shape[1]) if shape else None
        is_it = hmac.compare_digest(hashed(token), key.hash if key else _NO_HASH)
        return key if is_it and key is not None and key.revoked_at is None else None

    def refresh(self) -> None:
        """Reads the file again where it has changed; where it is gone or damaged, no key holds."""
        with self._lock:
            stamp = self._stamped()
            if stamp == self._stamp:
                return
            self._stamp = stamp
            try:
                self._keys = {key.id: key for key in read_keys(self._path)}
            except UnreadableFile:
                self._keys = {}

    def _stamped(self) -> tuple[int, int, int] | None:
        try:
            seen = self._path.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_ino, seen.st_size


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
