"""The steps by which a person came to be: which records joined which, and on what grounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from blocking.pairs import pack
from matcher.clustering import WHOLE_COMPONENT, PairEvidence, pair_values
from matcher.errors import UnknownInStore
from matcher.explain import Reason, pair_reasons
from matcher.records import Records
from matcher.store.decided import Decided
from matcher.store.explaining import SharedKeys, live_rows, normalised
from matcher.store.frames import frame
from matcher.store.ids import person_id
from matcher.store.judging import Judge, Known, judged
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person
from matcher.store.session import Session
from matcher.store.steps import Join, joins_by_average, joins_by_strength

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

AVERAGE = "average linkage"
STRENGTH = "strongest pairs"

_SAID = {
    AVERAGE: "each time the two groups whose records agree best on average",
    STRENGTH: (
        "shown along its strongest pairs, since not every step can be had of so large a group"
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Two groups of records that became one.

    Attributes:
        left: record ids of one group.
        right: record ids of the other.
        average: log2 odds that their pairs count on average, in bits, with the floors of
            clustering; of the strongest pair alone where the method is ``strongest pairs``;
            ``None`` where a decision joined them.
        record_id_left, record_id_right: the strongest pair across, or the one decided on.
        weight: of that pair, in bits.
        probability: that the pair is one person, by evidence.
        keys: blocking keys that the pair shares.
        reasons: its comparisons.
        decided: whether somebody called the pair the same.
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    average: float | None
    record_id_left: str
    record_id_right: str
    weight: float
    probability: float
    keys: tuple[str, ...]
    reasons: tuple[Reason, ...]
    decided: bool

    def __str__(self) -> str:
        by = "decided the same" if self.average is None else f"{self.average:+.1f} bits on average"
        levels = [
            f"{reason.comparison} {reason.level} {reason.weight:+.1f}"
            for reason in self.reasons
            if reason.weight
        ]
        return "\n".join(
            [
                f"{_listed(self.left)} and {_listed(self.right)}: {by}",
                f"   {self.record_id_left} and {self.record_id_right}: {self.weight:+.1f} bits,"
                f" {self.probability:.1%}{', decided the same' if self.decided else ''}",
                f"   {', '.join(levels) or 'no evidence'}",
                f"   keys: {', '.join(self.keys) or 'none'}",
            ]
        )


@dataclass(frozen=True, slots=True)
class How:
    """How a person came to be. Prints as a list of steps.

    Attributes:
        person_id: of the person; of the survivor where the one asked for has merged.
        method: ``average linkage`` where these are the very steps of clustering, ``strongest
            pairs`` where they only show what holds the records together.
        record_ids: its records.
        steps: the first one first.
    """

    person_id: str
    method: str
    record_ids: tuple[str, ...]
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        if not self.steps:
            return f"{self.person_id} is the record {self.record_ids[0]} alone."
        head = f"{self.person_id}, {len(self.record_ids)} records: {_SAID[self.method]}"
        return "\n".join([head, *(f"{n}. {step}" for n, step in enumerate(self.steps, 1))])

    def to_frame(self) -> pd.DataFrame:
        """One row per step: its attributes, and the levels as ``comparison: level`` texts."""
        columns = [name for name in Step.__slots__ if name != "reasons"]
        rows = [
            {name: getattr(step, name) for name in columns}
            | {"levels": [f"{r.comparison}: {r.level}" for r in step.reasons if r.weight]}
            for step in self.steps
        ]
        return frame(pa.Table.from_pylist(rows))


def how(session: Session, asked: str) -> How:
    """The steps by which a person came to be; see ``matcher.store.Store.how``."""
    with session.reading() as ledger:
        person = current_person(ledger, asked)
        held = live_rows(ledger, [record for (record,) in ledger.rows(_MEMBERS, [person])])
        if not held.num_rows:
            raise UnknownInStore(f"the person {person_id(person)} has no record any more.")
        decided = _decided(ledger, held["record"].to_pylist())
        near = [record for (record,) in ledger.rows(_COMPONENT, [person])]
        whole = len(near) <= WHOLE_COMPONENT
        disputed = whole and len(decided.same) > 0 and _is_disputed(session, ledger, near, held)
    records = normalised(session, held)
    judge = Judge(np.arange(records.count), session.model.scale(records), decided)
    joins = _joins(judge, _content_order(records, held), disputed) if whole else None
    method = STRENGTH if joins is None else AVERAGE
    if joins is None:
        joins = _strongest(judge)
    told = _Teller(judge, records, held["record_id"].to_pylist())
    steps = tuple(told.step(join) for join in joins)
    return How(person_id(person), method, tuple(told.record_ids), steps)


_MEMBERS = "SELECT record FROM current_membership WHERE person = ?"

_COMPONENT = """
WITH hanging AS (
    SELECT record, arg_max(component, run) AS component FROM component GROUP BY record
)
SELECT record FROM hanging SEMI JOIN current_membership USING (record)
WHERE component IN (
    SELECT component FROM hanging JOIN current_membership USING (record) WHERE person = ?
)
ORDER BY record"""


def _is_disputed(
    session: Session, ledger: Ledger, component: Sequence[int], person: pa.Table
) -> bool:
    """Whether decisions had to join the records of a person before evidence did."""
    held = live_rows(ledger, component)
    decided = _decided(ledger, held["record"].to_pylist())
    if not len(decided.different):
        return False
    records = normalised(session, held)
    judge = Judge(np.arange(records.count), session.model.scale(records), decided)
    left, right = np.triu_indices(records.count, 1)
    known = Known(left, right, judge.scale.weigh_pairs(left, right))
    ranks = np.argsort(_content_order(records, held))
    found = judged(judge, known, ranks, threshold=0.0)
    mine = np.isin(held["record"].to_numpy(), person["record"].to_numpy())
    return bool(found.disputed[mine].any())


_DECIDED = """
SELECT left_record, right_record, verdict FROM current_decision
WHERE left_record IN (SELECT unnest(?::BIGINT[])) AND right_record IN (SELECT unnest(?::BIGINT[]))
ORDER BY ALL"""


def _decided(ledger: Ledger, records: Sequence[int]) -> Decided:
    """The decisions in force among some records, by their places."""
    place = {record: place for place, record in enumerate(records)}
    by_verdict: dict[str, list[tuple[int, int]]] = {"same": [], "different": [], "unsure": []}
    for left, right, verdict in ledger.rows(_DECIDED, [list(records), list(records)]):
        one, other = sorted((place[left], place[right]))
        by_verdict[verdict].append((one, other))
    return Decided(*(_packed(by_verdict[verdict]) for verdict in ("same", "different")))


def _packed(pairs: Sequence[tuple[int, int]]) -> Ints:
    sides = np.array(pairs, np.int64).reshape(-1, 2)
    return np.sort(pack(sides[:, 0], sides[:, 1]))


def _content_order(records: Records, held: pa.Table) -> Ints:
    """The places of records in the order that breaks ties in clustering."""
    from matcher.content import content_hashes

    names = held["name"].to_numpy().view(np.uint64)
    return np.lexsort((names, content_hashes(records)))


def _joins(judge: Judge, order: Ints, disputed: bool) -> list[Join] | None:
    """The steps, by places, as clustering took them; ``None`` where they do not make the person."""
    pairs = np.triu_indices(len(order), 1)
    weighed = judge.by_decisions(*pairs) if disputed else judge.by_evidence(*pairs)
    joins = _in_places(joins_by_average(_matrix(weighed, order)), order)
    if not disputed:
        joins += list(_joined_by_decisions(judge, joins))
    return joins if len(joins) + 1 == len(order) else None


def _strongest(judge: Judge) -> list[Join]:
    """The strongest pairs that hold the records together, by places."""
    count = len(judge.slots)
    weighed = judge.by_decisions(*np.triu_indices(count, 1))
    return joins_by_strength(_matrix(weighed, np.arange(count)))


def _matrix(evidence: PairEvidence, order: Ints) -> Floats:
    """What pairs count in an average, rows and columns in content order."""
    values = np.zeros((len(order), len(order)))
    values[np.triu_indices(len(order), 1)] = pair_values(evidence)
    found: Floats = (values + values.T)[np.ix_(order, order)]
    return found


def _in_places(joins: Sequence[Join], order: Ints) -> list[Join]:
    """The steps with the numbers of the records instead of their rank in content order."""
    return [
        Join(
            tuple(sorted(order[list(left)].tolist())),
            tuple(sorted(order[list(right)].tolist())),
            average,
        )
        for left, right, average in joins
    ]


def _joined_by_decisions(judge: Judge, before: Sequence[Join]) -> Iterator[Join]:
    """Whole groups that become one because two of their records were called the same."""
    group: dict[int, tuple[int, ...]] = {place: (place,) for place in judge.slots.tolist()}
    for left, right, _ in before:
        group.update(dict.fromkeys(left + right, tuple(sorted(left + right))))
    for packed in judge.decided.same.tolist():
        mine, others = group[packed >> 32], group[packed & (2**32 - 1)]
        if mine != others:
            yield Join(mine, others, np.nan)
            group.update(dict.fromkeys(mine + others, tuple(sorted(mine + others))))


class _Teller:
    """Tells steps with their grounds."""

    def __init__(self, judge: Judge, records: Records, record_ids: list[str]) -> None:
        self._judge = judge
        self._records = records
        self._keys = SharedKeys(records)
        self.record_ids = record_ids

    def step(self, join: Join) -> Step:
        """A step, with the strongest pair across its two groups."""
        one, other = self._strongest(join)
        left, right = np.array([one]), np.array([other])
        scale = self._judge.scale
        weighed = scale.weigh(scale.comparer.compare(left, right))
        decided = self._judge.decided.is_same(self._judge.packed(left, right))[0]
        return Step(
            tuple(self.record_ids[place] for place in join.left),
            tuple(self.record_ids[place] for place in join.right),
            None if np.isnan(join.average) else join.average,
            self.record_ids[one],
            self.record_ids[other],
            float(weighed.weight[0]),
            float(weighed.probability[0]),
            self._keys.of(one, other),
            pair_reasons(scale, self._records, left, right),
            bool(decided),
        )

    def _strongest(self, join: Join) -> tuple[int, int]:
        """The pair of most weight across two groups; one that was decided on before others."""
        sides = np.meshgrid(join.left, join.right)
        left, right = (np.minimum(*sides).ravel(), np.maximum(*sides).ravel())
        best = int(self._judge.by_decisions(left, right).log_odds.argmax())
        return int(left[best]), int(right[best])


def _listed(record_ids: Sequence[str]) -> str:
    shown = ", ".join(record_ids[:_SHOWN])
    more = len(record_ids) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


#: So many records of a group are listed.
_SHOWN = 6
