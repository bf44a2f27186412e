"""Email addresses: the form in which two spellings of one mailbox are equal.

The address as it came stays in the raw table, for sending; what is made here is for comparing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise.faults import Fault, Faults
from matcher.normalise.flat import holding
from matcher.normalise.lanes import FEW, Mask, filled, mask, two_lanes
from matcher.normalise.mail_providers import provider

#: A plain address in lower case: nothing to repair.
_PLAIN = (
    r"^[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*"
    r"@[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*\.[a-z][a-z0-9-]*[a-z0-9]$"
)
_VALID = re.compile(
    r"[^\s@<>(),;:\"\\\[\]*]+@[^\W_]+(?:-+[^\W_]+)*(?:\.[^\W_]+(?:-+[^\W_]+)*)*"
    r"\.[^\W\d_](?:[\w-]*[^\W_])"
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_IN_ANGLES = re.compile(r"<([^<>]*@[^<>]*)>")
_AROUND_SEPARATOR = re.compile(r"\s*@[\s@]*|\s*[.][\s.]*")
_BETWEEN = re.compile(r"[\s,;<>()|/]+")
#: Characters that a repaired user may hold, though not at its end.
_USER_ENDS = ".'{}|/"
_EDGES = " \t\r\n<>()[]{}\"',;:.|/\\"

#: What people type where an address is demanded, before any ``@`` …
_NO_MAILBOX = (
    r"none|no-?ne|noe?mail|no[._-]e?-?mail|nomail|donothave|don'?thave(?:one)?|noaddress|unknown"
    r"|test|testing|tester|fake|null|refused|declined|invalid|notprovided|asdf+|qwerty|xx+|nobody"
    r"|noreply@noreply|nope|n/a|removed|deleted"
)
#: … and, where the domain is as empty as the name, these too.
_NO_MAILBOX_IF_ECHOED = r"na|no|a|aa|aaa|abc|b|x|me|email|e-?mail|mail|example|user|name|any|1|123"
_NO_DOMAIN = (
    r"none|no|na|n|noemail|nomail|no-email|test|testing|fake|null|unknown|xx+|x|a|aa|aaa|abc|b"
    r"|nope|nowhere|nobody|notprovided|invalid|asdf+|noreply"
)
_PLACEHOLDER = (
    rf"^(?:{_NO_MAILBOX})(?:@|$)"
    rf"|^(?:{_NO_MAILBOX_IF_ECHOED})(?:$|@(?:{_NO_DOMAIN}|email|example\.example)(?:\.|$))"
    rf"|@(?:none|noe?mail|no-e?mail|test|fake|null|unknown|notprovided|invalid|nowhere|na)"
    r"(?:$|\.(?:com|org|net|edu|none|test|invalid|email|na)?$)|@[a-z0-9.-]+\.invalid$"
)

#: Mailboxes that stand for an office, which many people share.
_ROLE = (
    r"^(?:info|admin|administrator|office|contact|contactus|hello|support|sales|webmaster"
    r"|postmaster|hostmaster|abuse|no-?reply|do-?not-?reply|team|help|helpdesk|service|billing"
    r"|accounts?|accounting|marketing|media|press|news|newsletter|jobs|careers|hr|enquir(?:y|ies)"
    r"|inquir(?:y|ies)|feedback|mail|email|membership|volunteers?|donate|donations|events"
    r"|reception|frontdesk|staff|board|campaign)@"
)


def normalise_email(text: str) -> str | None:
    """One address in its comparable form, or ``None`` where it is not an address.

    Lower case; ``mailto:``, display name and stray punctuation off; slips in the domain put right;
    dots and plus tags off where the provider ignores them. Idempotent.
    """
    lowered = text.lower()
    address = lowered if _compiled(_PLAIN).fullmatch(lowered) else repaired(text)
    if address is None:
        return None
    user, _, domain = address.rpartition("@")
    behind = provider(domain)
    if behind.plus_tags:
        user = user.partition("+")[0].rstrip(_USER_ENDS) or user
    if behind.dots_ignored:
        user = user.replace(".", "")
    return f"{user}@{behind.domain}"


def repaired(text: str) -> str | None:
    """The first address in the text, lower case, typing accidents undone; ``None`` without one."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    text = _INVISIBLE.sub("", text)
    angled = _IN_ANGLES.search(text)
    text = (angled[1] if angled else text).strip(_EDGES).removeprefix("mailto:").strip(_EDGES)
    for candidate in map(_closed, (text, *_BETWEEN.split(text))):
        user, at, domain = candidate.rpartition("@")
        domain = re.sub(r"[.,]+", ".", domain).strip(_EDGES)
        address = user.strip(_EDGES) + at + provider(domain).domain
        if _VALID.fullmatch(address):
            return address
    return None


