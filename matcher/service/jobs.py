"""Files that are taken in beside other requests, part by part."""

from __future__ import annotations

import secrets
import shutil
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

from matcher.errors import MatcherError
from matcher.reading import read
from matcher.records import RawRecords
from matcher.service.logs import tell_error
from matcher.service.problems import Problem, busy
from matcher.service.settings import Settings
from matcher.service.writer import Writer
from matcher.store import Changes
from matcher.store.ids import run_id

#: Records that are written at a time; other writes get their turn after them.
_PART = 500
#: Seconds until a part is tried again where too many other writes wait.
_PAUSE = 0.2
#: Rejects of a job that are shown.
_SHOWN = 100
#: Jobs that are remembered.
_REMEMBERED = 200


@dataclass(slots=True)
class Job:
    """A file on its way into the store.

    Attributes:
        id: names it.
        state: ``waiting``, ``reading``, ``writing``, ``done`` or ``failed``.
        asked_at: ISO 8601, UTC.
        source: name for its records, where one was given.
        by: who sent it.
        rows: in the file, once it is read.
        rows_done: of them, those that are on disk.
        runs: ids of the runs in which they came.
        counts: of records and persons, by what became of them.
        rejects: rows and values that could not be used; the first of them.
        reject_count: how many there are.
        error: why it failed.
    """

    id: str
    state: str
    asked_at: str
    source: str | None
    by: str | None
    rows: int | None = None
    rows_done: int = 0
    runs: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    rejects: list[dict[str, Any]] = field(default_factory=list)
    reject_count: int = 0
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


class Jobs:
    """Files that wait, the one that is being taken in, and what became of earlier ones.

    Args:
        writer: writes their records.
        settings: the limits.
    """

    def __init__(self, writer: Writer, settings: Settings) -> None:
        self._writer = writer
        self._most = settings.most_jobs
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: SimpleQueue[tuple[Job, Callable[[], None]] | None] = SimpleQueue()
        self._lock = Lock()
        self._is_closed = False
        self._thread = Thread(target=self._run, name="matcher-jobs", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many files wait."""
        return self._queue.qsize()

    def check_room(self) -> None:
        """That one more file may wait.

        Raises:
            Problem: too many wait already.
        """
        if self._is_closed or self.waiting >= self._most:
            raise busy("Too many files wait already; try again later.", 30)

    def add(self, folder: Path, path: Path, source: str | None, by: str | None) -> Job:
        """Takes on a file; its folder is removed in the end.

        Raises:
            Problem: too many wait already.
        """
        self.check_room()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(f"J{secrets.token_hex(8)}", "waiting", now, source, by)
        self._remember(job)
        self._queue.put((job, lambda: self._take_in(job, folder, path)))
        return job

    def note(self, source: str | None, by: str | None) -> Job:
        """Remembers something that is done in the background; whoever does it says how it goes."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(f"J{secrets.token_hex(8)}", "writing", now, source, by)
        self._remember(job)
        return job

    def find(self, number: str) -> Job:
        """A job.

        Raises:
            Problem: there is none of this id.
        """
        found = self._jobs.get(number)
        if found is None:
            raise Problem(404, "unknown", "There is no such job, or it was long ago.")
        return found

    def all(self) -> list[Job]:
        """The jobs that are remembered, the last one first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def close(self) -> None:
        """Ends after the part that is being written; what waits has failed."""
        self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    def _remember(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > _REMEMBERED:
                self._jobs.popitem(last=False)

    def _run(self) -> None:
        while (next_one := self._queue.get()) is not None:
            job, take_in = next_one
            try:
                take_in()
            except Exception as error:
                tell_error(error, job=job.id)
                job.state, job.error = "failed", "Something went wrong here; the log says where."

    def _take_in(self, job: Job, folder: Path, path: Path) -> None:
        try:
            job.state = "reading"
            raw = read({job.source: path} if job.source else path)
            job.rows = len(raw)
            _add_rejects(job, raw)
            job.state = "writing"
            for changes, rows in self._written(job, raw):
                _add(job, changes)
                job.rows_done += rows
            job.state = "done"
        except MatcherError as error:
            job.state, job.error = "failed", str(error).replace(str(path), "the file")
        except Problem as problem:
            job.state, job.error = "failed", problem.detail
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _written(self, job: Job, raw: RawRecords) -> Iterator[tuple[Changes, int]]:
        note = f"job {job.id}"
        parts = self._writer.store.ingest_in_parts(raw, _PART, by=job.by, note=note)
        for start, take_in in zip(range(0, len(raw), _PART), parts, strict=True):
            if self._is_closed:
                raise busy("The service went down; send the file again, nothing comes twice.")
            yield self._in_turn(take_in), min(_PART, len(raw) - start)

    def _in_turn(self, take_in: Callable[[], Changes]) -> Changes:
        """Takes in a part once there is room for it among the other writes."""
        while True:
            with suppress(Problem):
                return self._writer.later(lambda store: take_in())
            if self._is_closed:
                raise busy("The service went down; send the file again, nothing comes twice.")
            time.sleep(_PAUSE)


def _add_rejects(job: Job, told: RawRecords | Changes) -> None:
    job.reject_count += told.rejects.num_rows
    room = _SHOWN - len(job.rejects)
    if room > 0:
        rows = told.rejects.slice(0, room).to_pylist()
        job.rejects += [{name: row[name] for name in row if name != "file"} for row in rows]


def _add(job: Job, changes: Changes) -> None:
    _add_rejects(job, changes)
    job.runs.append(run_id(changes.run))
    for name, count in {
        "records_new": changes.records_new,
        "records_changed": changes.records_changed,
        "records_same": changes.records_same,
        "persons_created": len(changes.created),
        "persons_merged": len(changes.merged),
        "persons_split": len(changes.split),
    }.items():
        job.counts[name] = job.counts.get(name, 0) + count
