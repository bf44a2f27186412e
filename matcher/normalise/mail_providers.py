"""What is known of mailbox providers: spelling slips, and what they ignore before the ``@``."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Domains that write to the same mailboxes as another one.
_SAME_MAILBOXES = {
    "googlemail.com": "gmail.com",
    "pm.me": "proton.me",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ymail.com": "ymail.com",
}

#: Slips seen in sign-up sheets, by the domain that was meant.
_SLIPS: dict[str, tuple[str, ...]] = {
    "gmail.com": (
        "gmial.com", "gmai.com", "gmal.com", "gamil.com", "gnail.com", "gmaill.com", "gmil.com",
        "gmali.com", "gmaul.com", "gmsil.com", "gmeil.com", "gimail.com", "gmail.co", "gmail.cm",
        "gmail.om", "gmail.net", "gmail.org", "gmail", "gmailcom", "gmail.comm", "gmaik.com",
        "gmaol.com", "gamail.com", "gmmail.com", "ggmail.com", "gmail.couk", "g.mail.com",
    ),
    "hotmail.com": (
        "hotmial.com", "hotmal.com", "hotmai.com", "hotnail.com", "homail.com", "hotmil.com",
        "hotmaill.com", "hotmali.com", "hotamil.com", "hotmail.co", "hotmail.cm", "hotmail",
        "hotmailcom", "hormail.com", "htmail.com", "hotmsil.com",
    ),
    "yahoo.com": (
        "yaho.com", "yahooo.com", "yhoo.com", "yahho.com", "yahoo.co", "yahoo.cm", "yahoo",
        "yahoocom", "yaoo.com", "yhaoo.com", "yahoo.om", "tahoo.com", "uahoo.com",
    ),
    "outlook.com": (
        "outlok.com", "outloo.com", "outlook.co", "outlook.cm", "outllok.com",
        "outlook",
    ),
    "icloud.com": ("iclod.com", "icoud.com", "icloud.co", "iclould.com", "icloud.cm", "icloud"),
    "aol.com": ("aol.co", "aol.cm", "aoll.com", "aol", "aolcom", "ao.com"),
    "comcast.net": ("comcast.com", "comast.net", "comcst.net", "concast.net", "comcat.net"),
    "verizon.net": ("verizon.com", "verzion.net", "verison.net", "verizn.net"),
    "sbcglobal.net": ("sbcglobal.com", "sbcgobal.net", "sbcglobel.net", "sbglobal.net"),
    "msn.com": ("msn.co", "msn.cm", "msn"),
}  # fmt: skip
_MEANT = {slip: domain for domain, slips in _SLIPS.items() for slip in slips}
_ENDING_SLIPS = re.compile(r"\.(?:con|cmo|ocm|comm|coom|vom|xom|c0m|cim|cpm|dom|clm)$")

#: Mail to ``user+anything`` reaches ``user``.
_PLUS_TAGS = frozenset(
    {
        "gmail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "icloud.com",
        "fastmail.com", "fastmail.fm", "proton.me",
    }
)  # fmt: skip
#: Mail to ``u.s.e.r`` reaches ``user``.
_DOTS_IGNORED = frozenset({"gmail.com"})


class Provider(NamedTuple):
    """How one domain reads the part before the ``@``."""

    domain: str
    plus_tags: bool
    dots_ignored: bool


def provider(domain: str) -> Provider:
    """The provider behind a lower-case domain, spelling slips put right."""
    domain = _ENDING_SLIPS.sub(".com", domain)
    domain = _MEANT.get(domain, domain)
    domain = _SAME_MAILBOXES.get(domain, domain)
    return Provider(domain, domain in _PLUS_TAGS, domain in _DOTS_IGNORED)
