"""Calls on vendors' lists: those that wait are carried out together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import groupby

from matcher.policies.registry import POLICIES
from matcher.service.jobs import Job, Jobs
from matcher.service.logs import tell_error
from matcher.service.worker import Kind
from matcher.service.writer import Writer
from matcher.store.lists.calls import Answer, Call

#: Calls that are carried out in one transaction.
_MOST = 64


@dataclass(frozen=True, slots=True)
class Sent:
    """A call, and who sends it."""

    call: Call
    by: str | None


class Lists:
    """The vendors' lists of a store.

    Args:
        writer: changes them.
        jobs: knows of what is done in the background.
    """

    def __init__(self, writer: Writer, jobs: Jobs) -> None:
        self._writer = writer
        self._jobs = jobs
        self._kinds = {policy: self._kind(policy) for policy in POLICIES}

    async def call(self, policy: str, call: Call, by: str | None) -> Answer:
        """Carries out a call; it is on disk when it is answered.

        Raises:
            Problem: too many requests wait.
            MatcherError: as ``Store.call``.
        """
        return await self._writer.together(self._kinds[policy], Sent(call, by))

    def begin(self, policy: str, call: Call, by: str | None) -> Job:
        """Has a call carried out in the background.

        Raises:
            Problem: too many requests wait.
        """
        future = self._writer.begin(self._kinds[policy], Sent(call, by))
        job = self._jobs.note(policy, by)
        future.add_done_callback(lambda done: _finish(job, done))
        return job

    def _kind(self, policy: str) -> Kind[Sent, Answer]:
        return Kind(f"list:{policy}", lambda sent: self._answers(policy, sent), most=_MOST)

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


def _finish(job: Job, done: Future[Answer]) -> None:
    error = done.exception()
    if error is not None:
        tell_error(error, job=job.id)
        job.state, job.error = "failed", "Something went wrong here; the log says where."
        return
    answer = done.result()
    job.state = "done" if answer.refusal is None else "failed"
    job.error = None if answer.refusal is None else f"It {answer.refusal.reason}."
    job.counts = {str(answer.outcome): 1}
