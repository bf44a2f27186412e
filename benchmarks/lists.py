"""Lists of other kinds than contacts, made up: no email in any of them.

- ``historical``: persons of the past with birth date, place, occupation and a postal code, ten
  records each, in families that keep a surname and a place for generations;
- ``register``: the same persons by name, birth date and town alone, about three records each;
- ``organisations``: names, addresses and phones, with chains and shared buildings, under ``name``.

They are harder than they look and no list is like them in all: a change that helps contacts is to
be held against them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from benchmarks.contacts.columns import zipf
from benchmarks.contacts.names import Names, load_names
from benchmarks.contacts.noise import misspell, mistype_digits

Rng = np.random.Generator
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]
Slip = Callable[[Rng, pa.Array, float], pa.Array]

_PERSONS, _FAMILY, _TOWNS = 2_500, 5, 240
_ORGANISATIONS, _ZIPS, _CHAINS = 4_000, 300, 60

_OCCUPATIONS = (
    "politician", "cricketer", "painter", "writer", "footballer", "actor", "officer", "engineer",
    "priest", "botanist", "historian", "lawyer", "physician", "architect", "composer",
    "journalist", "rower", "explorer", "naturalist", "judge", "diplomat", "banker",
)  # fmt: skip
_TRADES = (
    "Plumbing", "Foundation", "Medical Center", "Dental", "Church", "Elementary School",
    "Food Bank", "Community Health", "Restaurant", "Auto Repair", "Pharmacy", "Family Clinic",
    "Youth Center", "Legal Aid", "Animal Shelter", "Library", "Hardware", "Credit Union",
)  # fmt: skip
_STREETS = (
    "Main Street", "Oak Avenue", "Washington Boulevard", "Park Road", "Elm Street",
    "Lincoln Avenue", "Lake Drive", "Church Street", "River Road", "Highland Avenue", "Broadway",
)  # fmt: skip
_SHORT = {
    "Center": "Ctr", "Community": "Comm", "Foundation": "Fdn", "Elementary": "Elem", "&": "and",
    "Street": "St", "Avenue": "Ave", "Boulevard": "Blvd", "Road": "Rd", "Drive": "Dr",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A list and the truth about it: both hold ``record_id``, the truth ``true_id``."""

    records: pd.DataFrame
    truth: pd.DataFrame


def historical(seed: int, persons: int = _PERSONS) -> Made:
    """Persons of the past, about ten records each."""
    return _persons_of_the_past(np.random.default_rng([seed, 1]), persons, 10.0)


def register(seed: int, persons: int = _PERSONS) -> Made:
    """Persons by name, birth date and town, about three records each."""
    made = _persons_of_the_past(np.random.default_rng([seed, 2]), persons, 3.0)
    kept = made.records.drop(columns=["postal_code", "occupation"])
    return Made(kept.rename(columns={"birth_place": "city"}), made.truth)


def organisations(seed: int, count: int = _ORGANISATIONS) -> Made:
    """Organisations with address and phone, one to five records each."""
    rng, names = np.random.default_rng([seed, 3]), load_names()
    place = np.arange(count)
    beside = (rng.random(count) < 0.06) & (place > 0)  # in the building of the one before
    number, street = rng.integers(1, 9999, count), _drawn(rng, _STREETS, count)
    house = np.where(beside, place - 1, place)
    whole = pd.DataFrame(
        {
            "name": _called(rng, names, count),
            "address": [f"{number[at]} {street[at]}" for at in house],
            "zip": (10_000 + 97 * rng.integers(0, _ZIPS, count))[house].astype(str),
            "phone": [f"206{rng.integers(2_000_000, 9_999_999)}" for _ in place],
        }
    )
    owner = np.repeat(place, np.minimum(rng.geometric(0.6, count), 5))
    records = whole.iloc[owner].reset_index(drop=True)
    copy = _copies(owner)
    form = _drawn(rng, ("", "", " Inc", " LLC", " Corp"), count)[owner]
    records["name"] += np.where(rng.random(len(owner)) < 0.6, form, "")
    for column in ("name", "address"):
        records[column] = _shortened(rng, records[column], copy)
        records[column] = _changed(records[column], misspell, rng, copy, 0.13)
    initials = ["".join(word[0] for word in name.split()) for name in records["name"]]
    records["name"] = np.where(copy & (rng.random(len(owner)) < 0.05), initials, records["name"])
    records["phone"] = _changed(records["phone"], mistype_digits, rng, copy, 0.15)
    _leave_out(rng, records, copy, {"address": 0.15, "zip": 0.12, "phone": 0.25})
    return _shuffled(rng, records, owner)


