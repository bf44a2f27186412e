"""Files that are taken in beside other requests, part by part; and what else is done later.

What is accepted is on disk before that is said: the file itself, and the job in the service's
journal. What a service did not come to is taken up when it starts again.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Lock, Thread
from typing import Any

import pyarrow as pa

from matcher.errors import MatcherError
from matcher.reading import read
from matcher.records import RawRecords
from matcher.service.journal import Journal
from matcher.service.logs import tell_error
from matcher.service.problems import Problem, busy
from matcher.service.rejects import Rejects
from matcher.service.settings import Settings
from matcher.service.writer import Writer
from matcher.store import Changes
from matcher.store.ids import run_id

#: Records that are written at a time; other writes get their turn after them.
_PART = 500
#: Seconds until a part is tried again where too many other writes wait.
_PAUSE = 0.2
#: Jobs that are remembered.
_REMEMBERED = 200
#: A file that the service ended on so often is not begun again.
_MOST_TRIES = 3
_FAILED = "Something went wrong here; the log says where."


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
        reject_count: how many rows and values could not be used.
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
    reject_count: int = 0
    error: str | None = None

    @classmethod
    def new(cls, state: str, source: str | None, by: str | None) -> Job:
        """A job that is asked for now."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(f"J{secrets.token_hex(8)}", state, now, source, by)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """A job as it was kept."""
        said = json.loads(text)
        return cls(**{each.name: said[each.name] for each in fields(cls) if each.name in said})

    def to_json(self) -> str:
        """What is kept of it."""
        return json.dumps(asdict(self))


class _Closing(Exception):
    """The service ends, and goes on with it when it starts again."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is to be taken in: where it is, and how often that was begun anew."""

    path: Path
    tries: int = 0

    @classmethod
    def of(cls, still: Mapping[str, Any] | None) -> _File | None:
        """The file of a job; nothing where it is done, or about something else."""
        return cls(Path(still["file"]), still["tries"]) if still and "file" in still else None

    def to_dict(self) -> dict[str, Any]:
        return {"file": str(self.path), "tries": self.tries}


