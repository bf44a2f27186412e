"""What may be sent to a person: NationBuilder's flags, and when one may be lifted (NB-09)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from matcher.policies import consent
from matcher.policies.contacts import Contact, Request
from matcher.policies.outcomes import Event, Outcome

#: Flag -> the value that restricts.
RESTRICTS: Mapping[str, bool] = {
    "email_opt_in": False,
    "mobile_opt_in": False,
    "is_mobile_bad": True,
    "do_not_call": True,
    "do_not_contact": True,
    "federal_donotcall": True,
}
_FLAGS = frozenset((*RESTRICTS, "unsubscribed_at"))
#: Only these can be opted in to; a ``do_not_call`` of no says nothing of consent.
_OPT_INS = frozenset({"email_opt_in", "mobile_opt_in"})
_STATUS = {True: consent.SUBSCRIBED, False: consent.UNSUBSCRIBED}
_OPTED_OUT = frozenset(
    {consent.UNSUBSCRIBED, consent.SPAM_COMPLAINT, consent.PREVIOUS_SPAM_COMPLAINT}
)
_WORDS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "y", "1", "t", "1.0"), True),
    **dict.fromkeys(("false", "no", "n", "0", "f", "0.0"), False),
}


class Flag(NamedTuple):
    """A flag and the ISO date of the statement, where it is known."""

    value: bool
    when: str | None = None


_NOTHING: Mapping[str, Flag] = MappingProxyType({})


def truth_of(text: str) -> bool | None:
    """The truth value that a cell or field means, or ``None`` where it means none."""
    return _WORDS.get(text.strip().lower())


def speaks_of_flags(names: Iterable[str]) -> bool:
    """Whether one of NationBuilder's own columns of consent is among these."""
    return not _FLAGS.isdisjoint(names)


def statuses_in(contact: Contact) -> Mapping[str, Flag]:
    """What a contact without such a column says of the flags all the same, by name."""
    emails, phones = contact.emails, contact.phones
    if not (
        contact.do_not_call
        or (emails and emails[0].status is not None)
        or (phones and phones[0].status is not None)
    ):
        return _NOTHING
    found: dict[str, Flag] = {}
    _add_statuses(contact, found)
    return found


def flags_in(contact: Contact, notes: list[Event]) -> Mapping[str, Flag]:
    """What a contact says of the flags, by name."""
    found: dict[str, Flag] = {}
    for name in RESTRICTS:
        text = contact.fields.get(name)
        if text is None:
            continue
        value = truth_of(text)
        if value is None:
            notes.append(
                Event(contact.row, Outcome.WARNING, "NB-09", field=name, note="not true or false")
            )
        else:
            found[name] = Flag(value, contact.when)
    if "unsubscribed_at" in contact.fields:
        found["email_opt_in"] = Flag(False, contact.fields["unsubscribed_at"][:10])
    _add_statuses(contact, found)
    return found


def _add_statuses(contact: Contact, found: dict[str, Flag]) -> None:
    """What other vendors' columns say, where NationBuilder's own say nothing."""
    if contact.do_not_call and "do_not_call" not in found:
        found["do_not_call"] = Flag(True, contact.when)
    if contact.emails and contact.emails[0].status is not None:
        _add_status("email_opt_in", contact.emails[0].status, contact, found)
    if contact.phones and contact.phones[0].status is not None:
        _add_status("mobile_opt_in", contact.phones[0].status, contact, found)


def _add_status(name: str, status: str, contact: Contact, found: dict[str, Flag]) -> None:
    if name in found:
        return
    if status in _OPTED_OUT:
        found[name] = Flag(False, contact.when)
    elif status == consent.SUBSCRIBED:
        found[name] = Flag(True, contact.when)


def settled(
    held: Mapping[str, Any], came: Mapping[str, Flag], contact: Contact, native: bool,
    notes: list[Event],
) -> dict[str, Flag]:  # fmt: skip
    """The flags that change, once it is known which of two statements holds."""
    changed: dict[str, Flag] = {}
    for name, flag in came.items():
        before = held.get(name)
        if before is None:
            changed[name] = flag
        elif before.value == flag.value:
            if consent.is_newer(flag.when, before.when):
                changed[name] = flag
        elif _holds(name, before, flag, contact, native):
            changed[name] = flag
            lowered = flag.value == RESTRICTS[name]
            outcome = Outcome.CONSENT_LOWERED if lowered else Outcome.CONSENT_RAISED
            notes.append(_note(contact, outcome, name, before, flag))
        else:
            notes.append(_note(contact, Outcome.CONSENT_KEPT, name, before, flag))
    return changed


def _holds(name: str, before: Flag, came: Flag, contact: Contact, native: bool) -> bool:
    """Whether a statement holds from now on, rather than the other one before it."""
    requested = contact.request is not Request.UPLOAD
    if requested and not native:
        return True  # NB-09: a request sets what it passes
    if name in _OPT_INS:
        status = consent.settle(
            _STATUS[before.value], before.when, _STATUS[came.value], came.when,
            requested=requested,
        )  # fmt: skip
        return status == _STATUS[came.value]
    if came.value == RESTRICTS[name]:
        return True
    undated = not (came.when and before.when)
    return requested and (undated or consent.is_newer(came.when, before.when))


def _note(contact: Contact, outcome: Outcome, name: str, before: Flag, came: Flag) -> Event:
    rule = "X8" if outcome is Outcome.CONSENT_KEPT else "NB-09"
    return Event(
        contact.row, outcome, rule, field=name,
        before=str(before.value).lower(), after=str(came.value).lower(),
    )  # fmt: skip


def email_status(held: Mapping[str, Any], bad: bool, default: str | None) -> str | None:
    """What holds of an email of somebody with these flags."""
    opted = held.get("email_opt_in")
    if _is(held, "do_not_contact") or (opted is not None and not opted.value):
        return consent.UNSUBSCRIBED
    if bad:
        return consent.BOUNCING
    return consent.SUBSCRIBED if opted is not None else default


def mobile_status(held: Mapping[str, Any], default: str | None) -> str | None:
    """What holds of text messages to somebody with these flags."""
    opted = held.get("mobile_opt_in")
    if _is(held, "do_not_contact") or (opted is not None and not opted.value):
        return consent.UNSUBSCRIBED
    if _is(held, "is_mobile_bad"):
        return consent.BOUNCING
    return consent.SUBSCRIBED if opted is not None else default


def call_status(held: Mapping[str, Any]) -> str | None:
    """What is known of ringing up somebody with these flags."""
    never = any(_is(held, name) for name in ("do_not_call", "do_not_contact", "federal_donotcall"))
    return consent.UNSUBSCRIBED if never else None


def _is(held: Mapping[str, Any], name: str) -> bool:
    flag = held.get(name)
    return flag is not None and bool(flag.value)
