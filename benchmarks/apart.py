"""Which records of one household, or of one person, are hard to tell apart: how often they join.

::

    python -m benchmarks.apart              three generated lists of 100,000 records
    python -m benchmarks.apart --freeze     and make this the committed result

Each kind is a kind of pairs of records. Of two persons of one household, none should join; of two
records of one person, all should.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich import box
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.datasets import Dataset, load
from benchmarks.quality import matched_by_default

Bools = npt.NDArray[np.bool_]

_COMPARED = ("first_name", "last_name", "suffix", "birth_date", "address", "email", "phone")


class Pairs:
    """What pairs of records have in common, one element for each pair."""

    def __init__(self, values: pd.DataFrame, left: Any, right: Any) -> None:
        one, other = (values.iloc[side].reset_index(drop=True) for side in (left, right))
        self._both = (one.notna() & other.notna()).to_dict("series")
        self._equal = one.eq(other).to_dict("series")
        self._either = (one.notna() | other.notna()).to_dict("series")

    def same(self, *names: str) -> Bools:
        """Both have it, and it is equal, for each name."""
        equal = [self._both[name] & self._equal[name] for name in names]
        return np.asarray(np.logical_and.reduce(equal))

    def differ(self, name: str) -> Bools:
        """Both have it, and it is not equal."""
        return np.asarray(self._both[name] & ~self._equal[name])

    def unknown(self, *names: str) -> Bools:
        """One or both lack it, for each name."""
        return np.asarray(np.logical_and.reduce([~self._both[name] for name in names]))

    def one_has(self, name: str) -> Bools:
        """One has it and the other lacks it."""
        return np.asarray(self._either[name] & ~self._both[name])

    @property
    def same_name(self) -> Bools:
        """First and last name are equal."""
        return self.same("first_name", "last_name")


_Kinds = Mapping[str, Callable[[Pairs], Bools]]

#: Pairs of two persons of one household.
_OF_TWO: _Kinds = {
    "other first name": lambda pairs: pairs.differ("first_name") & ~pairs.same("birth_date"),
    "other first name, one birth date (twins)": lambda pairs: (
        pairs.differ("first_name") & pairs.same("birth_date")
    ),
    "same name, Jr and Sr": lambda pairs: pairs.same_name & pairs.differ("suffix"),
    "same name, other birth date": lambda pairs: (
        pairs.same_name & pairs.differ("birth_date") & pairs.unknown("suffix")
    ),
    "same name, a suffix in one": lambda pairs: (
        pairs.same_name & pairs.one_has("suffix") & pairs.unknown("birth_date")
    ),
    "same name, no suffix, a birth date in one at most": lambda pairs: (
        pairs.same_name & pairs.unknown("suffix", "birth_date") & ~pairs.one_has("suffix")
    ),
}

#: Pairs of records of one person.
_OF_ONE: _Kinds = {
    "same name, same mailbox or phone": lambda pairs: (
        pairs.same_name & (pairs.same("email") | pairs.same("phone"))
    ),
    "same name; no mailbox, phone, address or birth date in both": lambda pairs: (
        pairs.same_name & pairs.unknown("email", "phone", "address", "birth_date")
    ),
    "same name; nothing else equal, mailbox, phone or address different": lambda pairs: (
        pairs.same_name
        & (pairs.differ("email") | pairs.differ("phone") | pairs.differ("address"))
        & ~(pairs.same("email") | pairs.same("phone") | pairs.same("address"))
    ),
    "other last name": lambda pairs: pairs.differ("last_name"),
    "other first name": lambda pairs: pairs.differ("first_name"),
}  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.apart", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", default=["generated-100k"], metavar="SET")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--freeze", action="store_true")
    options = parser.parse_args(arguments)
    measured = {
        dataset.name: measure(dataset)
        for name in options.sets
        for dataset in load(name, options.seeds)
    }
    console = results.console()
    for name, kinds in measured.items():
        table = Table(title=f"How often they join, {name}", box=box.SIMPLE)
        for heading in ("of", "kind", "pairs", "joined"):
            table.add_column(heading)
        for of, found in kinds.items():
            for kind, (pairs, joined) in found.items():
                table.add_row(of, kind, f"{pairs:,}", f"{joined:.1%}")
        console.print(table)
    console.print(f"written to {results.save('apart', measured, freeze=options.freeze)}")


def measure(dataset: Dataset) -> dict[str, dict[str, tuple[int, float]]]:
    """Pairs of each kind, and the share of them that default settings join.

    The kinds stand under ``two persons of one household`` and ``one person``; one without pairs
    is left out.
    """
    result = matched_by_default(dataset)
    cluster = pd.factorize(result.clusters["cluster_id"])[0]
    truth = dataset.truth.set_index(dataset.truth["record_id"].astype(str))
    truth = truth.reindex(result.clusters["record_id"].astype(str))
    household, person = (pd.factorize(truth[each])[0] for each in ("household_id", "true_id"))
    left, right = _within(household)
    two = person[left] != person[right]
    values, joined = _values(result), cluster[left] == cluster[right]
    return {
        "two persons of one household": _shares(
            values, left[two], right[two], joined[two], _OF_TWO
        ),
        "one person": _shares(values, left[~two], right[~two], joined[~two], _OF_ONE),
    }


def _shares(
    values: pd.DataFrame, left: Any, right: Any, joined: Bools, kinds: _Kinds
) -> dict[str, tuple[int, float]]:
    pairs = Pairs(values, left, right)
    found = {kind: np.asarray(chosen(pairs), bool) for kind, chosen in kinds.items()}
    return {
        kind: (int(chosen.sum()), round(float(joined[chosen].mean()), 4))
        for kind, chosen in found.items()
        if chosen.any()
    }


def _within(group: npt.NDArray[np.int64]) -> tuple[Any, Any]:
    """All pairs of records of one group, the earlier record left."""
    members = pd.DataFrame({"record": np.arange(len(group)), "group": group})
    pairs = members.merge(members, on="group")
    ordered = pairs[pairs["record_x"] < pairs["record_y"]]
    return ordered["record_x"].to_numpy(), ordered["record_y"].to_numpy()


def _values(result: matcher.Result) -> pd.DataFrame:
    """The normalised values compared here; of several mailboxes or phones the first."""
    records = result.matched.records
    columns = dict(records.columns)
    columns |= {
        name: slots[0]
        for name, slots in (("email", records.emails), ("phone", records.phones))
        if slots
    }
    empty = np.full(records.count, None, object)
    return pd.DataFrame(
        {
            name: columns[name].texts().to_numpy(zero_copy_only=False) if name in columns else empty
            for name in _COMPARED
        }
    )


if __name__ == "__main__":
    main()
