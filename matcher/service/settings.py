"""What a service may be told, with what holds where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits of a service, and where its keys are.

    Attributes:
        keys: the file of API keys; without one nobody is asked for a key, which is for loopback.
        most_body: bytes of a request's body.
        most_file: bytes of a file that is posted as a job.
        most_depth: how deep JSON may be nested.
        most_records: records in one request.
        most_page: items on one page of an answer.
        most_header: bytes of a request's line and headers.
        body_seconds: in which a body must have come, beyond the time that ``slowest_body`` allows.
        slowest_body: bytes a second of a body that is long.
        rate: requests a second of one key, over a longer time; 0 for no limit.
        burst: requests of one key at once.
        blind_rate: requests a second of one address to routes that take no key.
        blind_burst: the same at once.
        most_waiting: writes, and separately lookups, that may wait; more are refused.
        most_jobs: files that may wait.
        window: seconds for which a request waits at most for others to be done with.
        idempotency_hours: for how long the answer to an idempotency key is kept.
        most_idempotency: how many of them.
    """

    keys: Path | None = None
    most_body: int = 2 * 2**20
    most_file: int = 64 * 2**20
    most_depth: int = 32
    most_records: int = 1_000
    most_page: int = 100
    most_header: int = 32 * 2**10
    body_seconds: float = 10.0
    slowest_body: int = 50_000
    rate: float = 0.0
    burst: int = 100
    blind_rate: float = 1.0
    blind_burst: int = 20
    most_waiting: int = 256
    most_jobs: int = 8
    window: float = 0.004
    idempotency_hours: float = 24.0
    most_idempotency: int = 10_000
