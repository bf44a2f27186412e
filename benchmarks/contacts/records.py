"""What the tools wrote down: for each record a person, a day and a source, and the values of then.

A record shows the state of its day (name before or after marriage, old or new home, phone and
mailbox), in the habits of its source, with slips, fake values and gaps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.contacts.columns import (
    Bools,
    Codes,
    Floats,
    any_of,
    change,
    choose,
    draw,
    join,
    numbers,
    pick,
    take,
)
from benchmarks.contacts.names import Names
from benchmarks.contacts.noise import misspell, mistype_digits
from benchmarks.contacts.places import Places
from benchmarks.contacts.population import SUFFIXES, Population
from benchmarks.contacts.reach import DIRECTIONS, STREET_TYPES, Reach
from benchmarks.contacts.sources import PERIOD, SOURCES

#: Records a person has on the list, 1 to 5.
RECORDS_A_PERSON = (0.55, 0.24, 0.12, 0.06, 0.03)

FAKE_EMAILS = (
    "none@none.com", "test@test.com", "noemail@noemail.com", "na@na.com", "unknown@unknown.com",
)  # fmt: skip
FAKE_PHONES = ("555-555-5555", "000-000-0000", "(999) 999-9999", "1234567890", "555-1212")
FAKE_STREETS = ("123 Main St", "unknown", "none", "General Delivery", "123 Fake Street")
_JUNK_FIRST_NAMES = ("Friend", "Voter", "Test", "Mr", "Anonymous", "Household")
_DOMAIN_SLIPS = (
    ("@gmail.com", "@gmial.com"), ("@gmail.com", "@gmail.con"), ("@yahoo.com", "@yaho.com"),
    ("@hotmail.com", "@hotmial.com"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """The records to be written.

    Attributes:
        person: the person's number.
        day: days since 1970-01-01.
        source: index into ``SOURCES``.
        typist: a number from 0 to 1: who typed the record, hence how all of its values look.
    """

    person: Codes
    day: Codes
    source: Codes
    typist: Floats

    def __len__(self) -> int:
        return len(self.person)

    def setting(self, values: list[float]) -> Floats:
        """For each record the value that belongs to its source."""
        return np.asarray(np.array(values)[self.source])

    def lacks(self, rng: np.random.Generator, attribute: str) -> Bools:
        """Which records leave the attribute out."""
        shares = self.setting([source.without[attribute] for source in SOURCES])
        return np.asarray(rng.random(len(self)) < shares)


def draft(rng: np.random.Generator, persons: int, rows: int) -> Draft:
    """So many records of the first persons, as far as the persons last."""
    counts = rng.choice(np.arange(1, 6), persons, p=RECORDS_A_PERSON)
    person = np.repeat(np.arange(persons), counts)[:rows]
    shares = np.array([source.share for source in SOURCES])
    return Draft(
        person=person,
        day=rng.integers(*PERIOD, len(person)),
        source=draw(rng, shares, len(person)),
        typist=rng.random(len(person)),
    )


def write_down(
    rng: np.random.Generator,
    records: Draft,
    people: Population,
    reach: Reach,
    *,
    names: Names,
    places: Places,
) -> pa.Table:
    """The records as a table of text; null where nothing was written."""
    first, middle, last, suffix = _names(rng, records, people, names)
    line1, line2, city, state, zip_code = _address(rng, records, reach, places)
    columns = {
        "source": take(pa.array([source.name for source in SOURCES]), records.source),
        "first_name": _typed(rng, records, first),
        "middle_name": middle,
        "last_name": _typed(rng, records, last),
        "suffix": suffix,
        "email": _typed(rng, records, _email(rng, records, reach)),
        "phone": _phone(rng, records, reach),
        "address_line1": _typed(rng, records, line1),
        "address_line2": line2,
        "city": _typed(rng, records, city),
        "region": state,
        "postal_code": zip_code,
        "birth_date": _birth_date(rng, records, people),
        "updated_at": _dates(records.day, "%Y-%m-%d"),
    }
    return pa.table(columns)


def _names(
    rng: np.random.Generator, records: Draft, people: Population, names: Names
) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array]:
    size, person = len(records), records.person
    first = _first_names(rng, records, people, names)
    middle_code = people.middle[person]
    middle = take(names.first, np.maximum(middle_code, 0))
    initial = pc.utf8_slice_codeunits(middle, 0, 1)
    middle = choose(rng.random(size) < 0.8, initial, middle)
    middle = choose((middle_code < 0) | records.lacks(rng, "middle_name"), None, middle)
    last = _last_names(rng, records, people, names)

    suffix = take(pa.array(SUFFIXES), people.suffix[person])
    none = (people.suffix[person] == 0) | records.lacks(rng, "suffix")
    in_last = ~none & (rng.random(size) < 0.2)
    last = choose(in_last, join(last, " ", suffix), last)
    suffix = choose(none | in_last, None, suffix)

    first, last = misspell(rng, first, 0.034), misspell(rng, last, 0.045)
    swapped = rng.random(size) < 0.005
    first, last = choose(swapped, last, first), choose(swapped, first, last)
    first = choose(records.lacks(rng, "first_name"), None, first)
    last = choose(records.lacks(rng, "last_name"), None, last)
    return first, middle, last, suffix


def _first_names(
    rng: np.random.Generator, records: Draft, people: Population, names: Names
) -> pa.Array:
    """The full name, or what the person is called, or less."""
    size, person = len(records), records.person
    nickname, has = names.draw_nickname(rng, people.first)
    called = has & (rng.random(len(people)) < 0.38)
    nicknamed = called[person] & (rng.random(size) < 0.6)
    full = take(names.first, people.first[person])
    first = choose(nicknamed, take(names.nicknames, nickname[person]), full)
    middle_code = people.middle[person]
    middle = take(names.first, np.maximum(middle_code, 0))
    # Some go by their middle name, some sign with an initial.
    by_middle = (middle_code >= 0) & (rng.random(size) < 0.008)
    first = choose(by_middle, middle, first)
    first = choose(rng.random(size) < 0.012, pc.utf8_slice_codeunits(first, 0, 1), first)
    with_middle = (middle_code >= 0) & (rng.random(size) < 0.012)
    first = choose(with_middle, join(first, " ", pc.utf8_slice_codeunits(middle, 0, 1)), first)
    junk = any_of(rng, _JUNK_FIRST_NAMES, size)
    return choose(rng.random(size) < 0.003, junk, first)


def _last_names(
    rng: np.random.Generator, records: Draft, people: Population, names: Names
) -> pa.Array:
    """The name of the day: before marriage, after it, or both."""
    size, person = len(records), records.person
    before = take(names.last, people.last[person])
    after = take(names.last, people.married_last[person])
    married = records.day >= people.married_on[person]
    both = choose(rng.random(size) < 0.6, join(before, "-", after), join(before, " ", after))
    # Who writes both names is often shortened by others.
    written = choose(people.double[person] & (rng.random(size) < 0.7), both, after)
    last = choose(married, written, before)
    return choose(rng.random(size) < 0.004, pc.utf8_slice_codeunits(last, 0, 1), last)


def _email(rng: np.random.Generator, records: Draft, reach: Reach) -> pa.Array:
    size, person = len(records), records.person
    index = reach.email[person]
    later = records.day >= reach.email_changes_on[person]
    other = reach.other_email[person]
    index = _prefer(index, other, rng.random(size) < np.where(later, 0.8, 0.1))
    index = _prefer(index, reach.shared_email[person], rng.random(size) < 0.45)
    index = _prefer(index, reach.role_email[person], rng.random(size) < 0.015)
    email = take(reach.emails, np.maximum(index, 0))
    email = misspell(rng, email, 0.012)
    for right, wrong in _DOMAIN_SLIPS:
        email = choose(rng.random(size) < 0.003, pc.replace_substring(email, right, wrong), email)
    email = choose(rng.random(size) < 0.006, pc.replace_substring(email, "@", "+news@"), email)
    fake = any_of(rng, FAKE_EMAILS, size)
    email = choose((index < 0) | records.lacks(rng, "email"), None, email)
    return choose(rng.random(size) < 0.008, fake, email)


def _phone(rng: np.random.Generator, records: Draft, reach: Reach) -> pa.Array:
    size, person = len(records), records.person
    index = reach.mobile[person]
    changed = records.day >= reach.mobile_changes_on[person]
    index = _prefer(index, reach.new_mobile[person], changed)
    landline = reach.landline[person]
    index = _prefer(index, landline, (index < 0) | (rng.random(size) < 0.45))
    index = _prefer(index, reach.office_phone[person], rng.random(size) < 0.03)
    digits = numbers(reach.phones[np.maximum(index, 0)])
    digits = mistype_digits(rng, digits, 0.012)
    area = pc.utf8_slice_codeunits(digits, 0, 3)
    exchange = pc.utf8_slice_codeunits(digits, 3, 6)
    line = pc.utf8_slice_codeunits(digits, 6, 10)
    styles = (
        join(area, "-", exchange, "-", line),
        join("(", area, ") ", exchange, "-", line),
        digits,
        join(area, ".", exchange, ".", line),
        join("+1 ", area, " ", exchange, " ", line),
    )
    edges = np.cumsum([source.phone_style for source in SOURCES], axis=1)[records.source]
    style = np.minimum((rng.random(size)[:, None] >= edges).sum(axis=1), len(styles) - 1)
    phone = pick(style, styles)
    fake = any_of(rng, FAKE_PHONES, size)
    phone = choose((index < 0) | records.lacks(rng, "phone"), None, phone)
    return choose(rng.random(size) < 0.006, fake, phone)


def _prefer(index: Codes, other: Codes, where: Bools) -> Codes:
    """The other choice where it is wanted and exists."""
    return np.where(where & (other >= 0), other, index)


def _address(
    rng: np.random.Generator, records: Draft, reach: Reach, places: Places
) -> tuple[pa.Array, pa.Array, pa.Array, pa.Array, pa.Array]:
    """Line 1, line 2, city, state and ZIP code."""
    size, person = len(records), records.person
    home = _prefer(
        reach.home[person], reach.new_home[person], records.day >= reach.moves_on[person]
    )
    home = _prefer(home, reach.own_home[person], records.day >= reach.leaves_on[person])
    line1, line2 = _street_lines(rng, reach, home, places)
    missing = records.lacks(rng, "address")
    fake = any_of(rng, FAKE_STREETS, size)
    line1 = choose(rng.random(size) < 0.003, fake, choose(missing, None, line1))
    line2 = choose(missing, None, line2)

    place = reach.addresses.place[home]
    no_city = missing & (rng.random(size) < 0.5)
    city = choose(no_city, None, misspell(rng, take(places.city, place), 0.015))
    state = choose(no_city, None, take(places.state, place))
    zip_code = mistype_digits(rng, take(places.zip_code, place), 0.012)
    plus_four = records.setting([source.zip_plus_four for source in SOURCES])
    long_form = join(zip_code, "-", numbers(home * 7919 % 9000 + 1000))
    zip_code = choose(rng.random(size) < plus_four, long_form, zip_code)
    loses = records.setting([source.loses_zeros for source in SOURCES])
    zip_code = choose(rng.random(size) < loses, pc.utf8_ltrim(zip_code, "0"), zip_code)
    return line1, line2, city, state, choose(records.lacks(rng, "zip"), None, zip_code)


def _street_lines(
    rng: np.random.Generator, reach: Reach, home: Codes, places: Places
) -> tuple[pa.Array, pa.Array]:
    size, pool = len(home), reach.addresses
    number = mistype_digits(rng, numbers(pool.house_number[home]), 0.01)
    code = pool.street_type[home]
    short = take(pa.array([name for name, _, _ in STREET_TYPES]), code)
    long = take(pa.array([name for _, name, _ in STREET_TYPES]), code)
    way = rng.random(size)
    street_type = choose(way < 0.3, long, choose(way < 0.4, join(short, "."), short))
    street_type = choose(way > 0.98, "", street_type)  # left out
    direction_code = pool.direction[home]
    direction = take(pa.array([f"{name} " if name else "" for name in DIRECTIONS]), direction_code)
    direction = choose(rng.random(size) < 0.08, "", direction)
    street = misspell(rng, take(places.street, pool.street[home]), 0.03)
    line1 = pc.utf8_rtrim_whitespace(join(number, " ", direction, street, " ", street_type))

    unit = numbers(pool.unit[home])
    in_flat = (pool.unit[home] > 0) & (rng.random(size) < 0.85)
    forms = (join("Apt ", unit), join("#", unit), join("Unit ", unit))
    unit = pick(rng.choice(len(forms), size, p=(0.6, 0.25, 0.15)), forms)
    inline = rng.random(size) < 0.3
    line1 = choose(in_flat & inline, join(line1, " ", unit), line1)
    return line1, choose(in_flat & ~inline, unit, pa.nulls(size, pa.string()))


def _birth_date(rng: np.random.Generator, records: Draft, people: Population) -> pa.Array:
    size = len(records)
    born = people.born[records.person].astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    day = (born - month).astype(np.int64)
    year = month.astype("datetime64[Y]")
    month_of_year = (month - year).astype(np.int64)
    swapped = (day < 12) & (rng.random(size) < 0.012)
    swapped_date = (year.astype("datetime64[M]") + day).astype("datetime64[D]") + month_of_year
    born = np.where(swapped, swapped_date, born)
    year_only = rng.random(size) < 0.015
    born = np.where(year_only, year.astype("datetime64[D]"), born)
    days = born.astype(np.int64)
    formats = sorted({source.date_format for source in SOURCES})
    index = np.array([formats.index(source.date_format) for source in SOURCES])[records.source]
    written = pick(index, [_dates(days, form) for form in formats])
    written = mistype_digits(rng, written, 0.012)
    return choose(records.lacks(rng, "birth_date"), None, written)


def _dates(days: Codes, form: str) -> pa.Array:
    """Days as text, each distinct day formatted once."""
    lowest = int(days.min())
    span = np.arange(lowest, int(days.max()) + 1, dtype=np.int32)
    return take(pc.strftime(pa.array(span).cast(pa.date32()), form), days - lowest)


def _typed(rng: np.random.Generator, records: Draft, texts: pa.Array) -> pa.Array:
    """In capitals or small letters where the record's typist writes so, with a stray blank."""
    upper = records.setting([source.upper for source in SOURCES])
    lower = records.setting([source.lower for source in SOURCES])
    texts = _rewrite(texts, records.typist < upper, pc.utf8_upper)
    texts = _rewrite(texts, records.typist > 1 - lower, pc.utf8_lower)
    return _rewrite(texts, rng.random(len(records)) < 0.01, lambda some: join(some, " "))


def _rewrite(texts: pa.Array, mask: Bools, rewrite: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """``texts`` with the masked ones rewritten; null stays null."""
    mask = mask & texts.is_valid().to_numpy(zero_copy_only=False)
    return change(texts, mask, rewrite(texts.filter(pa.array(mask))))
