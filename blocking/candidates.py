"""Candidate pairs of a set of records, and a report of what each key cost and gave up."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.features import Feature, Ints
from blocking.grouping import Bools, grouped_parts
from blocking.keys import ALWAYS, MEASURED, Attributes, Key, KeyMaker, MakeEntries
from blocking.near import near_pairs, near_values
from blocking.pair_set import PairSet
from blocking.pairs import BLOCK_CAP, Grouped, Keep, block_pairs, unique_sorted, unpack

#: A measured key is used where it adds at most so many new pairs a record (at a million records
#: those that add more find one true pair among seven hundred; of two sets, a record of the smaller
#: and its equal in the other count), …
NEW_PAIRS_A_RECORD = 0.5
#: … or, in a small set, where all its new pairs are at most this many: comparing them takes a
#: fraction of a second …
CHEAP_PAIRS = 200_000
#: … and it is not even joined where its blocks hold more than so many times the pairs allowed.
HELD_FOR_ONE_NEW = 5.0

#: Any key proposes at most so many pairs a record from blocks that are not split …
MOST_PAIRS_A_RECORD = 1.5
#: … or, in all but huge sets, so many in all: of ten million records every namesake of somebody
#: would be half of all pairs, and hardly ever the same person without a finer key that says so.
MOST_PAIRS = 5_000_000

Truth = npt.NDArray[np.int64]
Rows = npt.NDArray[np.int32]


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
        left: int32 record indices, sorted.
        right: int32 record indices, each larger than its left.
        keys: one report per key, in the order in which they ran.
        recall: share of the true pairs among the candidates, where the truth is known.
    """

    left: Rows
    right: Rows
    keys: tuple[KeyReport, ...]
    recall: float | None = None

    def __len__(self) -> int:
        return len(self.left)


def find_candidates(
    attributes: Attributes,
    order: Ints,
    *,
    right_side: Bools | None = None,
    truth: Truth | None = None,
    fixed: Sequence[Key] | None = None,
    threads: int = 2,
    progress: Callable[[str], None] | None = None,
) -> Candidates:
    """All pairs of records that share at least one blocking key.

    Args:
        attributes: normalised records.
        order: int64 per record, from content alone; breaks ties inside oversized blocks, so that
            the result does not depend on the order of the input.
        right_side: to pair two sets, True for the records of the second: only pairs across are
            proposed, and the report counts blocks with records of both. In any case a person
            never meets an organisation.
        truth: int64 per record, equal where records are truly one person; adds recall to the
            report.
        fixed: exactly these keys beside those of ids, whatever they cost; by default ``ALWAYS``,
            and of the others those that are worth their cost.
        threads: keys that are worked on at once; each takes memory of its own.
        progress: called with the name of each key before it runs.
    """
    maker = KeyMaker(attributes, right_side)
    affordable = max(int(NEW_PAIRS_A_RECORD * _paired(len(order), right_side)), CHEAP_PAIRS)
    keep = _same_kind(attributes, None if right_side is None else _across(right_side))
    setting = _Setting(order, keep, right_side, truth, affordable, threads)
    announce = progress or (lambda _: None)
    always = chain(maker.identifier_keys(), _present(maker, ALWAYS if fixed is None else fixed))
    known = PairSet(len(order), threads=threads)
    reports = _run_always(_jobs(maker, always, announce), setting, known)
    if fixed is None:
        measured = chain(_jobs(maker, _measured(maker), announce), _near_jobs(maker, announce))
        reports += _run_measured(measured, setting, known)
    recall = None if truth is None else setting.recall(known.all())
    return Candidates(*known.sides(), tuple(reports), recall)


@dataclass(frozen=True)
class _Setting:
    """What all keys of one search share.

    Attributes:
        order: content order of the records.
        keep: mask of the pairs that may be proposed.
        right_side: where two sets are paired, True for the records of the second.
        truth: true person of each record, where known.
        affordable: new pairs that a measured key may add.
        threads: keys that are worked on at once.
    """

    order: Ints
    keep: Keep | None
    right_side: Bools | None
    truth: Truth | None
    affordable: int
    threads: int

    def recall(self, packed: Ints) -> float | None:
        """Share of the true pairs in ``packed``, where the truth is known."""
        if self.truth is None or not self.true_pairs:
            return None
        left, right = unpack(packed)
        return float((self.truth[left] == self.truth[right]).sum() / self.true_pairs)

    @property
    def most(self) -> int:
        """Pairs that a key may propose from blocks that are not split."""
        return max(int(MOST_PAIRS_A_RECORD * len(self.order)), MOST_PAIRS)

    @cached_property
    def true_pairs(self) -> int:
        """All pairs of records that are truly one person."""
        return 0 if self.truth is None else _pairs_within(self.truth)


class _Proposal(NamedTuple):
    """What one key would add, and its report."""

    report: KeyReport
    packed: Ints


#: Makes the proposal of one key; none where no record has a value of it.
_Job = Callable[[_Setting, bool], _Proposal | None]


def _jobs(
    maker: KeyMaker, keys: Iterator[tuple[Key, MakeEntries]], announce: Callable[[str], None]
) -> Iterator[_Job]:
    """A job per key; features that keys share are made by the first job that needs them."""
    for key, make in keys:
        announce(key.name)
        yield partial(_propose, key, make, maker.finer(key))


def _near_jobs(maker: KeyMaker, announce: Callable[[str], None]) -> Iterator[_Job]:
    for key, make, texts in maker.near_entries():
        announce(key.name)
        yield partial(_propose_near, key, make, texts)


