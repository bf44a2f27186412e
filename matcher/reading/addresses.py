"""Several addresses of a record: one is taken, whole, and never parts of two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from matcher.reading.layout import MAPPED

Parts = dict[str, pa.StringArray]

#: What a street line is made of where the vendor gives it in pieces.
_STREET_PIECES = ("street_prefix", "street_name", "street_type", "street_suffix")
#: The parts that records carry.
_CARRIED = (
    "street_number", "address_line1", "address_line2", "city", "region", "postal_code", "country",
)  # fmt: skip


def choose(
    groups: Mapping[str, Mapping[str, Sequence[int]]],
    column: Callable[[Sequence[int]], pa.StringArray],
) -> Parts:
    """One address per record: the first group with any value but a country in that row.

    Args:
        groups: group -> part -> positions, in order of preference; see ``Layout.addresses``.
        column: gives the cleaned column at these positions, the first that has a value.

    Returns:
        The parts that any group has. Parts that the caller mapped replace all others.
    """
    found = {
        group: _composed({part: column(where) for part, where in parts.items()})
        for group, parts in groups.items()
    }
    mapped = found.pop(MAPPED, {})
    chosen = _first_of(list(found.values())) if found else {}
    return _without_doubled_number(chosen | mapped)


def _first_of(addresses: Sequence[Parts]) -> Parts:
    chosen = dict(addresses[0])
    for other in addresses[1:]:
        vacant = pc.invert(_says_something(chosen))
        if not vacant.true_count:
            return chosen
        vacant = pc.and_(vacant, _says_something(other))
        empty = pa.nulls(len(vacant), pa.string())
        chosen = {
            part: pc.if_else(vacant, other.get(part, empty), chosen.get(part, empty))
            for part in dict.fromkeys([*chosen, *other])
        }
    return chosen


def _says_something(parts: Parts) -> pa.BooleanArray:
    told = [pc.is_valid(values) for part, values in parts.items() if part != "country"]
    if not told:
        return pa.repeat(False, len(next(iter(parts.values()))))
    result = told[0]
    for more in told[1:]:
        result = pc.or_(result, more)
    return result


def _composed(parts: Parts) -> Parts:
    """The same address with its street line put together from pieces, and its unit named."""
    pieces = [parts.pop(name) for name in _STREET_PIECES if name in parts]
    kind = parts.pop("unit_type", None)
    if pieces:
        street = _joined(pieces)
        line = parts.get("address_line1")
        parts["address_line1"] = street if line is None else pc.coalesce(line, street)
    unit = parts.get("address_line2")
    if kind is not None and unit is not None:
        parts["address_line2"] = pc.if_else(pc.is_null(unit), None, _joined([kind, unit]))
    return {part: parts[part] for part in _CARRIED if part in parts}


def _joined(pieces: Sequence[pa.StringArray]) -> pa.StringArray:
    """The pieces that a row has, a blank between them; null where it has none."""
    # Not null_handling="skip": Arrow then leaves out the rows in which every piece is null.
    filled = [pc.fill_null(piece, "") for piece in pieces]
    joined = pc.replace_substring_regex(pc.binary_join_element_wise(*filled, " "), " +", " ")
    text = pc.utf8_trim_whitespace(joined)
    return pc.if_else(pc.equal(text, ""), None, text)


def _without_doubled_number(parts: Parts) -> Parts:
    """No house number of its own where the street line begins with one already."""
    number, line = parts.get("street_number"), parts.get("address_line1")
    if number is None or line is None:
        return parts
    begins = pc.fill_null(pc.match_substring_regex(line, r"^\d+[A-Za-z]? "), False)
    return parts | {"street_number": pc.if_else(begins, None, number)}