def _persons_of_the_past(rng: Rng, count: int, mean: float) -> Made:
    persons = _persons(rng, load_names(), count)
    owner = np.repeat(np.arange(count), 1 + rng.poisson(mean - 1, count))
    records = persons.iloc[owner].reset_index(drop=True)
    copy = _copies(owner)
    _rename(rng, records, copy)
    for column, share in {"first_name": 0.1, "last_name": 0.12, "birth_place": 0.05}.items():
        records[column] = _changed(records[column], misspell, rng, copy, share)
    records["birth_date"] = _changed(records["birth_date"], mistype_digits, rng, copy, 0.08)
    vague = copy & (rng.random(len(owner)) < 0.05)  # the year alone
    records.loc[vague, "birth_date"] = records.loc[vague, "birth_date"].str[:4] + "-01-01"
    for column, share in {"birth_place": 0.07, "postal_code": 0.25, "occupation": 0.1}.items():
        wrong = copy & (rng.random(len(owner)) < share)
        records.loc[wrong, column] = rng.permutation(records[column])[wrong]
    _leave_out(
        rng,
        records,
        copy,
        {
            "first_name": 0.03, "last_name": 0.03, "middle_name": 0.6, "birth_date": 0.15,
            "birth_place": 0.15, "postal_code": 0.35, "occupation": 0.3,
        },
    )  # fmt: skip
    return _shuffled(rng, records.drop(columns=["nickname", "title"]), owner)


def _persons(rng: Rng, names: Names, count: int) -> pd.DataFrame:
    """Each person as it was; one family after the other."""
    family = np.arange(count) // _FAMILY
    towns = _towns()
    town_share = zipf(len(towns), 3, 0.9)
    home = rng.choice(len(towns), family[-1] + 1, p=town_share)[family]
    elsewhere = rng.choice(len(towns), count, p=town_share)
    surname = names.draw_last(rng, family[-1] + 1)[family]
    first = names.draw_first(rng, rng.random(count) < 0.85)
    nickname, has = names.draw_nickname(rng, first)
    year = rng.integers(1600, 1900, family[-1] + 1)[family] + rng.integers(-40, 40, count)
    month, day = rng.integers(1, 13, count), rng.integers(1, 29, count)
    codes = [f"{letter}{rng.integers(10, 9999)}" for letter in rng.choice([*"ABCDEFGH"], count)]
    middle = names.first.take(pa.array(names.draw_first(rng, rng.random(count) < 0.85)))
    title = names.last.take(pa.array(names.draw_last(rng, count)))
    return pd.DataFrame(
        {
            "first_name": _texts(names.first.take(pa.array(first))),
            "middle_name": _some(rng.random(count) < 0.4, middle),
            "last_name": _texts(names.last.take(pa.array(surname))),
            "birth_date": [
                f"{y}-{m:02d}-{d:02d}" for y, m, d in zip(year, month, day, strict=True)
            ],
            "birth_place": towns[np.where(rng.random(count) < 0.6, home, elsewhere)],
            "postal_code": codes,
            "occupation": _drawn(rng, _OCCUPATIONS, count, zipf(len(_OCCUPATIONS), 2, 1.0)),
            "nickname": _some(has, names.nicknames.take(pa.array(nickname))),
            "title": _some(rng.random(count) < 0.12, title),
        }
    )