def _run_always(jobs: Iterable[_Job], setting: _Setting, known: PairSet) -> list[KeyReport]:
    """Adds all pairs of the keys that are cheap at any size."""
    reports = []
    for report, packed in _proposals(jobs, setting, measured=False):
        reports.append(report)
        known.add(packed)
    return reports


def _run_measured(jobs: Iterable[_Job], setting: _Setting, known: PairSet) -> list[KeyReport]:
    """Adds the pairs of each dearer key, in their order, where its new ones are few enough."""
    reports = []
    for report, packed in _proposals(jobs, setting, measured=True):
        fresh = known.absent(packed)
        used = report.used and len(fresh) <= setting.affordable
        reports.append(replace(report, used=used))
        if used:
            known.add(fresh)
    return reports


def _proposals(jobs: Iterable[_Job], setting: _Setting, *, measured: bool) -> Iterator[_Proposal]:
    """Proposals in the order of their keys; of many records one a thread is made or waits."""
    few = len(setting.order) <= _FEW_RECORDS
    ahead = setting.threads + few * _WAITING
    with ThreadPoolExecutor(setting.threads) as pool:
        waiting: deque[Future[_Proposal | None]] = deque()
        for job in chain(jobs, [None] * ahead):
            if job is not None:
                waiting.append(pool.submit(job, setting, measured))
            if waiting and (len(waiting) == ahead or job is None):
                made = waiting.popleft().result()
                if made is not None:
                    yield made


#: Of so many records, some proposals may wait beside those that are made, so that no thread does
#: while a key takes long.
_FEW_RECORDS, _WAITING = 1 << 21, 3


def _propose(
    key: Key,
    make: MakeEntries,
    finer: Sequence[Callable[[], Feature]],
    setting: _Setting,
    measured: bool,
) -> _Proposal | None:
    entries = make()
    if not len(entries.rows) and setting.right_side is None:  # else one side may have it alone
        return None
    parts = grouped_parts(entries, setting.right_side)
    del entries
    report = KeyReport(
        key=key.name,
        used=True,
        blocks=sum(len(part.sizes) for part in parts),
        held=sum(part.pair_count for part in parts),
        largest=max(int(part.sizes.max(initial=0)) for part in parts),
    )
    if measured and report.held > HELD_FOR_ONE_NEW * setting.affordable:
        return _Proposal(replace(report, used=False), np.zeros(0, np.int64))
    cap = _cap(parts, setting.most)
    splitting = [feature() for feature in finer]
    made = [block_pairs(part, splitting, setting.order, setting.keep, cap) for part in parts]
    packed = made[0].packed if len(made) == 1 else _joined([each.packed for each in made])
    report = replace(
        report,
        pairs=len(packed),
        oversized=sum(each.oversized for each in made),
        given_up=sum(each.given_up for each in made),
        recall=setting.recall(packed),
    )
    return _Proposal(report, packed)


def _cap(parts: Sequence[Grouped], most: int) -> int:
    """Records that a block may have, so that whole blocks hold no more pairs than wanted."""
    count = np.zeros(BLOCK_CAP + 1, np.int64)
    for part in parts:
        count += np.bincount(part.sizes[part.sizes <= BLOCK_CAP], minlength=BLOCK_CAP + 1)
    size = np.arange(BLOCK_CAP + 1)
    held = np.cumsum(count * (size * (size - 1) // 2))
    return max(int(np.searchsorted(held, most, "right")) - 1, _LEAST_CAP)


#: Blocks of so few records are never split.
_LEAST_CAP = 20


def _joined(found: list[Ints]) -> Ints:
    """All pairs, sorted and each once; the list is empty then, as memory has no room for both."""
    packed = np.concatenate(found)
    found.clear()
    return unique_sorted(packed)


def _propose_near(
    key: Key,
    make: MakeEntries,
    texts: Callable[[], pa.StringArray],
    setting: _Setting,
    measured: bool,
) -> _Proposal | None:
    entries = make()
    if not len(entries.rows):
        return None
    near = near_values(entries, texts(), setting.affordable, setting.right_side, setting.threads)
    used = not measured or near.held <= setting.affordable
    packed = near_pairs(near) if used else np.zeros(0, np.int64)
    if setting.keep is not None:
        packed = packed[setting.keep(*unpack(packed))]
    report = KeyReport(
        key=key.name,
        used=used,
        blocks=len(near.left),
        held=near.held,
        largest=2 if len(near.left) else 0,
        pairs=len(packed),
        recall=setting.recall(packed),
    )
    return _Proposal(report, packed)


def _pairs_within(truth: Truth) -> int:
    sizes = np.unique(truth, return_counts=True)[1]
    return int((sizes * (sizes - 1) // 2).sum())


def _measured(maker: KeyMaker) -> Iterator[tuple[Key, MakeEntries]]:
    yield from maker.extra_keys()
    yield from _present(maker, MEASURED)


def _present(maker: KeyMaker, keys: Sequence[Key]) -> Iterator[tuple[Key, MakeEntries]]:
    for key in keys:
        make = maker.entries(key)
        if make is not None:
            yield key, make


def _paired(count: int, right_side: Bools | None) -> int:
    """Records that could all have a partner."""
    if right_side is None:
        return count
    right = int(right_side.sum())
    return 2 * min(right, count - right)


def _across(right_side: Bools) -> Keep:
    return lambda left, right: right_side[left] != right_side[right]


def _same_kind(attributes: Attributes, keep: Keep | None) -> Keep | None:
    organisation = attributes.organisation
    if not organisation.any():
        return keep

    def mask(left: Ints, right: Ints) -> Bools:
        same: Bools = organisation[left] == organisation[right]
        return same if keep is None else same & keep(left, right)

    return mask
