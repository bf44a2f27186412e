"""What was done with people of a list besides: outreaches, notes, taggings, registrations."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from matcher.store.ledger import Ledger
from matcher.store.lists.dates import instant


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing that was done.

    Attributes:
        activity_id: names it; never used again.
        kind: ``outreach``, ``note``, ``tagging`` or ``registration``.
        about: the id of what it belongs to in the vendor's system, such as a campaign.
        content: what else is to be kept of it, as JSON.
    """

    activity_id: str
    kind: str
    about: str | None = None
    content: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """An activity as it is told.

    Attributes:
        activity: what was done.
        number: of the person in the list, with whom or by whom.
        at: when it was recorded.
    """

    activity: Activity
    number: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """An activity that is to be kept, and whose it is.

    Attributes:
        activity: what was done.
        number: of the person in the list.
        person: of the store, where the list holds nobody who did it.
    """

    activity: Activity
    number: int | None
    person: int | None = None


def save(ledger: Ledger, policy: str, recorded: Sequence[Recorded], run: int) -> None:
    """Adds activities; to be called inside a transaction."""
    done = [each.activity for each in recorded]
    ledger.add(
        "vendor_activity",
        {
            "policy": [policy] * len(done),
            "run": run,
            "activity_id": [each.activity_id for each in done],
            "kind": [each.kind for each in done],
            "about": pa.array([each.about for each in done], pa.string()),
            "number": pa.array([each.number for each in recorded], pa.int64()),
            "person": pa.array([each.person for each in recorded], pa.int64()),
            "content": pa.array([_json(each) for each in done], pa.string()),
        },
    )


def _json(activity: Activity) -> str:
    return json.dumps(dict(activity.content), ensure_ascii=False, separators=(",", ":"))


def of_person(ledger: Ledger, policy: str, number: int, kind: str) -> list[Told]:
    """What was done of one kind with a person of a list, the first thing first.

    Args:
        ledger: of the file.
        policy: the list.
        number: of the person in it.
        kind: of activity.
    """
    return _told(ledger, "policy = ? AND number = ? AND kind = ?", [policy, number, kind])


def of_subject(ledger: Ledger, policy: str, about: str, kind: str) -> list[Told]:
    """What was done of one kind about one subject, the first thing first."""
    return _told(ledger, "policy = ? AND about = ? AND kind = ?", [policy, about, kind])


def _told(ledger: Ledger, condition: str, values: Sequence[Any]) -> list[Told]:
    return [
        Told(Activity(own_id, kind, about, json.loads(content)), number, instant(at))
        for own_id, kind, about, number, content, at in ledger.rows(
            f"{_SELECT} AND {condition} ORDER BY run, place",
            list(values),
        )
    ]


#: Of runs that were undone nothing is told, nor of people who were forgotten.
_SELECT = """
SELECT activity_id, kind, about, number, content, epoch_us(done_at)
FROM (SELECT *, rowid AS place FROM vendor_activity) JOIN (SELECT run, done_at FROM run) USING (run)
WHERE content IS NOT NULL
    AND 'R' || run NOT IN (SELECT undoes FROM run WHERE undoes IS NOT NULL)"""
