"""Kills a process that writes to a store at random moments, and looks at what is left.

    python -m benchmarks.crashes --times 200

Each time a process opens the store and takes in batch after batch, and now and then forgets
somebody, until SIGKILL ends it. Then the store must open, ``check`` must pass, what the process
reported as done must be there whole, at most one thing more (done, but not reported any more), and
every id and event must be as in a store that did the same without being killed. The same is asked
of processes that run into a full disk, and of one that finds the file read-only.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from matcher.errors import StoreError
from matcher.store import Store
from matcher.store.files import copy_beside

Row = dict[str, Any]

_FIRST = ("Maria", "John", "Robert", "Ann", "Wei", "Fatima", "Olu", "Grace", "Ivan", "Noor")
_LAST = ("Smith", "Garcia", "Okonkwo", "Nguyen", "Haddad", "Kowalski", "Silva", "Brown")
#: Every so many steps somebody is forgotten.
_FORGETTING = 5
#: A store with so many steps is left, and a new one begun.
_STEPS = 60
#: A process is killed after it has told of up to so many steps, within so many seconds.
_TOLD, _LIFE = 3, 0.3


def batch(step: int, rows: int) -> list[Row]:
    """The rows of a step: new people, and people of earlier steps with something new."""
    random = Random(step)
    return [_row(random, step, place, rows) for place in range(rows)]


def _row(random: Random, step: int, place: int, rows: int) -> Row:
    whose = step if random.random() < 0.6 else random.randrange(step + 1)
    person = Random(f"{whose}/{random.randrange(rows)}")
    number = person.randrange(10**6)
    return {
        "record_id": f"s{step}-{place}",
        "source": random.choice(("van", "action_network", "nationbuilder")),
        "first_name": person.choice(_FIRST),
        "last_name": person.choice(_LAST),
        "email": f"person{number}@example.com" if random.random() < 0.7 else None,
        "phone": f"312555{number % 10000:04}" if random.random() < 0.7 else None,
    }


def take(store: Store, step: int, rows: int) -> None:
    """Does a step; a step is one run."""
    if step % _FORGETTING == _FORGETTING - 1:
        found = store.query("SELECT person_id FROM person_record ORDER BY person_id LIMIT 1")
        if found:
            store.forget(found[0][0], by="crashes")
            return
    store.ingest(batch(step, rows))


def steps_of(store: Store) -> int:
    """How many steps a store has done."""
    return int(store.query("SELECT count(*) FROM run")[0][0])


def work(path: Path, rows: int, room: int | None = None) -> None:
    """Takes step after step until killed, and tells of each.

    Args:
        path: of the store.
        rows: of each batch.
        room: bytes by which a file may grow beyond its present size, as if the disk were full.
    """
    print("open", flush=True)
    with Store(path) as store:
        if room is not None:
            most = path.stat().st_size + room
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
        for step in range(steps_of(store), _STEPS):
            take(store, step, rows)
            print(step, flush=True)


@dataclass
class Reference:
    """A store that does the same steps as one that is killed.

    Attributes:
        store: open.
        rows: of each batch.
    """

    store: Store
    rows: int

    def faults(self, path: Path, done: int) -> Iterator[str]:
        """What is wrong with a store that did some steps, in words.

        Args:
            path: of the store that was killed.
            done: steps that it reported.
        """
        with Store(path) as killed:
            steps = steps_of(killed)
            if not done <= steps <= done + 1:
                yield f"{done} steps were reported, and {steps} are there"
            for step in range(steps_of(self.store), steps):
                take(self.store, step, self.rows)
            yield from map(str, killed.check(deep=True).problems)
            for query in (
                "SELECT * FROM person_record ORDER BY ALL",
                "SELECT * FROM event ORDER BY ALL",
                "SELECT run, kind, records FROM run ORDER BY ALL",
                "SELECT * FROM identifier ORDER BY ALL",
            ):
                if killed.query(query) != self.store.query(query):
                    yield f"not as without the interruption: {query}"


def started(path: Path, rows: int, room: int | None = None) -> subprocess.Popen[str]:
    """A process that works on a store."""
    command = [sys.executable, "-m", "benchmarks.crashes", "--work", str(path), "--rows", str(rows)]
    command += [] if room is None else ["--room", str(room)]
    root = Path(__file__).parents[1]
    return subprocess.Popen(
        command, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@dataclass
class Seen:
    """What the killed processes were at.

    Attributes:
        steps: that they finished.
        logs: times when a log beside the file was left.
        copies: times when a file half written anew was left.
    """

    steps: int = 0
    logs: int = 0
    copies: int = 0

    def look(self, path: Path) -> None:
        """Looks at what a process has left."""
        self.logs += Path(f"{path}.wal").exists()
        self.copies += copy_beside(path).exists()


def killed(path: Path, rows: int, random: Random) -> int | None:
    """Lets a process work and kills it; the last step that it reported, if any.

    Args:
        path: of the store.
        rows: of each batch.
        random: chooses the moment: from when it opens the store, or from the end of a step.
    """
    told = []
    with started(path, rows) as process:
        assert process.stdout is not None
        for _ in range(1 + random.randint(0, _TOLD)):
            told.append(process.stdout.readline())
        time.sleep(random.uniform(0.0, _LIFE))
        process.send_signal(signal.SIGKILL)
        told += process.communicate()[0].splitlines()
    assert told[0] == "open\n", "the process ended before it began"
    return max((int(line) for line in told if line.strip().isdecimal()), default=None)


def without_room(path: Path, rows: int, room: int) -> tuple[int | None, str]:
    """Lets a process work until the disk is full; the last step reported, and what it said."""
    with started(path, rows, room) as process:
        told, said = process.communicate()
    whole = [line for line in told.splitlines() if line.isdecimal()]
    return (int(whole[-1]) if whole else None), said.strip().splitlines()[-1] if said else ""


def crash_often(folder: Path, times: int, rows: int, seed: int = 1) -> tuple[list[str], Seen]:
    """Kills so many processes; what was wrong afterwards, in words."""
    random, faults, seen = Random(seed), list[str](), Seen()
    path = reference = None
    for time_ in range(times):
        if path is None or reference is None or steps_of(reference.store) >= _STEPS - 10:
            if reference is not None:
                reference.store.close()
            path, reference = _new(folder, time_, rows)
        before = steps_of(reference.store)
        last = killed(path, rows, random)
        done = before if last is None else last + 1
        seen.look(path)
        faults += [f"time {time_}: {fault}" for fault in reference.faults(path, done)]
        seen.steps += steps_of(reference.store) - before
    if reference is not None:
        reference.store.close()
    return faults, seen


def fill_often(folder: Path, times: int, rows: int, seed: int = 2) -> list[str]:
    """Lets so many processes run into a full disk; what was wrong afterwards, in words."""
    random, faults = Random(seed), []
    for time_ in range(times):
        path, reference = _new(folder, 10_000 + time_, rows)
        last, said = without_room(path, rows, random.randrange(3_000_000))
        done = steps_of(reference.store) if last is None else last + 1
        if "no room" not in said and done < _STEPS:
            faults.append(f"full disk {time_}: it said {said!r}")
        faults += [f"full disk {time_}: {fault}" for fault in reference.faults(path, done)]
        reference.store.close()
    return faults


def make_read_only(folder: Path, rows: int) -> list[str]:
    """Lets a process find the file read-only; what was wrong, in words."""
    path, reference = _new(folder, 20_000, rows)
    reference.store.close()
    path.chmod(0o444)
    folder.chmod(0o755)
    before = path.read_bytes()
    with warnings.catch_warnings():  # of a fork beside threads: the child does one thing and ends
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        os._exit(_refused(path))
    faults = ["read-only: it was not refused"] if os.waitpid(child, 0)[1] else []
    return faults if path.read_bytes() == before else [*faults, "read-only: it was changed"]


def _refused(path: Path) -> int:
    """0 where a store cannot be opened for writing."""
    if os.geteuid() == 0:  # the superuser may write anything, so it becomes somebody else
        os.setgid(65534)
        os.setuid(65534)
    try:
        Store(path).close()
    except StoreError as error:
        return 0 if "may not be read and written" in str(error) else 2
    return 1


def _new(folder: Path, number: int, rows: int) -> tuple[Path, Reference]:
    """A store with one step, and another that did the same."""
    path = folder / f"killed{number}.duckdb"
    reference = Reference(Store(folder / f"reference{number}.duckdb"), rows)
    take(reference.store, 0, rows)
    with Store(path) as store:
        take(store, 0, rows)
    return path, reference


def main() -> None:
    """Reads the options, and does it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--work", type=Path, help="used by the processes that are killed")
    parser.add_argument("--room", type=int)
    options = parser.parse_args()
    if options.work:
        try:
            work(options.work, options.rows, options.room)
        except StoreError as error:
            sys.exit(str(error))
        return
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faults, seen = crash_often(folder, options.times, options.rows)
        faults += fill_often(folder, max(1, options.times // 10), options.rows)
        faults += make_read_only(folder, options.rows)
    print(f"killed {options.times} times in {time.perf_counter() - begun:.0f} s:", end=" ")
    print(
        f"{seen.steps} steps were done, {seen.logs} logs and {seen.copies} copies were left,",
        f"{len(faults)} faults",
    )
    print(*faults, sep="\n")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
