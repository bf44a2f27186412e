"""Subscription statuses: which may be set by whom, and which one holds."""

from __future__ import annotations

from matcher.policies import consent
from matcher.policies.action_network.settings import Settings
from matcher.policies.contacts import Email, Phone, Request

#: AN-27: what a status may read, by channel …
PHONE_STATUSES = frozenset(
    {consent.SUBSCRIBED, consent.UNSUBSCRIBED, consent.BOUNCING, consent.PREVIOUS_BOUNCE}
)
EMAIL_STATUSES = PHONE_STATUSES | {consent.SPAM_COMPLAINT, consent.PREVIOUS_SPAM_COMPLAINT}
#: … and what may be set: by a PUT both of these, by the helper only the first (AN-26).
_BY_UPDATE = frozenset({consent.SUBSCRIBED, consent.UNSUBSCRIBED})
_BY_HELPER = frozenset({consent.SUBSCRIBED})


def settable(status: str, readable: frozenset[str], request: Request, settings: Settings) -> bool:
    """Whether a request of this kind may state that status.

    A row of a file tells what a list holds and may say whatever can be read there; in our own
    profile so may every request, for nobody should be kept from unsubscribing.
    """
    if status not in readable:
        return False
    if settings.native or request is Request.UPLOAD:
        return True
    return status in (_BY_UPDATE if request is Request.UPDATE else _BY_HELPER)


def status_after(
    held: Email | Phone | None,
    came: Email | Phone,
    default: str,
    request: Request,
    settings: Settings,
) -> tuple[str, str | None]:
    """What holds of an address after a request, and the date of that statement.

    Args:
        held: what was known of this very address, if anything.
        came: what the request says of it; its status may be ``None``.
        default: what holds where nothing was ever said: AN-26 for emails, AN-28 for phones.
        request: its kind.
        settings: the profile.
    """
    before = held.status if held else None
    when = held.when if held else None
    if came.status is None:  # what nobody stated has no date
        return (before, when) if before is not None else (default, None)
    if before is None or before == came.status:
        return came.status, consent.latest(came.when, when)
    if _holding(before, when, came, request, settings) != came.status:
        return before, when
    raised = (
        came.status == consent.SUBSCRIBED
    )  # by what came alone; a restriction is as old as both
    return came.status, came.when if raised else came.when or when


def _holding(
    before: str, when: str | None, came: Email | Phone, request: Request, settings: Settings
) -> str | None:
    """Which of two statements about one address holds."""
    requested = request is not Request.UPLOAD
    if settings.native:
        return consent.settle(before, when, came.status, came.when, requested=requested)
    lifted = settings.resubscribe and came.status == consent.SUBSCRIBED
    if requested or lifted:  # AN-26: what is passed is set
        return came.status
    return consent.strictest(before, came.status)
