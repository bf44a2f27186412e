"""Bodies that vendors' routes take, and headers of our own that tell what became of them."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from matcher.policies.outcomes import MAIN
from matcher.service.bodies import parsed, read_json
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.store.lists.calls import Answer

#: What happened, in one word; whom it concerns in the store; and what else happened.
OUTCOME, PERSON, EVENTS = "Matcher-Outcome", "Matcher-Person", "Matcher-Events"
#: So many further events are told.
_MOST_EVENTS = 10


async def read_object(request: Request) -> dict[str, Any]:
    """The JSON object of a body.

    Raises:
        Problem: it is none, or cannot be read.
    """
    return as_object(await read_json(request, service_of(request).settings.most_depth))


async def read_object_if_any(request: Request) -> dict[str, Any]:
    """The same; an empty one where there is no body."""
    body = await request.body()
    if not body.strip():
        return {}
    return as_object(parsed(body, service_of(request).settings.most_depth))


def as_object(value: Any, what: str = "The body") -> dict[str, Any]:
    """A JSON object.

    Args:
        value: what should be one.
        what: it is, for people.

    Raises:
        Problem: it is something else.
    """
    if not isinstance(value, dict):
        raise Problem(400, "no_object", f"{what} must be a JSON object.")
    return value


def native_headers(answer: Answer) -> dict[str, str]:
    """What became of a call in words of our own, which the vendor's answer lacks.

    ``Matcher-Events`` names what happened besides, each with the vendor's rule; no values.
    """
    besides = [
        f"{event.outcome} {event.rule}" for event in answer.events if event.outcome not in MAIN
    ]
    told = {OUTCOME: str(answer.outcome)}
    if answer.person_id is not None:
        told[PERSON] = answer.person_id
    if besides:
        told[EVENTS] = ", ".join(dict.fromkeys(besides[:_MOST_EVENTS]))
    return told
