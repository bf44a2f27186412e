"""Candidate pairs of a set of records, and a report of what each key cost and gave up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from blocking.features import Ints
from blocking.keys import ALWAYS, MEASURED, Attributes, Key, KeyMaker
from blocking.near import near_pairs, near_values
from blocking.pairs import (
    Entries,
    Grouped,
    Keep,
    absent_from,
    block_pairs,
    group,
    unique_sorted,
    unpack,
)

#: A measured key is used where it adds at most one new pair a record, or, in a small set, where
#: all its new pairs are at most this many: comparing them takes a fraction of a second …
CHEAP_PAIRS = 200_000
#: … and it is not even joined where its blocks hold more than so many times the pairs allowed.
HELD_FOR_ONE_NEW = 5

Truth = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What one key did.

    Attributes:
        key: its name.
        used: False where its counted cost was too high; then only blocks, held and largest say
            something.
        blocks: groups of two or more records that share a value.
        held: pairs inside these blocks before any splitting.
        largest: records of the largest block.
        pairs: unique pairs proposed.
        oversized: blocks above the cap, which were split by a finer key.
        given_up: pairs of these blocks that were not proposed.
        recall: share of the true pairs that this key alone proposes, where the truth is known.
    """

    key: str
    used: bool
    blocks: int
    held: int
    largest: int
    pairs: int = 0
    oversized: int = 0
    given_up: int = 0
    recall: float | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs worth comparing.

    Attributes:
        left: int64 record indices, sorted.
        right: int64 record indices, each larger than its left.
        keys: one report per key, in the order in which they ran.
        recall: share of the true pairs among the candidates, where the truth is known.
    """

    left: Ints
    right: Ints
    keys: tuple[KeyReport, ...]
    recall: float | None = None

    def __len__(self) -> int:
        return len(self.left)


def find_candidates(
    attributes: Attributes,
    order: Ints,
    *,
    keep: Keep | None = None,
    truth: Truth | None = None,
    progress: Callable[[str], None] | None = None,
) -> Candidates:
    """All pairs of records that share at least one blocking key.

    Args:
        attributes: normalised records.
        order: int64 per record, from content alone; breaks ties inside oversized blocks, so that
            the result does not depend on the order of the input.
        keep: mask of (left, right) index arrays; pairs that are False are never proposed. By
            default a person never meets an organisation.
        truth: int64 per record, equal where records are truly one person; adds recall to the
            report.
        progress: called with the name of each key before it runs.
    """
    maker = KeyMaker(attributes)
    search = _Search(maker, order, _same_kind(attributes, keep), truth, progress)
    search.always()
    search.measured()
    left, right = unpack(search.known)
    return Candidates(left, right, tuple(search.reports), search.recall(search.known))


class _Search:
    """One run over the keys: the pairs known so far, and what each key reported."""

    def __init__(
        self,
        maker: KeyMaker,
        order: Ints,
        keep: Keep | None,
        truth: Truth | None,
        progress: Callable[[str], None] | None,
    ) -> None:
        self._maker = maker
        self._order = order
        self._affordable = max(len(order), CHEAP_PAIRS)
        self._keep = keep
        self._truth = truth
        self._true_pairs = 0 if truth is None else _pairs_within(truth)
        self._announce = progress or (lambda _: None)
        self.known = np.zeros(0, np.int64)
        self.reports: list[KeyReport] = []

    def always(self) -> None:
        """Runs the keys that are cheap at any size."""
        found = [self.known]
        for key, entries in _always(self._maker):
            self._announce(key.name)
            grouped = group(entries, self._order)
            found.append(self._propose(key, grouped))
        self.known = unique_sorted(np.concatenate(found))

    def measured(self) -> None:
        """Runs the dearer keys, each only as far as its cost allows."""
        for key, entries in _measured(self._maker):
            self._announce(key.name)
            grouped = group(entries, self._order)
            if grouped.pair_count > HELD_FOR_ONE_NEW * self._affordable:
                self.reports.append(_skipped(key, grouped))
                continue
            self._admit(self._propose(key, grouped))
        for key, entries, texts in self._maker.near_entries():
            self._announce(key.name)
            near = near_values(entries, texts, self._affordable)
            used = near.held <= self._affordable
            packed = self._filtered(near_pairs(near)) if used else self.known[:0]
            self.reports.append(
                KeyReport(
                    key.name,
                    used,
                    len(near.left),
                    near.held,
                    2,
                    len(packed),
                    recall=self.recall(packed),
                )
            )
            self._admit(packed)

    def recall(self, packed: Ints) -> float | None:
        """Share of the true pairs in ``packed``, where the truth is known."""
        if self._truth is None or not self._true_pairs:
            return None
        left, right = unpack(packed)
        return float((self._truth[left] == self._truth[right]).sum() / self._true_pairs)

    def _propose(self, key: Key, grouped: Grouped) -> Ints:
        made = block_pairs(grouped, self._maker.finer(key), self._order, self._keep)
        self.reports.append(
            KeyReport(
                key=key.name,
                used=True,
                blocks=len(grouped.sizes),
                held=grouped.pair_count,
                largest=int(grouped.sizes.max(initial=0)),
                pairs=len(made.packed),
                oversized=made.oversized,
                given_up=made.given_up,
                recall=self.recall(made.packed),
            )
        )
        return made.packed

    def _admit(self, packed: Ints) -> None:
        """Takes new pairs in where they are few enough; the last report says if not."""
        fresh = absent_from(packed, self.known)
        if len(fresh) > self._affordable:
            self.reports[-1] = replace(self.reports[-1], used=False)
        elif len(fresh):
            self.known = unique_sorted(np.concatenate([self.known, fresh]))

    def _filtered(self, packed: Ints) -> Ints:
        return packed if self._keep is None else packed[self._keep(*unpack(packed))]


def _skipped(key: Key, grouped: Grouped) -> KeyReport:
    return KeyReport(
        key.name,
        used=False,
        blocks=len(grouped.sizes),
        held=grouped.pair_count,
        largest=int(grouped.sizes.max(initial=0)),
    )


def _pairs_within(truth: Truth) -> int:
    sizes = np.unique(truth, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def _always(maker: KeyMaker) -> Iterator[tuple[Key, Entries]]:
    yield from maker.identifier_keys()
    yield from _present(maker, ALWAYS)


def _measured(maker: KeyMaker) -> Iterator[tuple[Key, Entries]]:
    yield from maker.extra_keys()
    yield from _present(maker, MEASURED)


def _present(maker: KeyMaker, keys: tuple[Key, ...]) -> Iterator[tuple[Key, Entries]]:
    for key in keys:
        entries = maker.entries(key)
        if entries is not None and len(entries.rows):
            yield key, entries


def _same_kind(attributes: Attributes, keep: Keep | None) -> Keep | None:
    organisation = attributes.organisation
    if not organisation.any():
        return keep

    def mask(left: Ints, right: Ints) -> npt.NDArray[np.bool_]:
        same: npt.NDArray[np.bool_] = organisation[left] == organisation[right]
        return same if keep is None else same & keep(left, right)

    return mask
