"""What statements of consent say: the words of exports and forms, and which are graver."""

from __future__ import annotations

import re
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

_YES = (
    "opted in", "opt in", "true", "yes", "y", "1", "active", "in", "t", "subscribe",
)  # fmt: skip
_NO = (
    "opted out", "opt out", "false", "no", "n", "0", "out", "f", "not subscribed", "unsubscribe",
)  # fmt: skip

#: The words in which exports and forms say the same, as ``plain_words`` writes them.
WORDS: Mapping[str, str] = {
    **{status: status for status in RESTRICTION if status},
    **dict.fromkeys(_YES, SUBSCRIBED),
    **dict.fromkeys(_NO, UNSUBSCRIBED),
    "bounced": BOUNCING, "bad": BOUNCING, "complaint": SPAM_COMPLAINT, "spam": SPAM_COMPLAINT,
}  # fmt: skip

#: An answer to what the name of the column asks.
_BARE = frozenset(
    {"true", "yes", "y", "1", "t", "in", "active", "false", "no", "n", "0", "f", "out"}
)

_BETWEEN = re.compile(r"[-_ ]+")
_DECIMAL = re.compile(r"\.0$")


def plain_words(text: str) -> str:
    """The words of a cell in small letters, with single blanks between them.

    >>> plain_words(" Opt-Out ")
    'opt out'
    """
    return _DECIMAL.sub("", _BETWEEN.sub(" ", text.lower()).strip(" "))


def status_of(text: str) -> str | None:
    """The status that a cell or field means, or ``None`` where it means none."""
    return WORDS.get(plain_words(text))


def says_in_words(text: str) -> bool:
    """Whether a cell says by itself what it means, whatever its column is called."""
    words = plain_words(text)
    return words in WORDS and words not in _BARE


def forbids_calls(text: str) -> bool:
    """Whether a cell of ``phone_consent``, as reading leaves it, says that nobody may ring."""
    return status_of(text) != SUBSCRIBED


def strictest(one: str | None, other: str | None) -> str | None:
    """The more restrictive of two statements about one address."""
    return one if RESTRICTION.get(one, 0) >= RESTRICTION.get(other, 0) else other
