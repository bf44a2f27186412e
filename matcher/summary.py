"""A run in a few numbers and sentences, for a person who will not read the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.clustering import Rows, components
from matcher.pipeline import Matched
from matcher.result import Result


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run found.

    Attributes:
        inputs: files or tables read.
        records: records in them.
        people: clusters that are persons.
        organisations: clusters that are not.
        people_of_several: persons of more than one record.
        households: groups of people who probably live together or share a phone or mailbox, and
            were kept apart.
        review_pairs: pairs for a person to look at.
        rejects: rows and values that could not be used.
        linked: of the first of two sets that were linked, the records found in the second;
            ``None`` where one set was deduplicated.
        left_records: records of that first set; ``None`` likewise.
    """

    inputs: int
    records: int
    people: int
    organisations: int
    people_of_several: int
    households: int
    review_pairs: int
    rejects: int
    linked: int | None = None
    left_records: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The numbers by name, ready for JSON; what does not apply is left out."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def sentences(self) -> Sequence[str]:
        """One sentence per finding; findings of nothing are left out, but for the first."""
        files = counted(self.inputs, "file")
        found = counted(self.people, "person", "people")
        if self.organisations:
            found += f" and {counted(self.organisations, 'organisation')}"
        verb = "is" if self.records == 1 else "are"
        lines = [f"{counted(self.records, 'record')} in {files} {verb} {found}."]
        if self.linked is not None:
            verb_linked = "is" if self.linked == 1 else "are"
            lines.append(
                f"{self.linked:,} of the {self.left_records:,} records on the left {verb_linked} "
                "also on the right."
            )
        elif self.people_of_several:
            several = counted(self.people_of_several, "person has", "people have")
            lines.append(f"{several} more than one record.")
        if self.households:
            lines.append(
                f"{counted(self.households, 'household')} of people who share a phone, mailbox "
                "or address: kept apart."
            )
        if self.review_pairs:
            lines.append(f"{counted(self.review_pairs, 'pair')} to look at: review.csv.")
        if self.rejects:
            lines.append(
                f"{counted(self.rejects, 'row or value', 'rows or values')} could not be used: "
                "rejects.csv says why."
            )
        return lines


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 record``, ``2,000 records``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def summarise(result: Result) -> Summary:
    """The summary of a run."""
    matched = result.matched
    counts = result.report["counts"]
    sizes = np.bincount(matched.clusters)
    organisations = np.unique(matched.clusters[matched.records.organisation])
    linked, left = _linked(matched)
    return Summary(
        inputs=len(matched.raw.sources),
        records=counts["records"],
        people=counts["clusters"] - len(organisations),
        organisations=len(organisations),
        people_of_several=int((sizes > 1).sum() - (sizes[organisations] > 1).sum()),
        households=_households(matched),
        review_pairs=counts["review_pairs"],
        rejects=counts["rejects"],
        linked=linked,
        left_records=left,
    )


def _households(matched: Matched) -> int:
    with matched.spill.eased_meanwhile():
        return len(household_sizes(matched))


def household_sizes(matched: Matched) -> npt.NDArray[np.int64]:
    """How many people each household has, for households of two and more.

    A household is a group of clusters held together by pairs that are more probably two people
    of one household than anything else.
    """
    household = components(len(matched.clusters), *_likely_households(matched))
    sizes = np.bincount(household[np.flatnonzero(_heads(matched))])
    return sizes[sizes > 1]


def _likely_households(matched: Matched) -> tuple[Rows, Rows]:
    """The clusters of both sides of such pairs, which may be more than the records."""
    pairs = matched.candidates
    places = np.flatnonzero(matched.weighed.household)
    clusters = matched.clusters.astype(pairs.left.dtype)  # as narrow as the pairs
    left, right = clusters[pairs.left[places]], clusters[pairs.right[places]]
    apart = np.flatnonzero(left != right)
    return left[apart], right[apart]


def _heads(matched: Matched) -> npt.NDArray[np.bool_]:
    """True for the one record of each cluster whose index is the cluster's name."""
    heads: npt.NDArray[np.bool_] = matched.clusters == np.arange(len(matched.clusters))
    return heads


def _linked(matched: Matched) -> tuple[int | None, int | None]:
    """Records of the left side whose cluster also has one of the right side, and all of them."""
    if matched.right_side is None:
        return None, None
    count = len(matched.clusters)
    has_right = np.zeros(count, np.bool_)
    has_right[matched.clusters[matched.right_side]] = True
    left = ~matched.right_side
    return int(has_right[matched.clusters[left]].sum()), int(left.sum())
