"""Calls on vendors' lists: those that wait are carried out together.

What is done in the background is on disk before it is acknowledged, and whatever of it a service
did not come to is done when it starts again: an outreach is never recorded twice, and what is said
of a person may be said again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Any

from matcher.errors import StoreError
from matcher.policies.contacts import Request as Order
from matcher.policies.people import Lookups
from matcher.policies.registry import POLICIES
from matcher.service.jobs import Job, Jobs
from matcher.service.logs import tell_error
from matcher.service.problems import Problem
from matcher.service.reader import Reader
from matcher.service.worker import Kind
from matcher.service.writer import Writer
from matcher.store.lists.activities import Activity
from matcher.store.lists.calls import Answer, Call

#: Calls that are carried out in one transaction.
_MOST = 64


_FAILED = "Something went wrong here; the log says where."
_IS_RECORDED = "SELECT 1 FROM vendor_activity WHERE activity_id = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class Wished:
    """The id that somebody new is to have."""

    own_id: str

    def __call__(self, people: Lookups) -> str:
        """The id, whoever is there."""
        return self.own_id


@dataclass(frozen=True, slots=True)
class Sent:
    """A call, and who sends it."""

    call: Call
    by: str | None


class Lists:
    """The vendors' lists of a store.

    Args:
        writer: changes them.
        reader: asks them.
        jobs: knows of what is done in the background.
    """

    def __init__(self, writer: Writer, reader: Reader, jobs: Jobs) -> None:
        self._writer = writer
        self._reader = reader
        self._jobs = jobs
        self._kinds = {policy: self._kind("list", policy) for policy in POLICIES}
        self._lookups = {policy: self._kind("match", policy) for policy in POLICIES}

    async def call(self, policy: str, call: Call, by: str | None) -> Answer:
        """Carries out a call; it is on disk when it is answered.

        Raises:
            Problem: too many requests wait.
            MatcherError: as ``Store.call``.
        """
        return await self._writer.together(self._kinds[policy], Sent(call, by))

    async def match(self, policy: str, payload: Mapping[str, Any], by: str | None) -> Answer:
        """Whom a payload matches by the vendor's rules; it waits for no other call's turn.

        Raises:
            Problem: too many lookups wait.
            MatcherError: as ``Store.call``.
        """
        call = Call({**payload, "request": Order.MATCH.value})
        return await self._reader.together(self._lookups[policy], Sent(call, by))

    async def begin(self, policy: str, call: Call, by: str | None) -> Job:
        """Has a call carried out in the background; that it will be is on disk then.

        Raises:
            Problem: too many requests wait.
        """
        self._writer.check_room()
        job = await self._jobs.accept("writing", policy, by, _kept(call))
        try:
            future = self._writer.begin(self._kinds[policy], Sent(call, by))
        except Problem:
            job.state, job.error = "failed", "Too many requests waited."
            self._jobs.ended(job)
            raise
        future.add_done_callback(partial(self._finish, job))
        return job

    def take_up(self, calls: Iterable[tuple[Job, Mapping[str, Any]]]) -> None:
        """Carries out what was accepted before the service ended; nobody else writes meanwhile."""
        left = []
        for job, call in ((job, _call(still)) for job, still in calls):
            if self._is_recorded(call):
                self._settle(job, None)
            else:
                left.append((job, call))
        for policy, group in groupby(left, lambda one: str(one[0].source)):
            held = list(group)
            answers = self._answers(policy, [Sent(call, job.by) for job, call in held])
            for (job, _), answer in zip(held, answers, strict=True):
                self._settle(job, answer)

    def _is_recorded(self, call: Call) -> bool:
        if call.activity is None:
            return False
        return bool(self._writer.store.query(_IS_RECORDED, [call.activity.activity_id]))

    def _kind(self, what: str, policy: str) -> Kind[Sent, Answer]:
        return Kind(f"{what}:{policy}", lambda sent: self._answers(policy, sent), most=_MOST)

    def _answers(self, policy: str, sent: Sequence[Sent]) -> list[Answer | Exception]:
        """Carries out calls in as few runs as keep apart who sends, in their order."""
        found: list[Answer | Exception] = []
        for by, group in groupby(sent, lambda each: each.by):
            found += self._together(policy, [each.call for each in group], by)
        return found

    def _together(
        self, policy: str, calls: Sequence[Call], by: str | None
    ) -> Sequence[Answer | Exception]:
        """All calls in one run; where that fails, each in its own."""
        try:
            return self._writer.store.call(policy, calls, by=by)
        except Exception as error:
            if len(calls) == 1:
                return [error]
            return [found for call in calls for found in self._together(policy, [call], by)]

    def _finish(self, job: Job, done: Future[Answer]) -> None:
        error = done.exception()
        self._settle(job, done.result() if error is None else error)

    def _settle(self, job: Job, became: Answer | BaseException | None) -> None:
        """Says what became of a job; ``None`` where it was done before the service ended."""
        if isinstance(became, BaseException):
            tell_error(became, job=job.id)
            job.state, job.error = "failed", _FAILED
            if isinstance(became, StoreError):
                return  # it may be the disk: it is tried again when the service starts again
        else:
            refusal = None if became is None else became.refusal
            job.state = "done" if refusal is None else "failed"
            job.error = None if refusal is None else f"It {refusal.reason}."
            job.counts = {} if became is None else {str(became.outcome): 1}
        self._jobs.ended(job)


def _kept(call: Call) -> dict[str, Any]:
    """A call as JSON."""
    return {
        "payload": dict(call.payload),
        "wished": call.wish.own_id if isinstance(call.wish, Wished) else None,
        "activity": None if call.activity is None else asdict(call.activity),
        "is_blind": call.is_blind,
    }


def _call(kept: Mapping[str, Any]) -> Call:
    """A call from JSON."""
    wished, activity = kept["wished"], kept["activity"]
    return Call(
        kept["payload"],
        None if wished is None else Wished(wished),
        None if activity is None else Activity(**activity),
        kept["is_blind"],
    )
