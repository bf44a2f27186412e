"""Who said no to what, by record and by person."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.consent import forbids_calls
from matcher.pipeline import Matched
from matcher.policies import consent
from matcher.records import encode

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

#: Consent column -> bit and word; the graver the greater.
CHANNELS: Mapping[str, tuple[int, str]] = {
    "email_consent": (4, "email"),
    "sms_consent": (2, "sms"),
    "phone_consent": (1, "phone"),
}
EMAIL = 4
#: A mailbox that bounced said no to nothing.
_NO = consent.RESTRICTION[consent.UNSUBSCRIBED]


def opted_out(table: pa.Table) -> Ints:
    """Per record the bits of the channels that its person said no to."""
    bits = np.zeros(table.num_rows, np.int64)
    for name, (bit, _) in CHANNELS.items():
        if name in table.column_names:
            column = encode(table.column(name))
            no = [_says_no(name, text) for text in column.values.to_pylist()]
            bits |= np.where(np.array([*no, False], np.bool_)[column.codes], bit, 0)
    return bits


def _says_no(name: str, text: str) -> bool:
    if name == "phone_consent":
        return forbids_calls(text)
    return consent.RESTRICTION.get(consent.status_of(text), 0) >= _NO


def words(bits: int) -> str:
    """The channels, as in ``email, sms``."""
    return ", ".join(word for bit, word in CHANNELS.values() if bits & bit)


def silent_people(matched: Matched, bits: Ints, clusters: Ints) -> Bools:
    """Whether every email address of these clusters is opted out, in all tools together.

    A record's statement is about its first address. Of one address the strictest statement
    holds; a cluster without any address is not meant.

    Args:
        matched: the run.
        bits: ``opted_out`` of its records.
        clusters: int64, some clusters.
    """
    wanted = np.zeros(len(matched.clusters), np.bool_)
    wanted[clusters] = True
    rows = np.flatnonzero(wanted[matched.clusters])
    owner, codes, no = [], [], []
    for place, slot in enumerate(matched.records.emails):
        here = rows[slot.codes[rows] >= 0]
        owner.append(matched.clusters[here])
        codes.append(slot.codes[here])
        no.append((bits[here] & EMAIL > 0) if place == 0 else np.zeros(len(here), np.bool_))
    free = np.zeros(len(matched.clusters), np.bool_)
    any_email = free.copy()
    if owner:
        people, said_no = _strictest(
            np.concatenate(owner), np.concatenate(codes), np.concatenate(no)
        )
        any_email[people] = True
        free[people[~said_no]] = True
    silent: Bools = (any_email & ~free)[clusters]
    return silent


def _strictest(owner: Ints, codes: Ints, no: Bools) -> tuple[Ints, Bools]:
    """Per cluster and address whether any statement says no."""
    keys = (owner << np.int64(32)) | codes
    ranked = np.argsort(keys, kind="stable")
    if not len(ranked):
        return owner, no
    starts = np.flatnonzero(np.diff(keys[ranked], prepend=-1))
    return owner[ranked[starts]], np.logical_or.reduceat(no[ranked], starts)
