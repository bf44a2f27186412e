"""Persons by what is known of them: an email, a phone, an id, a name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.errors import OptionError
from matcher.normalise import normalise, normalise_phone
from matcher.normalise.emails import clean_emails
from matcher.normalise.text import fold_words_text
from matcher.records import RawRecords, Records
from matcher.store.holding import held_records
from matcher.store.ids import person_id
from matcher.store.ledger import Ledger
from matcher.store.session import Session

ExternalId = str | tuple[str, str]

_HELD = """SELECT DISTINCT person
FROM identifier JOIN current_record USING (version) JOIN current_membership USING (record)"""
_BY_IDENTIFIER = f"{_HELD} WHERE kind = ? AND value = ?"
#: VAN's ids come with the committee and the database that they are of before them.
_BY_ID = f"""{_HELD} WHERE kind NOT IN ('email', 'phone', 'address')
AND (? IS NULL OR kind IN (?, 'id:' || ?)) AND (value = ? OR ends_with(value, ':' || ?))"""
_BY_OWN_ID = """SELECT DISTINCT person FROM current_record JOIN current_membership USING (record)
WHERE record_id = ? OR (source = ? AND source_record_id = ?)"""
#: Whoever has the letters somewhere in the name; which of them has the name is seen afterwards.
_BY_LETTERS = r"""SELECT DISTINCT person FROM current_record JOIN current_membership USING (record)
WHERE contains(regexp_replace(strip_accents(lower(concat_ws(' ', first_name, middle_name,
    last_name, full_name, nickname, organization))), '[\s[:punct:]]', '', 'g'), ?)"""


def find(
    session: Session,
    email: str | None = None,
    phone: str | None = None,
    external_id: ExternalId | None = None,
    name: str | None = None,
) -> list[str]:
    """The persons that all of it is true of; see ``matcher.store.Store.find``."""
    with session.reading() as ledger:
        found: list[set[int]] = []
        if email is not None:
            found.append(_holders(ledger, "email", _email(email)))
        if phone is not None:
            found.append(_holders(ledger, "phone", _phone(phone, session.region)))
        if external_id is not None:
            found.append(_holders_of_id(ledger, external_id))
        if name is not None:
            found.append(_named(ledger, name, session.region, session.extras))
    if not found:
        raise OptionError("Say whom to find: an email, a phone, an external_id or a name.")
    return [person_id(person) for person in sorted(set.intersection(*found))]


def _email(typed: str) -> str:
    cleaned = clean_emails(pa.array([typed]))[0][0].as_py()
    if cleaned is None:
        raise OptionError(f"{typed!r} is not an email address that tells people apart.")
    return str(cleaned)


def _phone(typed: str, region: str) -> str:
    read = normalise_phone(typed, region).text
    if read is None:
        raise OptionError(f"{typed!r} cannot be a phone number.")
    return read


def _holders(ledger: Ledger, kind: str, value: str) -> set[int]:
    return {row[0] for row in ledger.rows(_BY_IDENTIFIER, [kind, value])}


def _holders_of_id(ledger: Ledger, given: ExternalId) -> set[int]:
    """Holders of ``van_id:123``, of a record ``van:123``, or of 123 in any system."""
    system, value = given if isinstance(given, tuple) else _split(given)
    found = ledger.rows(_BY_ID, [system, system, system, value, value])
    called = value if system is None else f"{system}:{value}"
    found += ledger.rows(_BY_OWN_ID, [called, system, value])
    return {row[0] for row in found}


def _split(text: str) -> tuple[str | None, str]:
    system, colon, value = text.strip().removeprefix("id:").partition(":")
    return (system.strip(), value.strip()) if colon and value.strip() else (None, system.strip())


def _named(ledger: Ledger, name: str, region: str, extra: Mapping[str, str]) -> set[int]:
    words = fold_words_text(name).split()
    if not words:
        raise OptionError(f"{name!r} holds no name.")
    candidates = [row[0] for row in ledger.rows(_BY_LETTERS, [max(words, key=len)])]
    if not candidates:
        return set()
    held = held_records(ledger, region, extra, candidates)
    has_it = _spelt_the_same(held.records, "".join(words))
    for wanted in _readings(name, region):
        here = np.ones(held.records.count, np.bool_)
        for column, text in wanted.items():
            texts = held.records.get(column).texts()
            here &= pc.fill_null(pc.equal(texts, text), False).to_numpy(zero_copy_only=False)
        has_it |= here
    return {int(person) for person in held.persons[has_it]}


def _spelt_the_same(records: Records, letters: str) -> npt.NDArray[np.bool_]:
    """The records whose given and last names have these letters, wherever one of them ends."""
    found = np.zeros(records.count, np.bool_)
    for columns in (("first_name", "last_name"), ("first_name", "middle_name", "last_name")):
        parts = [records.get(column).texts() for column in columns]
        joined = pc.replace_substring(pc.binary_join_element_wise(*parts, ""), " ", "")
        found |= pc.fill_null(pc.equal(joined, letters), False).to_numpy(zero_copy_only=False)
    return found


def _readings(name: str, region: str) -> list[dict[str, str]]:
    """What a name may say: of a person, an organisation, or a part of either."""
    found = []
    for column in ("full_name", "first_name", "last_name", "organization"):
        told = {
            name_column: texts.values[0].as_py()
            for name_column, texts in _one_record(column, name, region).columns.items()
            if name_column in ("first_name", "middle_name", "last_name", "organization")
        }
        if told and told not in found:
            found.append(told)
    return found


def _one_record(column: str, text: str, region: str) -> Records:
    table = pa.table(
        {
            "record_id": ["1"],
            "source": ["asked"],
            "source_record_id": pa.array([None], pa.string()),
            "file": pa.array(["asked"]).dictionary_encode(),
            "row": [1],
            column: [text],
        }
    )
    return normalise(RawRecords(table), default_region=region)[0]
