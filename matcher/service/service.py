"""What every request works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from starlette.requests import Request

from matcher.service.access import Access
from matcher.service.idempotency import Idempotency
from matcher.service.jobs import Jobs
from matcher.service.journal import Journal
from matcher.service.keys import KeyRing
from matcher.service.metrics import Metrics
from matcher.service.rates import Rates
from matcher.service.reader import Reader
from matcher.service.settings import Settings
from matcher.service.vendors.calling import Lists
from matcher.service.writer import Writer
from matcher.store import Store

#: When somebody was erased for the last time, be it by another program.
_LAST_FORGOTTEN = "SELECT epoch(max(done_at)) FROM run WHERE kind = 'forget' HAVING count(*) > 0"


@dataclass(frozen=True)
class Service:
    """A store and what stands around it.

    Attributes:
        store: that is asked and changed; by ``reader`` and ``writer`` alone.
        settings: the limits.
        access: who may do what.
        blind: requests to routes that take no key, by address.
        writer: changes the store.
        reader: asks it.
        idempotency: answers by idempotency key.
        jobs: files that are being taken in.
        lists: the vendors' own, which their routes call.
        journal: what must outlast the service.
        metrics: counts.
    """

    store: Store
    settings: Settings
    access: Access
    blind: Rates
    writer: Writer
    reader: Reader
    idempotency: Idempotency
    jobs: Jobs
    lists: Lists
    journal: Journal
    metrics: Metrics

    @classmethod
    def over(cls, store: Store, settings: Settings) -> Service:
        """A service over an open store.

        Raises:
            UnreadableFile: the file of keys cannot be read.
            StoreError: the service's own file cannot be had.
        """
        metrics = Metrics()
        ring = None if settings.keys is None else KeyRing(Path(settings.keys))
        journal = Journal(store.path)
        writer = Writer(store, settings, metrics.group)
        reader = Reader(store, settings, metrics.group)
        jobs = Jobs(writer, journal, settings)
        service = cls(
            store=store,
            settings=settings,
            access=Access(ring, Rates(settings.rate, settings.burst)),
            blind=Rates(settings.blind_rate, settings.blind_burst),
            writer=writer,
            reader=reader,
            idempotency=Idempotency(journal, settings.idempotency_hours, settings.most_idempotency),
            jobs=jobs,
            lists=Lists(writer, reader, jobs),
            journal=journal,
            metrics=metrics,
        )
        metrics.gauge("matcher_waiting", "Requests that wait, by whom for.", service._waiting)
        return service

    def take_up(self) -> None:
        """Does what was accepted before the service ended, and forgets what nobody may be told."""
        for (forgotten_at,) in self.store.query(_LAST_FORGOTTEN):
            self.hide_before(forgotten_at)
        self.lists.take_up(self.jobs.take_up())

    def hide_before(self, at: float) -> None:
        """Somebody was erased at a time: what was said before that is told nobody any more."""
        self.idempotency.hide_before(at)
        self.jobs.rejects.hide_before(at)

    def close(self) -> None:
        """Ends what is under way; what was acknowledged is on disk."""
        self.jobs.close()
        self.reader.close()
        self.writer.close()
        self.journal.close()

    def _waiting(self) -> dict[str, float]:
        return {
            "writer": self.writer.waiting,
            "reader": self.reader.waiting,
            "jobs": self.jobs.waiting,
        }


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    return cast(Service, request.app.state.service)
