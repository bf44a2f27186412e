"""Many clients at a service, and what is left when it is killed.

    python -m benchmarks.service --rows 1000000 --clients 16

A store of so many records is made (once: it stays in ``benchmarks/work``) and served by
``matcher serve`` in a process of its own; copies of the store are used, so every run begins alike.
The clients send one record a request, by our own routes and by the vendors' (push, signup helper,
contacts, whose lists are empty in the beginning), each as soon as the last one is answered:
contacts of the same generator that the store does not hold, of whom about half are people it knows.
They share the machine with the service. Then the service is killed while they write, and every
write that was acknowledged must be there when the store is opened again.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from benchmarks import results, vendor_bodies
from benchmarks.contacts import generate

WORK = Path(__file__).parent / "work"
#: Contacts that the store does not hold, for the clients to send.
_STRANGERS = 20_000
#: Acknowledged writes after which the service is killed.
_KILLED_AFTER = 500
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SAYS_WHO = ("first_name", "last_name", "email", "phone")
_PORT_LINE = "Listening on "


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each kind of request")
    parser.add_argument("--freeze", action="store_true", help="replace the committed figures")
    options = parser.parse_args(arguments)
    store, sent = prepared(options.rows)
    measured = {
        "clients": options.clients,
        **measure(store, sent, options.clients, options.seconds),
        "killed": kill(store, sent, options.clients),
    }
    results.save("service", {f"{options.rows}": measured}, freeze=options.freeze)
    _print(options.rows, measured)


def prepared(rows: int) -> tuple[Path, list[dict[str, Any]]]:
    """A store of so many contacts, and contacts that it does not hold."""
    from matcher.store import Store

    contacts, _ = generate(rows + _STRANGERS, 7)
    path = WORK / f"service-{rows}.duckdb"
    if not path.exists():
        WORK.mkdir(exist_ok=True)
        beside = path.with_suffix(".new")
        beside.unlink(missing_ok=True)
        with Store(beside) as store:
            store.ingest(contacts.slice(0, rows))
        beside.rename(path)
    sent = [_posted(row) for row in contacts.slice(rows).to_pylist()]
    return path, [body for body in sent if any(name in body for name in _SAYS_WHO)]


def _posted(row: dict[str, Any]) -> dict[str, Any]:
    """A contact as a client sends it."""
    said = {name: value for name, value in row.items() if value is not None}
    if not _DAY.fullmatch(said.get("birth_date", "")):
        said.pop("birth_date", None)  # the service takes ISO dates alone
    said["source_record_id"] = said.pop("record_id")
    said["source"] = "form"
    return said


@dataclass
class Load:
    """What clients saw.

    Attributes:
        seconds: of each request that was answered with 200 or 201.
        statuses: of the others.
        acknowledged: ids of records whose write was acknowledged, where the service is killed.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def figures(self, wall: float, cpu: float) -> dict[str, Any]:
        """Rates and times, for the table."""
        took = np.array(self.seconds) * 1000
        p50, p90, p99 = np.percentile(took, (50, 90, 99)) if len(took) else (0.0,) * 3
        return {
            "requests": len(took),
            "failed": len(self.statuses),
            "per_second": round(len(took) / wall, 1),
            "p50_ms": round(float(p50), 1),
            "p90_ms": round(float(p90), 1),
            "p99_ms": round(float(p99), 1),
            "cpu_ms_of_the_service": round(1000 * cpu / max(len(took), 1), 2),
        }


def measure(
    store: Path, sent: list[dict[str, Any]], clients: int, seconds: float
) -> dict[str, dict[str, Any]]:
    """Rates and times of each kind of request, and the memory in the end."""
    found: dict[str, dict[str, Any]] = {}
    with served(store) as (process, port):
        for kind, (request, bodies) in _kinds(sent).items():
            asyncio.run(_run(port, request, bodies[:50], 4, 5.0))
            before, began = _cpu(process.pid), time.perf_counter()
            load = asyncio.run(_run(port, request, bodies[50:], clients, seconds))
            wall = time.perf_counter() - began
            found[kind] = load.figures(wall, _cpu(process.pid) - before)
        found["memory"] = {"peak_mb": _peak_mb(process.pid)}
    return found