def _closed(text: str) -> str:
    """Blanks and repeats around the separators of an address taken away."""
    return _AROUND_SEPARATOR.sub(lambda found: "@" if "@" in found[0] else ".", text)


def clean_emails(values: pa.StringArray) -> tuple[pa.StringArray, Mask, Faults]:
    """``normalise_email`` of distinct texts; which results are role mailboxes; what was wrong.

    Placeholders (``none@none.com``) come out missing.
    """
    if len(values) <= FEW:
        return _of_few(values)
    starts = range(0, max(len(values), 1), _AT_ONCE)
    addresses, weak, faults = zip(
        *(_cleaned(values.slice(s, _AT_ONCE)) for s in starts), strict=True
    )
    return pa.concat_arrays(addresses), np.concatenate(weak), np.concatenate(faults)


#: Texts that are cleaned at once, which bounds memory.
_AT_ONCE = 1 << 19


def _cleaned(values: pa.StringArray) -> tuple[pa.StringArray, Mask, Faults]:
    lowered = pc.ascii_lower(values)
    plain = pc.match_substring_regex(lowered, _PLAIN)
    addresses = _read_by_provider(two_lanes(lowered, plain, lowered, repaired))
    faults = np.zeros(len(values), np.uint8)
    lost = mask(pc.is_null(addresses))
    if lost.any():
        typed = values.filter(pa.array(lost))
        masked = mask(pc.match_substring(typed, "**"))
        wrong = np.where(masked, Fault.MASKED, Fault.INVALID_EMAIL)
        faults[lost] = np.where(filled(typed), wrong, Fault.NONE)
    typed = pc.if_else(pc.is_null(addresses), pc.utf8_trim_whitespace(lowered), addresses)
    placeholder = mask(pc.match_substring_regex(typed, _PLACEHOLDER))
    if placeholder.any():
        faults[placeholder] = Fault.PLACEHOLDER
        addresses = pc.if_else(pa.array(placeholder), None, addresses)
    return addresses, mask(pc.match_substring_regex(addresses, _ROLE)), faults


def _of_few(values: pa.StringArray) -> tuple[pa.StringArray, Mask, Faults]:
    read = [_of_one(text) for text in values.to_pylist()]
    return (
        pa.array([address for address, _, _ in read], pa.string()),
        np.array([is_role for _, is_role, _ in read], np.bool_),
        np.array([fault for _, _, fault in read], np.uint8),
    )


def _of_one(text: str) -> tuple[str | None, bool, Fault]:
    """The same of one text."""
    address = normalise_email(text)
    typed = text.encode().lower().decode().strip() if address is None else address
    if _compiled(_PLACEHOLDER).search(typed):
        return None, False, Fault.PLACEHOLDER
    if address is not None:
        return address, _compiled(_ROLE).search(address) is not None, Fault.NONE
    if not text.strip():
        return None, False, Fault.NONE
    return None, False, Fault.MASKED if "**" in text else Fault.INVALID_EMAIL


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def _read_by_provider(addresses: pa.StringArray) -> pa.StringArray:
    """Plus tags, dots and domain slips put right, one look at each distinct domain."""
    parts = pc.split_pattern(addresses, "@", max_splits=1, reverse=True)
    present = pc.is_valid(addresses)
    flat = pc.list_flatten(parts)  # two per present address
    users, domains = flat[0::2], flat[1::2].dictionary_encode()
    behind = [provider(d) for d in domains.dictionary.to_pylist()]
    which = domains.indices.to_numpy(zero_copy_only=False)
    tagged = _per_address([p.plus_tags for p in behind], which)
    users = _trimmed(users, tagged, "+", _without_tag)
    dotted = _per_address([p.dots_ignored for p in behind], which)
    users = _trimmed(users, dotted, ".", lambda some: pc.replace_substring(some, ".", ""))
    names = pa.array([p.domain for p in behind], pa.string()).take(domains.indices)
    joined = pc.binary_join_element_wise(users, names, "@")
    if len(joined) == len(addresses):
        return joined
    return pc.replace_with_mask(addresses, present, joined)


def _per_address(flags: list[bool], which: np.ndarray[tuple[int], np.dtype[np.int32]]) -> Mask:
    return np.array([*flags, False], np.bool_)[which]


def _without_tag(users: pa.StringArray) -> pa.StringArray:
    return pc.replace_substring_regex(users, r"^([^+]*[^+.'{}|/])[.'{}|/]*\+.*$", r"\1")


def _trimmed(
    users: pa.StringArray, where: Mask, mark: str, trim: Callable[[pa.StringArray], pa.StringArray]
) -> pa.StringArray:
    """The users trimmed, of the marked ones those that hold a character."""
    if not where.any():
        return users
    where = where & holding(users, mark)
    if not where.any():
        return users
    marked = pa.array(where)
    return pc.replace_with_mask(users, marked, trim(users.filter(marked)))
