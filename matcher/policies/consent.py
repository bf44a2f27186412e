"""Statements about one address and channel: which of two holds.

The most restrictive one does; only a newer, explicit opt-in lifts it: newer by its own time, not
by its place in the file. A statement belongs to the address or number, not to the person: a phone
that moves takes its statement along.
"""

from __future__ import annotations

from collections.abc import Mapping

SUBSCRIBED = "subscribed"
UNSUBSCRIBED = "unsubscribed"
BOUNCING = "bouncing"
PREVIOUS_BOUNCE = "previous bounce"
SPAM_COMPLAINT = "spam complaint"
PREVIOUS_SPAM_COMPLAINT = "previous spam complaint"

#: The more restrictive, the greater. Someone who complained must not be written to again, however
#: long ago it was; a mailbox that bounced once may work today.
RESTRICTION: Mapping[str | None, int] = {
    None: 0,
    SUBSCRIBED: 1,
    PREVIOUS_BOUNCE: 2,
    BOUNCING: 3,
    UNSUBSCRIBED: 4,
    PREVIOUS_SPAM_COMPLAINT: 5,
    SPAM_COMPLAINT: 6,
}

#: The words in which exports and forms say the same.
_WORDS: Mapping[str, str] = {
    **{status: status for status in RESTRICTION if status},
    "opted in": SUBSCRIBED, "opted_in": SUBSCRIBED, "opt in": SUBSCRIBED, "opt_in": SUBSCRIBED,
    "true": SUBSCRIBED, "yes": SUBSCRIBED, "y": SUBSCRIBED, "1": SUBSCRIBED, "active": SUBSCRIBED,
    "in": SUBSCRIBED, "t": SUBSCRIBED,
    "opted out": UNSUBSCRIBED, "opted_out": UNSUBSCRIBED, "opt out": UNSUBSCRIBED,
    "opt_out": UNSUBSCRIBED, "false": UNSUBSCRIBED, "no": UNSUBSCRIBED, "n": UNSUBSCRIBED,
    "0": UNSUBSCRIBED, "out": UNSUBSCRIBED, "f": UNSUBSCRIBED, "not subscribed": UNSUBSCRIBED,
    "unsubscribe": UNSUBSCRIBED, "subscribe": SUBSCRIBED, "bounced": BOUNCING, "bad": BOUNCING,
    "complaint": SPAM_COMPLAINT, "spam": SPAM_COMPLAINT,
    "previous_bounce": PREVIOUS_BOUNCE, "spam_complaint": SPAM_COMPLAINT,
    "previous_spam_complaint": PREVIOUS_SPAM_COMPLAINT,
}  # fmt: skip


def status_of(text: str) -> str | None:
    """The status that a cell or field means, or ``None`` where it means none."""
    return _WORDS.get(text.strip().lower())


def strictest(one: str | None, other: str | None) -> str | None:
    """The more restrictive of two statements about one address."""
    return one if RESTRICTION.get(one, 0) >= RESTRICTION.get(other, 0) else other


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
