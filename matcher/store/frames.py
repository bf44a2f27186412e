"""Tables of a store as they go out: times in UTC, whatever the time zone of the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    import pandas as pd

_UTC = pa.timestamp("us", "UTC")


def in_utc(table: pa.Table) -> pa.Table:
    """The table with its times in UTC."""
    for place, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.tz is not None:
            table = table.set_column(place, field.name, table.column(place).cast(_UTC))
    return table


def frame(table: pa.Table) -> pd.DataFrame:
    """The table as a DataFrame."""
    found: pd.DataFrame = table.to_pandas()
    return found
