"""A replay in a few sentences, for a person who will not read the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.policies.outcomes import Outcome

#: What is worth a sentence of its own, and how to say it of one and of several.
_SAID: Mapping[Outcome, tuple[str, str]] = {
    Outcome.MERGED: ("row made two records one", "rows made two records one"),
    Outcome.PHONE_MOVED: (
        "phone moved from one person to another",
        "phones moved from one person to another",
    ),
    Outcome.PHONE_OVERWRITTEN: ("phone was overwritten", "phones were overwritten"),
    Outcome.EMAIL_OVERWRITTEN: ("email was overwritten", "emails were overwritten"),
    Outcome.EMAIL_DROPPED: ("email was not kept", "emails were not kept"),
    Outcome.EMAIL_CHANGE_REFUSED: (
        "change of an email was refused, for somebody else has it",
        "changes of an email were refused, for somebody else has it",
    ),
    Outcome.CONFLICT: ("conflict between ids", "conflicts between ids"),
    Outcome.CONSENT_KEPT: (
        "opt-in did not lift an opt-out that is newer or as new",
        "opt-ins did not lift an opt-out that is newer or as new",
    ),
}


def sentences(report: Mapping[str, Any]) -> Sequence[str]:
    """What happened, from a replay's report; what did not happen is left out."""
    counts, outcomes = report["counts"], report["outcomes"]
    rows = _counted(counts["rows"], "row", "rows")
    lines = [
        f"{rows}: {report['policy']} would hold "
        f"{_counted(counts['people'], 'person', 'people')} (profile {report['profile']})."
    ]
    for outcome, (one, many) in _SAID.items():
        if outcomes.get(outcome):
            lines.append(f"{_counted(outcomes[outcome], one, many)}.")
    if counts["possible_duplicates"]:
        said = _counted(
            counts["possible_duplicates"],
            "person would be shown as a possible duplicate",
            "people would be shown as possible duplicates",
        )
        lines.append(f"{said}.")
    if counts["rejects"]:
        said = _counted(counts["rejects"], "row or value", "rows or values")
        lines.append(f"{said} could not be used: rejects.csv says why.")
    return lines


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
