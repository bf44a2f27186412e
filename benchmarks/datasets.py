"""The sets with known truth that quality is measured on.

The generated ones and the made-up lists are always there. The shared ones are used where their
folder is found: that of the environment variable ``MATCHER_SHARED``, else ``../shared/data`` beside
the checkout. What tells the truth is taken out of a frame before anything sees it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import pandas as pd
import pyarrow as pa

from benchmarks import lists
from benchmarks.contacts import generate

Frame: TypeAlias = pd.DataFrame | pa.Table

_CHECKOUT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One set, ready to be matched.

    Attributes:
        name: as in results and on the command line; of the form ``name/seed`` where seeded.
        source: the records, with a ``record_id``; of the left side where two are linked.
        truth: ``record_id`` and ``true_id`` of all records, and ``household_id`` where known.
        right: the records of the right side, to link rather than to dedupe.
        extra: further columns to compare, as ``dedupe`` takes it.
    """

    name: str
    source: Frame
    truth: pd.DataFrame
    right: Frame | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


def shared_folder() -> Path | None:
    """Where the shared sets are, if they are."""
    given = os.environ.get("MATCHER_SHARED")
    folder = Path(given) if given else _CHECKOUT.parent / "shared" / "data"
    inner = folder / "data"
    folder = inner if inner.is_dir() else folder
    return folder if folder.is_dir() else None


def available() -> dict[str, bool]:
    """Every name that can be asked for -> whether it is measured when nothing is asked for."""
    found = {name: rows <= 100_000 for name, rows in _GENERATED.items()}
    found |= dict.fromkeys(_LISTS, True)
    folder = shared_folder()
    if folder is not None:
        found |= dict.fromkeys(_SHARED, True)
    return found


def load(name: str, seeds: int = 1) -> Iterator[Dataset]:
    """The set of that name; a generated one once for each seed from 1 up.

    Raises:
        KeyError: there is no set of that name, or its folder is not there.
    """
    folder = shared_folder()
    if name in _GENERATED:
        for seed in range(1, seeds + 1):
            yield _generated(name, seed)
    elif name in _LISTS:
        for seed in range(1, seeds + 1):
            yield _LISTS[name](seed)
    elif name in _SHARED and folder is not None:
        yield _SHARED[name](folder)
    else:
        raise KeyError(name)


def _generated(name: str, seed: int) -> Dataset:
    contacts, truth = generate(_GENERATED[name], seed)
    return Dataset(f"{name}/{seed}", contacts, truth.to_pandas())


def _historical(seed: int) -> Dataset:
    extra = {"birth_place": "text", "occupation": "text"}
    return replace(_listed("historical", seed, lists.historical), extra=extra)


def _register(seed: int) -> Dataset:
    return _listed("register", seed, lists.register)


def _organisations(seed: int) -> Dataset:
    return _listed("organisations", seed, lists.organisations)


def _listed(name: str, seed: int, make: Callable[[int], lists.Made]) -> Dataset:
    made = make(seed)
    return Dataset(f"{name}/{seed}", made.records, made.truth)


def _contacts(folder: Path) -> Dataset:
    frame = pd.read_parquet(folder / "contacts" / "contacts.parquet")
    return Dataset("contacts", *_part(frame))


def _febrl3(folder: Path) -> Dataset:
    return Dataset("febrl3", *_febrl(folder, "dataset3.csv", without=("soc_sec_id",)))


def _febrl3_number(folder: Path) -> Dataset:
    source, truth = _febrl(folder, "dataset3.csv")
    return Dataset("febrl3-number", source, truth, extra={"soc_sec_id": "exact"})


def _febrl4(folder: Path) -> Dataset:
    return _febrl_sides(folder, "febrl4", without=("soc_sec_id",))


def _febrl4_number(folder: Path) -> Dataset:
    return replace(_febrl_sides(folder, "febrl4-number"), extra={"soc_sec_id": "exact"})


def _febrl_sides(folder: Path, name: str, without: tuple[str, ...] = ()) -> Dataset:
    """The originals on the left, their damaged copies on the right."""
    left, truth_left = _febrl(folder, "dataset4a.csv", without)
    right, truth_right = _febrl(folder, "dataset4b.csv", without)
    truth = pd.concat([truth_left, truth_right], ignore_index=True)
    return Dataset(name, left, truth, right=right)


def _febrl(
    folder: Path, file: str, without: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    frame = pd.read_csv(folder / "febrl" / file, dtype=str, skipinitialspace=True)
    return _part(frame.rename(columns={"rec_id": "record_id"}), leaks=without)


def _fake_1000(folder: Path) -> Dataset:
    frame = pd.read_csv(folder / "fake_1000" / "fake_1000.csv", dtype=str)
    return Dataset("fake_1000", *_part(frame.rename(columns={"unique_id": "record_id"}), "cluster"))


def _crm(folder: Path) -> Dataset:
    frame = pd.read_parquet(folder / "dupehell" / "crm_contact_light.parquet")
    # Each person has one contact_id: it is the truth under another name.
    return Dataset("crm", *_part(frame, "master_id", leaks=("match_type", "contact_id")))


def _kyc(folder: Path) -> Dataset:
    frame = pd.read_parquet(folder / "dupehell" / "kyc_natural_person_medium.parquet")
    return Dataset("kyc", *_part(frame, "master_id", leaks=("match_type", "party_id")))


def _part(
    frame: pd.DataFrame, truth: str = "true_id", leaks: tuple[str, ...] = ()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is matched, and the truth about it."""
    truths = frame[["record_id", truth]].rename(columns={truth: "true_id"})
    return frame.drop(columns=[truth, *leaks]), truths


_GENERATED = {"generated-10k": 10_000, "generated-100k": 100_000, "generated-1m": 1_000_000}
_LISTS: dict[str, Callable[[int], Dataset]] = {
    "historical": _historical,
    "register": _register,
    "organisations": _organisations,
}
_SHARED: dict[str, Callable[[Path], Dataset]] = {
    "contacts": _contacts,
    "febrl3": _febrl3,
    "febrl3-number": _febrl3_number,
    "febrl4": _febrl4,
    "febrl4-number": _febrl4_number,
    "fake_1000": _fake_1000,
    "crm": _crm,
    "kyc": _kyc,
}