def _rename(rng: Rng, records: pd.DataFrame, copy: npt.NDArray[np.bool_]) -> None:
    """Nicknames, initials, a title instead of the surname, and names that changed places."""
    first, last = records["first_name"].copy(), records["last_name"].copy()
    drawn = rng.random((4, len(records)))
    nickname = copy & (drawn[0] < 0.12) & records["nickname"].notna()
    first[nickname] = records["nickname"][nickname]
    initial = copy & (drawn[1] < 0.06)
    first[initial] = first[initial].str[0]
    titled = copy & (drawn[2] < 0.35) & records["title"].notna()
    last[titled] = records["title"][titled]
    crossed = copy & (drawn[3] < 0.03)
    records["first_name"] = np.where(crossed, last, first)
    records["last_name"] = np.where(crossed, first, last)


def _called(rng: Rng, names: Names, count: int) -> list[str]:
    """A surname or two and a trade; one in eight is a branch of a chain."""
    some = _texts(names.last)[:3_000]
    one, two = (some[rng.integers(0, len(some), count)] for _ in range(2))
    trade, alone = _drawn(rng, _TRADES, count), rng.random(count) < 0.6
    called = [
        f"{a} {c}" if single else f"{a} & {b} {c}"
        for a, b, c, single in zip(one, two, trade, alone, strict=True)
    ]
    branch = np.where(rng.random(count) < 0.12, rng.integers(0, _CHAINS, count), np.arange(count))
    return [called[at] for at in branch]


def _shortened(rng: Rng, texts: pd.Series[str], copy: npt.NDArray[np.bool_]) -> list[str]:
    chosen = copy & (rng.random(len(texts)) < 0.3)
    return [
        " ".join(_SHORT.get(word, word) for word in text.split()) if short else text
        for text, short in zip(texts, chosen, strict=True)
    ]


def _changed(
    texts: pd.Series[str], change: Slip, rng: Rng, copy: npt.NDArray[np.bool_], share: float
) -> Texts:
    """The texts with that share of the copies changed by ``misspell`` or ``mistype_digits``."""
    slipped = _texts(change(rng, pa.array(texts, pa.string()), share))
    out: Texts = np.where(copy, slipped, texts)
    return out


def _leave_out(
    rng: Rng, records: pd.DataFrame, copy: npt.NDArray[np.bool_], shares: dict[str, float]
) -> None:
    for column, share in shares.items():
        records.loc[copy & (rng.random(len(records)) < share), column] = None


def _copies(owner: Ints) -> npt.NDArray[np.bool_]:
    """All records but the first of each; the first is right in everything."""
    return np.concatenate([[False], owner[1:] == owner[:-1]])


def _shuffled(rng: Rng, records: pd.DataFrame, owner: Ints) -> Made:
    order = rng.permutation(len(owner))
    ids = [f"r{place:06d}" for place in range(len(owner))]
    records = records.iloc[order].reset_index(drop=True)
    records.insert(0, "record_id", ids)
    return Made(records, pd.DataFrame({"record_id": ids, "true_id": owner[order]}))


def _towns() -> Texts:
    starts = ("lon", "bright", "man", "liver", "bath", "ox", "cam", "nor", "win", "exe", "ply",
              "wake", "hali", "brad", "sal", "dar", "glou", "wor", "here", "shrews", "lin", "not",
              "ips", "col")  # fmt: skip
    ends = ("don", "chester", "ford", "bridge", "ton", "bury", "wick", "ham", "field", "mouth")
    return np.array([start + end for start in starts for end in ends], object)[:_TOWNS]


def _drawn(
    rng: Rng, words: Sequence[str], count: int, share: npt.NDArray[np.float64] | None = None
) -> Texts:
    return np.array(words, object)[rng.choice(len(words), count, p=share)]


def _some(chosen: npt.NDArray[np.bool_], values: pa.Array) -> Texts:
    texts = _texts(values).copy()
    texts[~chosen] = None
    return texts


def _texts(values: pa.Array) -> Texts:
    return np.asarray(values.to_numpy(zero_copy_only=False), object)
