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
    if _raises(held, came, request, settings):
        return came.status, came.when
    kept: str | None = came.status  # AN-26: what is passed is set
    if settings.native:
        kept = consent.settle(before, when, came.status, came.when)
    elif request is Request.UPLOAD:
        kept = consent.strictest(before, came.status)
    return kept or default, (came.when or when) if kept == came.status else when


def _raises(
    held: Email | Phone | None, came: Email | Phone, request: Request, settings: Settings
) -> bool:
    """Whether a statement is an explicit opt-in that lifts what holds.

    A request is made when its row comes, unless dates say otherwise; a row of a file may be of
    any age and must show by its date that it is newer.
    """
    if came.status != consent.SUBSCRIBED:
        return False
    if request is not Request.UPLOAD:
        dated = settings.native and held is not None and held.when and came.when
        return not dated or str(came.when) > str(held and held.when)
    if not settings.native:
        return settings.resubscribe
    return bool(came.when) and (held is None or held.when is None or str(came.when) > held.when)
