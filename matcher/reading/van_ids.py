"""VAN ids are unique only within a state and an instance: those become part of the id."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.states import state_codes
from matcher.reading.vendors import Vendor

_UNKNOWN = "unknown"


def qualify(columns: dict[str, pa.StringArray], vendor: Vendor | None) -> None:
    """Rewrite, in place, ids of VAN as ``instance:state:id``.

    The state is the record's own; where it has none, the one that most records of the file have;
    ``unknown`` where none has. An id that holds a colon is taken to be of that form already.

    Args:
        columns: canonical name -> values.
        vendor: the layout of the file; where it is not VAN's own the instance of its ``van_id`` is
            unknown.
    """
    if "van_id" in columns and "van_my_campaign_id" in columns:
        _part_instances(columns)
    instance = "my_voters" if vendor is not None and vendor.source == "van" else _UNKNOWN
    instance = "my_voters" if "van_my_campaign_id" in columns else instance
    for name, of in (("van_id", instance), ("van_my_campaign_id", "my_campaign")):
        if name in columns:
            columns[name] = _qualified(columns[name], of, columns.get("region"))


def _part_instances(columns: dict[str, pa.StringArray]) -> None:
    """An export job of a campaign's own list repeats its id in both columns: it is no voter's."""
    same = pc.fill_null(pc.equal(columns["van_id"], columns["van_my_campaign_id"]), False)
    if same.true_count:
        columns["van_id"] = pc.if_else(same, None, columns["van_id"])


def _qualified(
    ids: pa.StringArray, instance: str, regions: pa.StringArray | None
) -> pa.StringArray:
    states = pa.nulls(len(ids), pa.string()) if regions is None else state_codes(regions)
    states = pc.fill_null(states, _usual(states))
    done = pc.fill_null(pc.match_substring(ids, ":"), False)
    return pc.if_else(done, ids, pc.binary_join_element_wise(instance, states, ids, ":"))


def _usual(states: pa.StringArray) -> str:
    """The most frequent state; of equally frequent ones the first by name."""
    counts = pc.value_counts(states.drop_null()).to_pylist()
    found = min(counts, key=lambda c: (-c["counts"], c["values"]), default=None)
    return str(found["values"]) if found else _UNKNOWN
