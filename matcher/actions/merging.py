"""Which id is merged into which, and which are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.actions.held import Held
from matcher.actions.opted_out import EMAIL
from matcher.actions.tools import Tool
from matcher.clustering import components
from matcher.pipeline import Matched

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


class Reason(IntEnum):
    """Why an id is left alone; what is graver stands first."""

    NONE = 0
    ALREADY_MERGED = 1
    SEVERAL_PEOPLE = 2
    PERSON_AND_ORGANISATION = 3
    ORGANISATION = 4
    UNCLEAR_LIST = 5
    UNSURE = 6
    OTHER_LIST = 7


#: What the file says.
SENTENCES: dict[Reason, str] = {
    Reason.ALREADY_MERGED: "an earlier file of steps merged it away",
    Reason.SEVERAL_PEOPLE: "its records are of several people here; one id stands for one person",
    Reason.PERSON_AND_ORGANISATION: "one of its records is a person, another an organisation",
    Reason.ORGANISATION: "organisations are not merged in this tool",
    Reason.UNCLEAR_LIST: "it is not known in which instance and state its id counts",
    Reason.UNSURE: "probably one person with another id of the list, but look at the pair first",
    Reason.OTHER_LIST: "the person's other ids are in another list; lists cannot be merged",
}
#: Told even where the person has no second id: something is amiss with the id itself.
_ALWAYS_TOLD = (Reason.ALREADY_MERGED, Reason.SEVERAL_PEOPLE, Reason.PERSON_AND_ORGANISATION)


@dataclass(frozen=True)
class Evidence:
    """What of a run decides about merges.

    Attributes:
        matched: the run.
        sure: int64 per record, a label that records share which nobody has to look at.
        opted_out: int64 per record, bits of the channels.
        filled: int64 per record, how many columns have a value.
        date: int64 per record, the rank of its date; 0 without one.
    """

    matched: Matched
    sure: Ints
    opted_out: Ints
    filled: Ints
    date: Ints


@dataclass(frozen=True)
class Plan:
    """The steps of one tool, by numbers of ids.

    Attributes:
        source: int64, ids to be merged away.
        target: int64, ids that stay, one per step.
        left: int64, ids left alone.
        reasons: int64, a ``Reason`` for each of them.
        clusters: int64 per id, the cluster of one of its records.
    """

    source: Ints
    target: Ints
    left: Ints
    reasons: Ints
    clusters: Ints


def sure_groups(matched: Matched, held: Sequence[Held], sure: float) -> Ints:
    """Labels of the records that are one person without a doubt.

    Records are joined by pairs of their cluster with at least that probability, and by sharing
    one id of a tool.
    """
    pairs = matched.candidates
    left, right = pairs.left.astype(np.int64), pairs.right.astype(np.int64)
    joins = (matched.weighed.probability >= sure) & (
        matched.clusters[left] == matched.clusters[right]
    )
    lefts, rights = [left[joins]], [right[joins]]
    for each in held:
        first = each.lowest(each.rows)[each.owner]
        same = matched.clusters[first] == matched.clusters[each.rows]
        lefts.append(first[same])
        rights.append(each.rows[same])
    return components(len(matched.clusters), np.concatenate(lefts), np.concatenate(rights))


def plan_merges(held: Held, tool: Tool, evidence: Evidence, gone: Bools) -> Plan:
    """The steps of one tool.

    The ids of one person in one list are all merged into one of them, the target, so that no id
    comes up again after it was merged away.

    Args:
        held: the ids.
        tool: whose they are.
        evidence: what is known of their records.
        gone: per id, whether an earlier file of steps merged it away.
    """
    matched = evidence.matched
    clusters = held.lowest(matched.clusters[held.rows])
    reasons = _unfit(held, tool, matched, gone)
    lists = held.lists.dictionary_encode().indices.to_numpy().astype(np.int64)
    fit = np.flatnonzero(reasons == Reason.NONE)
    group = _dense(held.lowest(evidence.sure[held.rows]), lists)
    ranked = fit[np.lexsort((_best_first(held, tool, evidence)[fit], group[fit]))]
    first = np.diff(group[ranked], prepend=-1) != 0
    stay = ranked[first]
    target = stay[np.cumsum(first) - 1]
    several = _company(clusters, stay) > 1
    unsure = _company(_dense(clusters, lists), stay) > 1
    apart = stay[several[stay]]
    reasons[apart] = np.where(unsure[apart], Reason.UNSURE, Reason.OTHER_LIST)
    several = _company(clusters, np.arange(len(held))) > 1
    told = (reasons != Reason.NONE) & (several | np.isin(reasons, _ALWAYS_TOLD))
    left = np.flatnonzero(told)
    return Plan(ranked[~first], target[~first], left, reasons[left], clusters)


def _unfit(held: Held, tool: Tool, matched: Matched, gone: Bools) -> Ints:
    """Why an id may be in no step at all."""
    reasons = np.full(len(held), Reason.NONE, np.int64)
    organisation = matched.records.organisation[held.rows].astype(np.int64)
    cluster = matched.clusters[held.rows]
    any_organisation = held.highest(organisation) == 1
    found = (
        (Reason.UNCLEAR_LIST, held.unclear),
        (Reason.ORGANISATION, any_organisation & tool.people_only),
        (Reason.PERSON_AND_ORGANISATION, any_organisation & (held.lowest(organisation) == 0)),
        (Reason.SEVERAL_PEOPLE, held.lowest(cluster) != held.highest(cluster)),
        (Reason.ALREADY_MERGED, gone),
    )
    for reason, flags in found:
        reasons[flags] = reason
    return reasons


def _best_first(held: Held, tool: Tool, evidence: Evidence) -> Ints:
    """The rank of each id as the one to stay, by what its records say and never by their order.

    Where a merge combines the addresses, the id with the most said no to stays, for the target's
    flags hold; where it keeps one address, the one that may be written to. Then the one with an
    email, the most complete, the most recent, and the lowest id.
    """
    rows = held.rows
    no = held.highest(evidence.opted_out[rows])
    first = -no if tool.combines else (no & EMAIL)
    emails = evidence.matched.records.emails
    has_email = np.zeros(len(rows), np.int64)
    for slot in emails:
        has_email |= (slot.codes[rows] >= 0).astype(np.int64)
    keys = pa.table({"length": pc.utf8_length(held.ids), "id": held.ids})
    by_id = np.empty(len(held), np.int64)
    order = pc.sort_indices(keys, [("length", "ascending"), ("id", "ascending")])
    by_id[order.to_numpy()] = np.arange(len(held))
    ranked = np.lexsort(
        (
            by_id,
            -held.highest(evidence.date[rows]),
            -held.highest(evidence.filled[rows]),
            -held.highest(has_email),
            first,
        )
    )
    rank = np.empty(len(held), np.int64)
    rank[ranked] = np.arange(len(held))
    return rank


def _dense(one: Ints, other: Ints) -> Ints:
    """A number for each distinct pair of values, from 0."""
    ranked = np.lexsort((other, one))
    new = np.diff(one[ranked], prepend=-1) != 0
    new[1:] |= np.diff(other[ranked]) != 0
    numbers = np.empty(len(one), np.int64)
    numbers[ranked] = np.cumsum(new) - 1
    return numbers


def _company(group: Ints, places: Ints) -> Ints:
    """For each id how many of the ids at some places are in its group."""
    counts = np.bincount(group[places], minlength=int(group.max(initial=0)) + 1)
    company: Ints = counts[group].astype(np.int64)
    return company
