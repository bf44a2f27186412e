"""Interactions as they stand, and how each came to stand there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from matcher.errors import OptionError, UnknownInStore
from matcher.store.ids import interaction_id, interaction_number, person_id, run_id
from matcher.store.interactions.tables import STATUSES
from matcher.store.ledger import Ledger
from matcher.store.lookup import current_person
from matcher.store.session import Session

_LISTED = """
SELECT 'I' || it.interaction AS interaction, it.interaction_id, it.source, it.occurred_at,
    it.state_code, now.status, 'P' || now.person AS person_id, named.record_id, now.probability,
    now.reason, run.done_at AS since, contact.first_name, contact.last_name,
    emails, phones, addresses
FROM current_interaction AS it
JOIN current_link AS now USING (interaction)
JOIN run ON run.run = now.run
LEFT JOIN (SELECT record, arg_max(record_id, version) AS record_id FROM record GROUP BY record)
    AS named ON named.record = now.record
LEFT JOIN (SELECT version, first(coalesce(first_name, full_name) ORDER BY place) AS first_name,
        first(last_name ORDER BY place) AS last_name FROM contact GROUP BY version) AS contact
    ON contact.version = it.version
LEFT JOIN (SELECT version,
        list(value ORDER BY place) FILTER (WHERE kind = 'email') AS emails,
        list(value ORDER BY place) FILTER (WHERE kind = 'phone') AS phones,
        list(value ORDER BY place) FILTER (WHERE kind = 'address') AS addresses
    FROM interaction_identifier GROUP BY version) AS found ON found.version = it.version
WHERE (?::VARCHAR IS NULL OR now.status = ?) AND (?::BIGINT IS NULL OR now.person = ?)
    AND it.interaction > ?
ORDER BY it.interaction LIMIT ?"""

_WHO = "SELECT interaction FROM interaction WHERE interaction_id = ? GROUP BY interaction"
_SAID = """SELECT run, epoch_us(done_at), status, person, through, reason, probability, link.model
FROM link JOIN run USING (run) WHERE interaction = ? ORDER BY link"""
_LAST = "SELECT max(link) FROM link WHERE interaction = ?"
_CANDIDATES = """
SELECT person, arg_max(record.record_id, version), any_value(probability), any_value(reason)
FROM link_candidate JOIN record USING (record)
WHERE link = ? GROUP BY person, place ORDER BY place"""
_CAME = """SELECT source, interaction_id, file, line, epoch_us(occurred_at), state_code, raw
FROM interaction WHERE interaction = ? ORDER BY version"""


def interactions_table(
    session: Session,
    status: str | None = None,
    asked: str | None = None,
    after: str | None = None,
    limit: int | None = None,
) -> pa.Table:
    """Interactions with their links; see ``matcher.store.Store.interactions``.

    Args:
        session: of the store.
        status: only those that have it.
        asked: only those linked to the person of this id.
        after: only those that came after the one of this id.
        limit: how many at most.

    Raises:
        OptionError: there is no such status.
        UnknownInStore: there is no such person, or ``after`` is no id.
    """
    if status is not None and status not in STATUSES:
        raise OptionError(f"There is no status {status!r}; use one of {', '.join(STATUSES)}.")
    with session.reading() as ledger:
        person = None if asked is None else current_person(ledger, asked)
        first = -1 if after is None else interaction_number(after)
        return ledger.table(_LISTED, [status, status, person, person, first, limit])


@dataclass(frozen=True)
class Moment:
    """What was found of an interaction at some time.

    Attributes:
        at: when it was found.
        run: id of the run.
        status: ``linked``, ``review``, ``unmatched``, ``invalid`` or ``erased``.
        person_id: linked to whom.
        probability: of that person, or of the likeliest one.
        reason: in words.
        model: version of the model that weighed.
        words: the same as a sentence.
    """

    at: datetime
    run: str
    status: str
    person_id: str | None
    probability: float | None
    reason: str
    model: int
    words: str


@dataclass(frozen=True)
class Interaction:
    """One interaction, and how it came to be linked or not.

    Attributes:
        interaction: its id in the store.
        interaction_id: its own id, where it has one.
        source: where it comes from.
        file: that it came in; ``line`` in it.
        line: counted from 1.
        occurred_at: when it took place; a link is valid from then on.
        state_code: as it came.
        status: now.
        person_id: linked to whom now.
        probability: of that person.
        reason: why.
        candidates: persons that may be meant, where it is in review: ``person_id, record_id,
            probability, reason``, the likeliest first.
        moments: what was found and when, from the first time on.
        content: the interaction as it came.
    """

    interaction: str
    interaction_id: str | None
    source: str
    file: str | None
    line: int | None
    occurred_at: datetime | None
    state_code: str | None
    status: str
    person_id: str | None
    probability: float | None
    reason: str
    candidates: Sequence[dict[str, Any]]
    moments: Sequence[Moment]
    content: Any

    def to_dict(self) -> dict[str, Any]:
        """Plain values, times as ISO texts."""
        plain = asdict(self)
        plain["occurred_at"] = self.occurred_at and self.occurred_at.isoformat()
        plain["candidates"] = list(self.candidates)
        plain["moments"] = [{**m, "at": m["at"].isoformat()} for m in plain["moments"]]
        return plain

    def __str__(self) -> str:
        own = f" ({self.interaction_id})" if self.interaction_id else ""
        when = f", {self.occurred_at:%Y-%m-%d}" if self.occurred_at else ""
        lines = [f"{self.interaction}{own}, from {self.source}{when}: {self.status}"]
        lines += [f"  {moment.at:%Y-%m-%d %H:%M} {moment.words}" for moment in self.moments]
        for one in self.candidates:
            lines.append(f"  {one['probability']:7.1%}  {one['person_id']}  {one['reason']}")
        return "\n".join(lines)


def interaction(session: Session, text: str) -> Interaction:
    """One interaction by its id; see ``matcher.store.Store.interaction``.

    Raises:
        UnknownInStore: there is no such interaction.
    """
    with session.reading() as ledger:
        number = _number(ledger, text)
        source, own, file, line, when, state, raw = ledger.rows(_CAME, [number])[-1]
        moments = _moments(ledger, number)
        now = moments[-1]
        listed = now.status == "review"
        candidates = _candidates(ledger, number) if listed else []
    return Interaction(
        interaction_id(number), own, source, file, line, _time(when), state, now.status,
        now.person_id, now.probability, now.reason, candidates, moments, _content(raw),
    )  # fmt: skip


def _number(ledger: Ledger, text: str) -> int:
    """``I12``, or the interaction's own id."""
    text = str(text).strip()
    own = [number for (number,) in ledger.rows(_WHO, [text])]
    if len(own) == 1:
        return int(own[0])
    if len(own) > 1:
        named = ", ".join(map(interaction_id, own))
        raise UnknownInStore(f"{text!r} is the id of several interactions: {named}; say which.")
    number = interaction_number(text)
    if not ledger.rows("SELECT 1 FROM interaction WHERE interaction = ? LIMIT 1", [number]):
        raise UnknownInStore(f"there is no interaction {text} in this store.")
    return number