def _kinds(sent: list[dict[str, Any]]) -> dict[str, tuple[str, list[dict[str, Any]]]]:
    """Kinds of request, and what is sent with each; no contact is sent twice."""
    sixth = len(sent) // 6
    parts = [sent[place * sixth : (place + 1) * sixth] for place in range(6)]
    pushed, helped, posted = map(vendor_bodies.reachable, parts[3:])
    return {
        "resolve": ("POST /v1/resolve", parts[0]),
        "records": ("POST /v1/records?candidates=false", parts[1]),
        "records with candidates": ("POST /v1/records", parts[2]),
        "push": ("PUT /api/v1/people/push", [*map(vendor_bodies.push, pushed)]),
        "helper": ("POST /api/v2/people", [*map(vendor_bodies.helper, helped)]),
        "contacts": ("POST /v4/contacts", [*map(vendor_bodies.contact, posted)]),
    }


def kill(store: Path, sent: list[dict[str, Any]], clients: int) -> dict[str, Any]:
    """Kills a service while clients write; how many acknowledged writes are missing then."""
    from matcher.store import Store

    with served(store) as (process, port):
        load = asyncio.run(_run(port, "POST /v1/records", sent, clients, 60.0, process))
        process.wait()
        copy = Path(list(process.args)[-1])  # type: ignore[arg-type] # paths and texts, never bytes
        with Store(copy, wait=10) as opened:
            rows = opened.query("SELECT source_record_id FROM record WHERE source = 'form'")
            is_whole = opened.check().ok
    there = {known for (known,) in rows}
    missing = [known for known in load.acknowledged if known not in there]
    return {"acknowledged": len(load.acknowledged), "missing": len(missing), "whole": is_whole}


@contextmanager
def served(store: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A service over a copy of a store; its process and port."""
    with tempfile.TemporaryDirectory(dir=store.parent) as folder:
        copy = Path(folder) / store.name
        shutil.copy(store, copy)
        command = [sys.executable, "-m", "matcher", "serve", "--port", "0", "--store", str(copy)]
        with (Path(folder) / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith(_PORT_LINE), (Path(folder) / "log").read_text()
            yield process, int(line.split(";")[0].rpartition(":")[2])
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()


async def _run(  # noqa: PLR0917 - what varies between runs
    port: int,
    request: str,
    bodies: list[dict[str, Any]],
    clients: int,
    seconds: float,
    victim: subprocess.Popen[str] | None = None,
) -> Load:
    """Clients that send one body after the other until time or bodies are at an end.

    ``victim`` is killed once enough writes were acknowledged.
    """
    load, waiting = Load(), iter(bodies)
    until = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            began = time.perf_counter()
            if began > until:
                break
            status, _ = await _asked(reader, writer, request, json.dumps(body).encode())
            if status not in (200, 201):
                load.statuses.append(status)
                continue
            load.seconds.append(time.perf_counter() - began)
            if victim is None:
                continue
            load.acknowledged.append(body["source_record_id"])
            if len(load.acknowledged) == _KILLED_AFTER:
                victim.kill()
        writer.close()

    async def until_killed() -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await client()

    await asyncio.gather(*(client() if victim is None else until_killed() for _ in range(clients)))
    return load


async def _asked(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: str, body: bytes
) -> tuple[int, bytes]:
    """One request on an open connection."""
    head = (
        f"{request} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    lines = answer.lower().split(b"\r\n")
    length = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    return int(lines[0].split()[1]), await reader.readexactly(length)


def _cpu(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int) -> int:
    """The largest memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def _print(rows: int, measured: dict[str, Any]) -> None:
    table = Table("requests", title=f"{measured['clients']} clients, {rows:,} records")
    kinds = (kind for kind, told in measured.items() if isinstance(told, dict))
    names = [kind for kind in kinds if "per_second" in measured[kind]]
    columns = ("per_second", "p50_ms", "p90_ms", "p99_ms", "cpu_ms_of_the_service", "failed")
    for column in columns:
        table.add_column(column.replace("_", " "), justify="right")
    for name in names:
        table.add_row(name, *(str(measured[name][column]) for column in columns))
    console = results.console()
    console.print(table)
    console.print(f"peak memory of the service: {measured['memory']['peak_mb']:,} MB")
    killed = measured["killed"]
    console.print(
        f"killed: {killed['acknowledged']} acknowledged writes, {killed['missing']} missing, "
        f"{'whole' if killed['whole'] else 'DAMAGED'}"
    )


if __name__ == "__main__":
    main()
