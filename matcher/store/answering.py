"""Many decisions at once, as a reviewer fills them into the list of doubtful pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import InputError, OptionError, StoreError, UnknownInStore, UnusableColumns
from matcher.outputs import FORMULA_QUOTE
from matcher.reading.inputs import inputs_of, read_inputs
from matcher.reading.sheet import Sheet
from matcher.store.changes import Changes
from matcher.store.contradictions import Pair
from matcher.store.decided import Verdict
from matcher.store.deciding import check_by, ordered, refuse_contradiction, say
from matcher.store.ledger import Ledger
from matcher.store.lookup import record_number
from matcher.store.session import Session

#: The columns of a list of answers; ``review_queue`` and ``review.csv`` have the first two.
LEFT, RIGHT, VERDICT = "record_id_left", "record_id_right", "verdict"

_VERDICTS = tuple(verdict.value for verdict in Verdict)

#: Live records that are called so, and by no other record of the store.
_CALLED = """
SELECT record_id, any_value(record) FROM current_record
WHERE record_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY record_id HAVING count(*) = 1"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of two records.

    Attributes:
        place: where it stands, for messages: the input and its row.
        left: id of a record.
        right: of another.
        verdict: ``same``, ``different`` or ``unsure``.
    """

    place: str
    left: str
    right: str
    verdict: str


def decide_all(session: Session, source: Any, *, by: str, note: str | None = None) -> Changes:
    """Takes in a list of answers; see ``matcher.store.Store.decide_all``."""
    check_by(by)
    answers = [answer for sheet in read_inputs(inputs_of(source)) for answer in _answers(sheet)]
    if not answers:
        raise InputError(f"no row has a {VERDICT}; write one of {', '.join(_VERDICTS)} into some.")
    with session.lock:
        said = _said(answers, _numbers(session.ledger, answers))
        refuse_contradiction(session, said)
        return say(session, "decide", said, by, note)


def _answers(sheet: Sheet) -> list[Answer]:
    """The rows that have a verdict.

    Raises:
        UnusableColumns: a column is missing.
        InputError: a verdict is no such word, or a record is not named.
    """
    left, right, verdict = (_column(sheet, name) for name in (LEFT, RIGHT, VERDICT))
    answers = []
    for row, one, other, said in zip(sheet.rows.tolist(), left, right, verdict, strict=True):
        if said:
            answers.append(Answer(f"{sheet.name}, row {row}", one, other, said.lower()))
    for answer in answers:
        if answer.verdict not in _VERDICTS:
            raise InputError(
                f"{answer.place}: {answer.verdict!r} is no {VERDICT}; write one of"
                f" {', '.join(_VERDICTS)}, or leave it empty."
            )
        if not (answer.left and answer.right):
            raise InputError(f"{answer.place}: names no record under {LEFT} or {RIGHT}.")
    return answers


def _column(sheet: Sheet, name: str) -> Sequence[str]:
    headers = [header.strip().lower() for header in sheet.headers]
    if name not in headers:
        raise UnusableColumns(
            f"{sheet.name}: has no column {name}; answers take {LEFT}, {RIGHT} and {VERDICT}."
        )
    column = sheet.columns[headers.index(name)]
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return [text or "" for text in texts.to_pylist()]


def _numbers(ledger: Ledger, answers: Iterable[Answer]) -> dict[str, int]:
    """The record that each id means.

    Raises:
        UnknownInStore: there is no such record.
        StoreError: records of several sources are called that.
    """
    first = {name: answer.place for answer in answers for name in (answer.left, answer.right)}
    numbers = {name: int(record) for name, record in ledger.rows(_CALLED, [list(first)])}
    for name, place in first.items():
        if name not in numbers:
            try:
                numbers[name] = _number(ledger, name)
            except StoreError as error:
                kind = UnknownInStore if isinstance(error, UnknownInStore) else StoreError
                raise kind(f"{place}: {error}") from None
    return numbers


def _number(ledger: Ledger, name: str) -> int:
    """The record that an id means, which a list for spreadsheets may have put a quote before."""
    try:
        return record_number(ledger, name)
    except UnknownInStore:
        if not name.startswith(FORMULA_QUOTE):
            raise
        return record_number(ledger, name.removeprefix(FORMULA_QUOTE))


def _said(answers: Iterable[Answer], numbers: dict[str, int]) -> dict[Pair, str]:
    """The verdict on each pair.

    Raises:
        OptionError: both ids name one record.
        StoreError: two rows say different things of one pair.
    """
    first: dict[Pair, Answer] = {}
    for answer in answers:
        pair = ordered(numbers[answer.left], numbers[answer.right])
        if pair[0] == pair[1]:
            raise OptionError(f"{answer.place}: both ids name the record {answer.left!r}.")
        earlier = first.setdefault(pair, answer)
        if earlier.verdict != answer.verdict:
            raise StoreError(
                f"{answer.place}: says {answer.verdict} of {answer.left!r} and {answer.right!r},"
                f" but {earlier.place} says {earlier.verdict}; leave one of them."
            )
    return {pair: answer.verdict for pair, answer in first.items()}
