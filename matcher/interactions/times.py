"""When interactions were, from texts, as moments in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matcher.normalise import Order, normalise_date
from matcher.normalise.dates import RECENT_YEAR_PIVOT
from matcher.normalise.records import usual_order

MOMENT = pa.timestamp("us", "UTC")

#: Zero, or the end of time, is what systems write where they know no time.
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def moments(
    texts: Sequence[str | None], default_region: str
) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """The moment of each text, and the places of texts that tell none.

    A time without a zone is taken to be in UTC; a day without a time, its beginning.

    Args:
        texts: as they came; ``None`` where there is none.
        default_region: decides which of day and month comes first where the text does not.
    """
    given = pa.array(texts, pa.string())
    try:
        found = given.cast(MOMENT)  # ISO, each with its zone: nearly always
    except pa.ArrowInvalid:
        order = usual_order(default_region)
        encoded = given.dictionary_encode()
        each = [moment(text, order) for text in encoded.dictionary.to_pylist()]
        found = pa.array(each, MOMENT).take(encoded.indices)
    possible = pc.and_(
        pc.greater_equal(found, pa.scalar(_EARLIEST, MOMENT)),
        pc.less(found, pa.scalar(_LATEST, MOMENT)),
    )
    found = pc.if_else(possible, found, None)
    lost = pc.and_(pc.is_valid(given), pc.is_null(found))
    return found, np.flatnonzero(lost.to_numpy(zero_copy_only=False))


def moment(text: str, order: Order = Order.MONTH_FIRST) -> datetime | None:
    """The moment that one text tells, ``None`` where it tells none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        day = normalise_date(text, order, pivot=RECENT_YEAR_PIVOT).iso
        if day is None:
            return None
        found = datetime.fromisoformat(day)
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None
