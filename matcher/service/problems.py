"""What a client is told where something is wrong: problem+json (RFC 9457), with path and rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from starlette.responses import JSONResponse, Response

from matcher.errors import (
    InputError,
    MatcherError,
    OptionError,
    StoreError,
    UnknownInStore,
)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request.

    Attributes:
        path: where, as a JSON path (``$.records[3].email``), or ``query.limit``, ``header.…``.
        rule: the id of the rule that it breaks; stable, for programs.
        message: what is wrong, for people.
    """

    path: str
    rule: str
    message: str


class Problem(Exception):
    """A request is refused.

    Args:
        status: of HTTP.
        rule: the id of the rule that it breaks; stable, for programs.
        detail: what is wrong and what to do, for people.
        faults: what is wrong where.
        headers: of the answer.
    """

    def __init__(
        self,
        status: int,
        rule: str,
        detail: str,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.rule = rule
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})

    def to_dict(self) -> dict[str, Any]:
        """The body of the answer."""
        told = {
            "type": f"urn:campaign-matcher:problem:{self.rule}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "rule": self.rule,
        }
        return told | ({"errors": [asdict(fault) for fault in self.faults]} if self.faults else {})


def answer(problem: Problem) -> Response:
    """The answer that tells of a problem."""
    return JSONResponse(
        problem.to_dict(), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def invalid(path: str, rule: str, message: str) -> Problem:
    """A request that is well formed and cannot be meant."""
    return Problem(422, rule, message, [Fault(path, rule, message)])


def busy(detail: str, seconds: int = 1) -> Problem:
    """Too much waits already."""
    return Problem(503, "busy", detail, headers={"Retry-After": str(seconds)})


#: Error of the library -> status and rule; the first that fits counts.
_KINDS: tuple[tuple[type[MatcherError], int, str], ...] = (
    (UnknownInStore, 404, "unknown"),
    (StoreError, 409, "conflict"),
    (InputError, 422, "unusable_input"),
    (OptionError, 422, "unusable_value"),
)


def problem_of(error: MatcherError, store: Path) -> Problem:
    """An error of the library as a problem; its message is meant for the one who asked.

    Args:
        error: of the library.
        store: the file; what is wrong with that is for the one who runs the service.
    """
    if isinstance(error, StoreError) and str(error).startswith(f"{store}: "):
        detail = "The store cannot be read or written; whoever runs it finds why in the log."
        return Problem(503, "store_unavailable", detail, headers={"Retry-After": "30"})
    for kind, status, rule in _KINDS:
        if isinstance(error, kind):
            return Problem(status, rule, str(error))
    return Problem(500, "failed", "The request could not be carried out.")


def json_path(place: Sequence[str | int]) -> str:
    """The JSON path of a place: ``$.records[3].email``."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return "$" + "".join(steps)
