"""What a policy did with a row, in one vocabulary for all vendors."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What happened. Every row has exactly one of ``MAIN``; the others tell more about it."""

    # The whole of what became of a row.
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    REJECTED = "rejected"
    MATCHED = "matched"
    NO_MATCH = "no_match"
    MULTIPLE_MATCHES = "multiple_matches"
    VALID = "valid"
    # Emails.
    EMAIL_CHANGED = "email_changed"
    EMAIL_CHANGE_REFUSED = "email_change_refused"
    EMAIL_DROPPED = "email_dropped"
    EMAIL_OVERWRITTEN = "email_overwritten"
    # Phones and addresses.
    PHONE_MOVED = "phone_moved"
    PHONE_OVERWRITTEN = "phone_overwritten"
    PHONE_DROPPED = "phone_dropped"
    ADDRESS_DROPPED = "address_dropped"
    # What people are to each other.
    CONFLICT = "conflict"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    # Consent and tags.
    CONSENT_KEPT = "consent_kept"
    CONSENT_RAISED = "consent_raised"
    CONSENT_LOWERED = "consent_lowered"
    TAG_IGNORED = "tag_ignored"
    # Anything else that a user should know.
    OUTREACH_RECORDED = "outreach_recorded"
    WARNING = "warning"


#: Exactly one of these is said of each row.
MAIN: frozenset[Outcome] = frozenset(
    {
        Outcome.CREATED,
        Outcome.UPDATED,
        Outcome.UNCHANGED,
        Outcome.MERGED,
        Outcome.REJECTED,
        Outcome.MATCHED,
        Outcome.NO_MATCH,
        Outcome.MULTIPLE_MATCHES,
        Outcome.VALID,
    }
)


class Event(NamedTuple):
    """One thing that happened, with the rule that decided it.

    Attributes:
        row: the row that brought it about, counted from 1 through all inputs.
        outcome: what happened.
        rule: id of the vendor's rule, like ``AN-22a``.
        person_id: whom it happened to; for a phone that moved, its new owner; for a merge, the
            person that stays.
        other_person_id: whom else: a phone's old owner, the person merged away, the holder of an
            email that was refused.
        field: the attribute concerned, or several, joined by ``, ``.
        before: the value that was.
        after: the value that is now, or was asked for and refused.
        status_code: what the vendor answers, where its document says so.
        note: what a user should know besides, as a word or a sentence.
    """

    row: int
    outcome: Outcome
    rule: str
    person_id: str | None = None
    other_person_id: str | None = None
    field: str | None = None
    before: str | None = None
    after: str | None = None
    status_code: int | None = None
    note: str | None = None


class Refusal(NamedTuple):
    """Why a row, or a value in it, could not be used.

    Attributes:
        column: the column or JSON path at fault; ``None`` where it is the whole row.
        value: the one value at fault, if there is one.
        reason: one sentence.
        rule: id of the vendor's rule.
    """

    column: str | None
    value: str | None
    reason: str
    rule: str