class Jobs:
    """Files that wait, the one that is being taken in, and what became of earlier ones.

    Args:
        writer: writes their records.
        journal: keeps them.
        settings: the limits.

    Attributes:
        rejects: what of the files could not be used.
    """

    def __init__(self, writer: Writer, journal: Journal, settings: Settings) -> None:
        self.rejects = Rejects(journal)
        self._writer = writer
        self._journal = journal
        self._folder = journal.path.with_suffix(".jobs")
        self._most = settings.most_jobs
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: SimpleQueue[tuple[Job, Path] | None] = SimpleQueue()
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

    def new_folder(self) -> Path:
        """A folder for a file that comes; it is removed once the file was taken in."""
        with self._lock:  # or the thread may take it for empty, and remove it in between
            self._folder.mkdir(mode=0o700, exist_ok=True)
            return Path(tempfile.mkdtemp(prefix="job-", dir=self._folder))

    async def add(self, path: Path, source: str | None, by: str | None) -> Job:
        """Takes on a file, which is on disk, in a folder of its own; the job as it is accepted.

        Raises:
            Problem: too many wait already.
        """
        self.check_room()
        job = await self.accept("waiting", source, by, _File(path).to_dict())
        accepted = deepcopy(job)  # for the thread may begin with it before it is told
        self._queue.put((job, path))
        return accepted

    async def accept(
        self, state: str, source: str | None, by: str | None, still: Mapping[str, Any]
    ) -> Job:
        """Remembers something that is to be done, from when on it may be acknowledged.

        Args:
            state: of the job.
            source: that it is about.
            by: who asks.
            still: what is needed to do it, as JSON.
        """
        job = Job.new(state, source, by)
        values = (job.id, job.to_json(), json.dumps(still))
        await self._journal.do(lambda file: _keep(file, values))
        self._remember(job)
        return job

    def ended(self, job: Job) -> None:
        """Remembers what became of a job; what was needed to do it is kept no more."""
        values = (job.to_json(), job.id)
        with suppress(Problem):  # it is then done again, which changes nothing
            self._journal.submit(lambda file: file.execute(_ENDED, values).rowcount)

    def take_up(self) -> list[tuple[Job, dict[str, Any]]]:
        """Remembers the jobs of before, and begins with the files that are not done.

        Returns:
            what else is not done: the job, and what it takes to do it.
        """
        rows = self._journal.submit(lambda file: file.execute(_ALL).fetchall()).result()
        jobs = [(Job.from_json(told), still and json.loads(still)) for told, still in rows]
        files = [(job, file) for job, still in jobs if (file := _File.of(still)) is not None]
        self._tidy({file.path.parent for _, file in files})
        for job, _ in jobs:
            self._remember(job)
        for job, file in files:
            self._begin_again(job, file)
        return [(job, still) for job, still in jobs if still and _File.of(still) is None]

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
        """Ends after the part that is being written; the rest is for the next time."""
        self._is_closed = True
        self._queue.put(None)
        self._thread.join()

    def _remember(self, job: Job) -> None:
        with self._lock:
            self._jobs[job.id] = job
            while len(self._jobs) > _REMEMBERED:
                self._jobs.popitem(last=False)

    def _begin_again(self, job: Job, file: _File) -> None:
        """A file waits again, unless the service ended on it time and again."""
        if file.tries >= _MOST_TRIES or not file.path.exists():
            job.state, job.error = "failed", "The service ended while it was taken in."
            self._ended_file(job, file.path)
            return
        values = (json.dumps(replace(file, tries=file.tries + 1).to_dict()), job.id)
        self._journal.submit(lambda journal: journal.execute(_TRIED, values).rowcount).result()
        self.rejects.clear(job.id)
        job.state, job.rows_done, job.counts, job.reject_count = "waiting", 0, {}, 0
        self._queue.put((job, file.path))

    def _ended_file(self, job: Job, path: Path) -> None:
        self.ended(job)
        shutil.rmtree(path.parent, ignore_errors=True)
        self._leave()

    def _tidy(self, needed: set[Path]) -> None:
        """Removes files that came and were not accepted."""
        for folder in set(self._folder.glob("job-*")) - needed:
            shutil.rmtree(folder, ignore_errors=True)
        self._leave()

    def _leave(self) -> None:
        with self._lock, suppress(OSError):  # there is none, or there are others in it
            self._folder.rmdir()

    def _run(self) -> None:
        while (next_one := self._queue.get()) is not None:
            job, path = next_one
            try:
                if self._is_closed:
                    continue
                self._take_in(job, path)
            except _Closing:
                continue
            except MatcherError as error:
                job.state, job.error = "failed", str(error).replace(str(path), "the file")
            except Exception as error:
                tell_error(error, job=job.id)
                job.state, job.error = "failed", _FAILED
            self._ended_file(job, path)

    def _take_in(self, job: Job, path: Path) -> None:
        job.state = "reading"
        raw = read({job.source: path} if job.source else path)
        job.rows = len(raw)
        self._add_rejects(job, raw.rejects)
        job.state = "writing"
        for changes, rows in self._written(job, raw):
            self._add_rejects(job, changes.rejects)
            _add(job, changes)
            job.rows_done += rows
        job.state = "done"

    def _add_rejects(self, job: Job, table: pa.Table) -> None:
        self.rejects.add(job.id, job.reject_count, table)
        job.reject_count += table.num_rows

    def _written(self, job: Job, raw: RawRecords) -> Iterator[tuple[Changes, int]]:
        note = f"job {job.id}"
        parts = self._writer.store.ingest_in_parts(raw, _PART, by=job.by, note=note)
        for start, take_in in zip(range(0, len(raw), _PART), parts, strict=True):
            if self._is_closed:
                raise _Closing
            yield self._in_turn(take_in), min(_PART, len(raw) - start)

    def _in_turn(self, take_in: Callable[[], Changes]) -> Changes:
        """Takes in a part once there is room for it among the other writes."""
        while True:
            with suppress(Problem):
                return self._writer.later(lambda store: take_in())
            if self._is_closed:
                raise _Closing
            time.sleep(_PAUSE)


def _add(job: Job, changes: Changes) -> None:
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


_ALL = "SELECT told, still FROM job ORDER BY number"
_KEEP = "INSERT INTO job (id, told, still) VALUES (?, ?, ?)"
_ENDED = "UPDATE job SET told = ?, still = NULL WHERE id = ?"
_TRIED = "UPDATE job SET still = ? WHERE id = ?"
_LONG_AGO = """DELETE FROM job WHERE still IS NULL AND number NOT IN (
    SELECT number FROM job ORDER BY number DESC LIMIT ?)"""
_OF_NONE = "DELETE FROM reject WHERE job NOT IN (SELECT id FROM job)"


def _keep(journal: sqlite3.Connection, values: tuple[str, str, str]) -> None:
    journal.execute(_KEEP, values)
    if journal.execute(_LONG_AGO, (_REMEMBERED,)).rowcount:
        journal.execute(_OF_NONE)
