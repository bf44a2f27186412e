"""Postal addresses by type; which one is primary is shown, never written (NB-06, NB-07)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from matcher.normalise import normalise_postal_code, normalise_region
from matcher.policies.contacts import Address, Contact, Request
from matcher.policies.nationbuilder.columns import ADDRESSES, PARTS, PRIMARY, WRITABLE
from matcher.policies.outcomes import Event, Outcome

#: The type of an address that comes without one.
PLAIN = "home_address"

_COLUMNS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    kind: tuple(tuple(f"{prefix}_{part}" for part in PARTS) for prefix in prefixes)
    for kind, prefixes in {**ADDRESSES, PRIMARY: (PRIMARY,)}.items()
}
_KIND_OF: Mapping[str, str] = {
    name: kind for kind, sets in _COLUMNS.items() for names in sets for name in names
}
_PLACE = {kind: place for place, kind in enumerate(_COLUMNS)}


def kinds_of(names: Iterable[str]) -> tuple[str, ...]:
    """The types of address that columns speak of, in their order."""
    kinds = {_KIND_OF[name] for name in names if name in _KIND_OF}
    return tuple(sorted(kinds, key=_PLACE.__getitem__))


def asked(
    contact: Contact, kinds: Sequence[str], notes: list[Event]
) -> tuple[Sequence[Address], Address | None]:
    """The addresses that a contact writes, and the one that it shows as primary.

    A request cannot write ``primary_address``; a row of a file shows which address is.

    Args:
        contact: the row.
        kinds: ``kinds_of`` its fields.
        notes: takes what is to be told.
    """
    if not kinds:
        written = contact.addresses
        return (_tidy(written[0], PLAIN),) if written else (), None
    fields = contact.fields
    shown = _typed(PRIMARY, fields) if PRIMARY in kinds else None
    typed = (_typed(kind, fields) for kind in kinds if kind != PRIMARY)
    found = [address for address in typed if address is not None]
    if shown is None:
        return found, None
    if contact.request is not Request.UPLOAD:
        notes.append(
            Event(
                contact.row, Outcome.WARNING, "NB-06", field="primary_address",
                note="not_writable",
            )
        )  # fmt: skip
        return found, None
    return found, shown


def layered(
    held: tuple[Address, ...], came: Sequence[Address], shown: Address | None
) -> tuple[Address, ...]:
    """The addresses of a person after others came, the primary one first.

    The first in the document's order becomes primary where none is yet, and stays it.
    """
    if not held and len(came) == 1 and shown is None:
        line1, line2, city, region, postal_code, country, assumed, _, kind = came[0]
        leads = kind in WRITABLE
        return (Address(line1, line2, city, region, postal_code, country, assumed, leads, kind),)
    by_kind = {str(address.kind): address for address in held}
    for address in came:
        kind = str(address.kind)
        by_kind[kind] = _over(by_kind.get(kind), address)
    primary = next((kind for kind, address in by_kind.items() if address.primary), None)
    if shown is not None:
        primary = _shown_among(by_kind, shown) if primary is None else primary
    if primary is None:
        primary = next((kind for kind in WRITABLE if kind in by_kind), None)
    order = sorted(ADDRESSES, key=lambda kind: kind != primary)
    found = tuple(
        by_kind[kind]._replace(primary=kind == primary) for kind in order if kind in by_kind
    )
    return held if found == held else found


def _shown_among(by_kind: dict[str, Address], shown: Address) -> str:
    """The type of the address shown as primary; one that is of no type becomes the home one."""
    for kind, address in by_kind.items():
        if address[:6] == shown[:6]:
            return kind
    kind = PLAIN if PLAIN not in by_kind else "user_submitted_address"
    by_kind.setdefault(kind, shown._replace(kind=kind))
    return kind


def _over(held: Address | None, came: Address) -> Address:
    """An address over an older one of its type: parts over parts.

    With another postal code the old street and city describe another place, and go.
    """
    if held is None or (
        came.postal_code and held.postal_code and came.postal_code != held.postal_code
    ):
        return came if held is None else came._replace(primary=held.primary)
    parts = (new if new is not None else old for new, old in zip(came[:6], held[:6], strict=True))
    return Address._make((*parts, False, held.primary, held.kind))


def _typed(kind: str, fields: Mapping[str, str]) -> Address | None:
    for names in _COLUMNS[kind]:
        values = [fields.get(name) for name in names]
        if any(values[:-1]):  # a country alone is no address
            line1, line2, line3, city, region, postal_code, country = values
            rest = _joined((line2, line3))
            code = country.upper() if country and len(country) == 2 else None
            return _tidy(Address(line1, rest, city, region, postal_code, code), kind)
    return None


def _joined(lines: Iterable[str | None]) -> str | None:
    return ", ".join(filter(None, lines)) or None


def _tidy(address: Address, kind: str) -> Address:
    """States as their codes and ZIP codes of five digits, for ``Wyoming 57314-7614`` (NB-07)."""
    line1, line2, city, region, postal_code, country, *_ = address
    if region is not None and len(region) != 2:
        region = _state(region)
    if postal_code is not None and len(postal_code) != 5:
        postal_code = _zip(postal_code)
    return Address(line1, line2, city, region, postal_code, country, False, None, kind)


@lru_cache(maxsize=4096)
def _state(text: str) -> str:
    code = normalise_region(text)
    return code.upper() if code and len(code) <= 3 else text


@lru_cache(maxsize=4096)
def _zip(text: str) -> str:
    code = normalise_postal_code(text)
    return code if code and len(code) == 5 and code.isdigit() else text
