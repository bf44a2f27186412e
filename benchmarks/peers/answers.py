"""What a peer reads and writes: imports nothing but pandas, so that it runs in any environment.

In the first folder given on its command line a peer finds ``records.parquet``: ``id`` (the row
number), ``side`` (0, or 1 for the right side where two sets are linked) and normalised text
columns; and ``labels.parquet``: ``left, right, same``, a thousand labelled pairs for those who
learn from them. In the second it leaves ``pairs.parquet`` (``left, right, probability``), or for
each setting that it tried ``clusters-SETTING.parquet`` (``id, cluster``), and ``said.json``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

#: The plain keys that peers block on; those with an absent column are left out.
KEYS: tuple[tuple[str, ...], ...] = (
    ("email",),
    ("phone",),
    ("last_name", "postal_code"),
    ("address", "postal_code"),
    ("first_name", "last_name"),
    ("birth_date", "last_name"),
    ("birth_date", "first_name"),
    ("soc_sec_id",),
    ("organization",),
    ("organization_start", "postal_code"),
)

#: Looser keys, for sets in which each gives no more than this many pairs a record.
LOOSE_KEYS: tuple[tuple[str, ...], ...] = (
    ("birth_date",),
    ("last_name",),
    ("first_name",),
    ("postal_code",),
    ("address",),
)

#: And these where nobody has a mailbox or an address.
PLACE_KEYS: tuple[tuple[str, ...], ...] = (
    ("last_name", "birth_place"),
    ("first_name", "birth_place"),
    ("last_name", "city"),
    ("first_name", "city"),
    ("first_name", "postal_code"),
)
AFFORDABLE = 25.0


@dataclass(frozen=True)
class Task:
    """What a peer is given.

    Attributes:
        folder: what it is given.
        answers: where it writes.
        loosely: whether to block on the affordable loose keys too.
        records: ``id``, ``side`` and text columns, missing values as ``None``;
            ``organization_start``, its first five letters, is there to block on alone.
        linking: whether only pairs across the two sides count.
    """

    folder: Path
    answers: Path
    loosely: bool
    records: pd.DataFrame
    linking: bool

    @classmethod
    def given(cls) -> Task:
        """The task of this process, from its command line."""
        folder, answers = (Path(given) for given in sys.argv[1:3])
        records = pd.read_parquet(folder / "records.parquet")
        if "organization" in records:
            records["organization_start"] = records["organization"].str[:5]
        return cls(folder, answers, sys.argv[3] == "loose", records, bool(records["side"].any()))

    @property
    def columns(self) -> list[str]:
        """The text columns to compare."""
        others = ("id", "side", "organization_start")
        return [str(name) for name in self.records if name not in others]

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """The plain keys whose columns are all there; loosely, also those that are affordable."""
        plain = self._usable(KEYS)
        if not self.loosely:
            return plain
        loose = [
            key for key in self._usable(LOOSE_KEYS) if self._pairs_a_record(key[0]) <= AFFORDABLE
        ]
        without_contacts = not {"email", "address"} & set(self.columns)
        return plain + (self._usable(PLACE_KEYS) if without_contacts else []) + loose

    def _usable(self, keys: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
        return [key for key in keys if set(key) <= set(self.records)]

    def _pairs_a_record(self, column: str) -> float:
        sizes = self.records[column].value_counts()
        return float((sizes * (sizes - 1) / 2).sum() / max(len(self.records), 1))

    def labels(self) -> pd.DataFrame:
        """The labelled pairs: ``left, right, same``."""
        return pd.read_parquet(self.folder / "labels.parquet")

    def pairs(self, left: pd.Series, right: pd.Series, probability: pd.Series) -> None:
        """Writes scored pairs."""
        pd.DataFrame(
            {
                "left": left.to_numpy(),
                "right": right.to_numpy(),
                "probability": probability.to_numpy(),
            }
        ).to_parquet(self.answers / "pairs.parquet", index=False)

    def clusters(self, setting: str, ids: list[int], clusters: list[int]) -> None:
        """Writes the clusters of one setting; records left out are alone."""
        frame = pd.DataFrame({"id": ids, "cluster": clusters})
        frame.to_parquet(self.answers / f"clusters-{setting}.parquet", index=False)

    def said(self, version: str, compared: int | None) -> None:
        """Writes the version, and how many pairs were compared where the peer tells."""
        text = json.dumps({"version": version, "pairs": compared})
        (self.answers / "said.json").write_text(text, encoding="utf-8")