def _moments(ledger: Ledger, number: int) -> list[Moment]:
    moments: list[Moment] = []
    for run, at, status, person, through, why, probability, model in ledger.rows(_SAID, [number]):
        who = None if person is None else person_id(person)
        reason = why if through is None else f"{why}, as in {interaction_id(through)} of theirs"
        before = moments[-1] if moments else None
        words = _words(status, who, reason, probability, before)
        moments.append(
            Moment(_moment(at), run_id(run), status, who, probability, reason, model, words)
        )
    return moments


def _moment(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1e6, UTC)


def _time(microseconds: int | None) -> datetime | None:
    return None if microseconds is None else _moment(microseconds)


def _words(
    status: str, person: str | None, reason: str, probability: float | None, before: Moment | None
) -> str:
    """What happened, as a sentence: also what it means for what was found before."""
    was = before.person_id if before else None
    sure = "" if probability is None else f" ({probability:.1%})"
    if status == "linked":
        if was == person:
            return f"still linked to {person}{sure}: {reason}"
        instead = f" instead of {was}" if was else ""
        return f"linked to {person}{instead}{sure}: {reason}"
    withdrawn = f"link to {was} withdrawn, " if was else ""
    told = {"review": "in review", "erased": "erased"}.get(status, status)
    return f"{withdrawn}{told}: {reason}"


def _candidates(ledger: Ledger, number: int) -> list[dict[str, Any]]:
    ((last,),) = ledger.rows(_LAST, [number])
    return [
        {"person_id": person_id(p), "record_id": record, "probability": likely, "reason": reason}
        for p, record, likely, reason in ledger.rows(_CANDIDATES, [last])
    ]


def _content(raw: str | None) -> Any:
    """The interaction as JSON; as text where it is none, ``None`` where nothing is kept."""
    try:
        return None if raw is None else json.loads(raw)
    except ValueError:
        return raw
