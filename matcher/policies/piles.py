"""Tags, ids and fields that pile up on one person, without a copy of all for each that is added.

Vendors set no limit to tags, and a mailbox that a whole file shares gathers thousands of ids. Few
values are a tuple, as everything else of a person; many are a ``Pile``, of which a further version
costs what changes, however much is held.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Text = TypeVar("_Text")

#: So many are a tuple: most people have two or three, and a pile would need more memory for them.
FEW = 32

_ABSENT: Any = object()


class Pile(Mapping[_Key, _Value], Generic[_Key, _Value]):
    """A mapping that is never changed: ``changed`` makes the next version.

    The newest version has the dictionary. It took that over from the one before, which keeps only
    what to undo, and makes a dictionary of its own should anybody still ask. Keys are in the order
    in which they came; in such an older version those removed since stand last.
    """

    __slots__ = ("_held", "_next", "_size", "_undo")

    def __init__(self, held: dict[_Key, _Value]) -> None:
        self._held: dict[_Key, _Value] | None = held
        self._size = len(held)
        self._next: Pile[_Key, _Value] | None = None
        self._undo: dict[_Key, _Value] = {}

    def __getitem__(self, key: _Key) -> _Value:
        return self._own()[key]

    def __contains__(self, key: object) -> bool:
        return key in self._own()

    def __iter__(self) -> Iterator[_Key]:
        return iter(self._own())

    def __len__(self) -> int:
        return self._size

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pile):
            return NotImplemented
        if self is other or len(self) != len(other):
            return self is other
        for one, later in ((self, other), (other, self)):
            undo = one.until(later)
            if undo is not None:
                return all(later.get(key, _ABSENT) == value for key, value in undo.items())
        return self._own() == other._own()

    __hash__ = None  # type: ignore[assignment]  # as of any mapping

    def changed(self, came: Mapping[_Key, _Value], gone: Iterable[_Key] = ()) -> Pile[_Key, _Value]:
        """The next version: with these taken out, then those put in or replaced."""
        held = self._own()
        undo = {key: held.pop(key) for key in gone if key in held}
        for key, value in came.items():
            undo.setdefault(key, held.get(key, _ABSENT))
            held[key] = value
        self._held, self._undo, self._next = None, undo, Pile(held)
        return self._next

    def until(self, later: Pile[_Key, _Value]) -> dict[_Key, _Value] | None:
        """The values that keys had here which were put in, replaced or removed until ``later``.

        Keys that were absent here have a value that no other key has. ``None`` where that one does
        not come from this.
        """
        undo: dict[_Key, _Value] = {}
        for version in self._versions():
            if version is later:
                return undo
            undo = {**version._undo, **undo}
        return None

    def _own(self) -> dict[_Key, _Value]:
        """The dictionary; made, where a later version took it over."""
        if self._held is None:
            *passed, newest = self._versions()
            assert newest._held is not None
            self._held = dict(newest._held)
            for version in reversed(passed):
                for key, value in version._undo.items():
                    if value is _ABSENT:
                        self._held.pop(key, None)
                    else:
                        self._held[key] = value
            self._next, self._undo = None, {}
        return self._held

    def _versions(self) -> Iterator[Pile[_Key, _Value]]:
        """This version and those made from it."""
        version: Pile[_Key, _Value] | None = self
        while version is not None:
            yield version
            version = version._next


#: Distinct values in the order in which they came.
Values = tuple[_Text, ...] | Pile[_Text, None]


def gathered(
    held: Values[_Text], came: Iterable[_Text], gone: Collection[_Text] = ()
) -> Values[_Text]:
    """All values, each once, without those that are to go; ``held`` itself if nothing changes.

    Args:
        held: so far.
        came: those to add.
        gone: those to remove, also of what comes; a set, if they may be many.
    """
    added = {v: None for v in came if v not in held and v not in gone}
    lost = [value for value in gone if value in held] if held else []
    if not (added or lost):
        return held
    if isinstance(held, Pile):
        return held.changed(added, lost)
    kept = (*(value for value in held if value not in gone), *added)
    return kept if len(kept) <= FEW else Pile(dict.fromkeys(kept))


def overlaid(held: Mapping[_Key, _Value], came: Mapping[_Key, _Value]) -> Mapping[_Key, _Value]:
    """A mapping with further keys or other values; ``held`` itself if nothing changes."""
    new = {key: v for key, v in came.items() if held.get(key, _ABSENT) != v}
    if not new:
        return held
    if isinstance(held, Pile):
        return held.changed(new)
    both = {**held, **new}
    return both if len(both) <= FEW else Pile(both)


def difference(
    before: Collection[_Text], after: Collection[_Text]
) -> tuple[list[_Text], list[_Text]]:
    """The values that went, and those that came."""
    if isinstance(before, Pile) and isinstance(after, Pile):
        undo = before.until(after)
        if undo is not None:
            gone = [v for v, was in undo.items() if was is not _ABSENT and v not in after]
            return gone, [v for v, was in undo.items() if was is _ABSENT and v in after]
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    return [v for v in old if v not in new], [v for v in new if v not in old]


def gone_and_come(
    before: Collection[_Text], after: Collection[_Text]
) -> tuple[str | None, str | None]:
    """The values that went, and those that came, as texts for an event."""
    gone, came = difference(before, after)
    return "; ".join(map(str, gone)) or None, "; ".join(map(str, came)) or None


def rewritten(
    before: Mapping[_Key, _Value], after: Mapping[_Key, _Value]
) -> list[tuple[_Key, _Value | None, _Value]]:
    """The keys whose value is another one now: key, value before, value after."""
    undo = None
    if isinstance(before, Pile) and isinstance(after, Pile):
        undo = before.until(after)
    keys: Iterable[_Key] = after if undo is None else (key for key in undo if key in after)
    was = before if undo is None else undo
    found = ((key, was.get(key), after[key]) for key in keys)
    return [(key, None if old is _ABSENT else old, new) for key, old, new in found if old != new]
