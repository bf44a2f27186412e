"""The log: a line of JSON for each request and each mishap, without anybody's data.

A request is told by the pattern of its route, never by its path or query, which may hold an
address; an error by its kind and where in the code it arose, never by its text, which may hold a
value.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger("matcher.service")


_as_json = json.JSONEncoder(ensure_ascii=False).encode


class JsonLines(logging.Formatter):
    """Log records as lines of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """One line: ``at``, ``level``, ``event``, then what belongs to the event."""
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "told", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:
            told |= _of_error(record.exc_info[1])
        return _as_json(told)


def tell(event: str, **told: Any) -> None:
    """Logs an event."""
    log.info(event, extra={"told": told})


def tell_error(error: BaseException, **told: Any) -> None:
    """Logs an error that should not have happened."""
    log.error("error", extra={"told": {**told, **_of_error(error)}})


def _of_error(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "error": type(error).__name__,
        "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


def configuration(level: str = "INFO") -> dict[str, Any]:
    """For ``logging.config``: this log and the server's own, as JSON to stderr."""
    handler = {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}
    told = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": handler},
        "loggers": {
            "matcher.service": told,
            "uvicorn": told | {"level": "WARNING"},
            "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
