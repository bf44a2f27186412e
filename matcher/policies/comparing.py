"""Vendors side by side, and beside our own resolution, on the same rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from matcher.errors import OptionError
from matcher.policies.compared_policies import PolicyComparison
from matcher.policies.own_side import OURS, own_side, raw_records
from matcher.policies.registry import POLICIES
from matcher.policies.replaying import replay
from matcher.policies.sides import Side, vendor_side
from matcher.records import RawRecords
from matcher.stages import Progress, Stage, Stages

#: Policies that decide who is one person; the others only check what comes in.
COMPARED = tuple(name for name in POLICIES if name != "interactions")


def compare_policies(
    rows: Any,
    policies: Sequence[str] | None = None,
    profile: str = "document",
    columns: Mapping[str, str | Sequence[str]] | None = None,
    *,
    default_region: str = "US",
    progress: Progress | None = None,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> PolicyComparison:
    """Which people each vendor would hold after the same rows, and which ones we find in them.

    Args:
        rows: what ``matcher.replay`` takes.
        policies: whose rules, in the order to show them; by default all that decide who is one
            person.
        profile, columns, default_region: as for ``matcher.replay``.
        progress: called with the name of each stage.
        options: policy name -> its own options.

    Raises:
        InputError: the input cannot be read or has no usable column.
        OptionError: an option has a value that cannot be meant.
    """
    chosen = tuple(dict.fromkeys(COMPARED if policies is None else policies))
    if not chosen or isinstance(policies, str):
        raise OptionError("policies is a list of names, at least one of them.")
    stages = Stages(partial(_of, progress, OURS) if progress else None)
    spent: list[Stage] = []
    sides: list[Side] = []
    raw, count = RawRecords(pa.table({})), 0
    for name in chosen:
        replayed = replay(
            rows, name, profile, columns, default_region=default_region,
            progress=partial(_of, progress, name) if progress else None,
            **(options or {}).get(name, {}),
        )  # fmt: skip
        spent += [Stage(f"{name}: {s.name}", s.seconds, s.peak_mb) for s in replayed.stages]
        if not sides:  # every policy reads the same rows
            raw = raw_records(replayed.batches)
            count = sum(batch.count for batch in replayed.batches)
        sides.append(vendor_side(replayed, count))
        del replayed  # the people of one vendor at a time are enough
    sides.append(own_side(raw, count, default_region.upper(), stages))
    return PolicyComparison(profile, tuple(sides), raw, (*spent, *stages.done))


def _of(progress: Progress, name: str, stage: str, detail: str) -> None:
    progress(f"{name}: {stage}", detail)
