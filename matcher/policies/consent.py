"""Statements about one address and channel: which of two holds.

The most restrictive one does; only a newer, explicit opt-in lifts it: newer by its own time, not
by its place in the file. A statement belongs to the address or number, not to the person: a phone
that moves takes its statement along.
"""

from __future__ import annotations

from matcher.consent import (
    BOUNCING,
    PREVIOUS_BOUNCE,
    PREVIOUS_SPAM_COMPLAINT,
    RESTRICTION,
    SPAM_COMPLAINT,
    SUBSCRIBED,
    UNSUBSCRIBED,
    status_of,
    strictest,
)

__all__ = [
    "BOUNCING",
    "PREVIOUS_BOUNCE",
    "PREVIOUS_SPAM_COMPLAINT",
    "RESTRICTION",
    "SPAM_COMPLAINT",
    "SUBSCRIBED",
    "UNSUBSCRIBED",
    "is_newer",
    "latest",
    "settle",
    "status_of",
    "strictest",
]


def settle(
    held: str | None,
    held_when: str | None,
    came: str | None,
    came_when: str | None,
    *,
    requested: bool = False,
) -> str | None:
    """What holds of an address after a further statement about it.

    Args:
        held: the statement that holds so far, an explicit one; ``None`` where there is none.
        held_when: its ISO date, where known.
        came: the further statement, an explicit one too.
        came_when: its ISO date, where known. An opt-in without one cannot be shown to be newer,
            and lifts nothing; beside a statement without one, what came later is the newer.
        requested: the further statement is a request, made when it comes, unless both have dates
            that say otherwise; a row of a file may be of any age.
    """
    if came is None or held is None:
        return came or held
    if came == SUBSCRIBED and (
        is_newer(came_when, held_when) or (requested and not (came_when and held_when))
    ):
        return came
    if held == SUBSCRIBED and came_when and is_newer(held_when, came_when):
        return held
    return strictest(held, came)


def is_newer(when: str | None, other_when: str | None) -> bool:
    """Whether a statement shows by its ISO date that it is newer; one without a date is older."""
    return when is not None and (other_when is None or when > other_when)


def latest(one: str | None, other: str | None) -> str | None:
    """The later of two ISO dates, either of which may be unknown."""
    return max(filter(None, (one, other)), default=None)
