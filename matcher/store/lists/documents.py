"""People of a vendor's list as JSON documents, from which they are made again exactly.

A document has the names of ``matcher.policies.people.Person`` and of the tuples in it, and leaves
out what has its default. Plain JSON values stand for themselves. What JSON does not know is an
object with one key: ``{"tuple": [...]}``, ``{"set": [...]}``, ``{"map": [[key, value], ...]}``,
``{"pile": [[key, value], ...]}`` for a mapping or a list that grew long, and a small tuple under
its own name, ``{"Flag": {...}}``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from matcher.policies.contacts import NO_FIELDS, Address, Email, Identifier, Keys, Names, Phone
from matcher.policies.nationbuilder.flags import Flag
from matcher.policies.ngp_van.typed import Aside
from matcher.policies.people import NO_KEYS, Person, person_of
from matcher.policies.piles import Pile, Values

_Tuple = TypeVar("_Tuple", bound=tuple[Any, ...])

#: Tuples that may stand among the fields of a person.
_KINDS: Mapping[str, Any] = {
    kind.__name__: kind for kind in (Flag, Aside, Email, Phone, Address, Identifier)
}
_PLAIN = frozenset({str, int, float, bool, type(None)})


class _Form(NamedTuple):
    """The names and defaults of a tuple's attributes."""

    names: tuple[str, ...]
    defaults: tuple[Any, ...]


def _form(kind: Any) -> _Form:
    names = kind._fields
    return _Form(names, tuple(kind._field_defaults.get(name, _NEVER) for name in names))


#: Equal to nothing that is kept, so that what has no default is never left out.
_NEVER = object()
_PERSON, _NAMES, _EMAIL, _PHONE, _ADDRESS, _KEYS = map(
    _form, (Person, Names, Email, Phone, Address, Keys)
)
_FORMS: Mapping[type, _Form] = {kind: _form(kind) for kind in _KINDS.values()}
_NO_NAMES = Names()


def to_document(person: Person) -> str:
    """A person as JSON."""
    said: dict[str, Any] = {
        name: value
        for name, value, default in zip(*_both(person, _PERSON), strict=True)
        if value is not default and value != default
    }
    for name, write in _WRITTEN:
        if name in said:
            said[name] = write(said[name])
    return _ENCODER.encode(said)


def from_documents(documents: Iterable[str]) -> list[Person]:
    """The people of some documents, all parsed in one go."""
    return [_person(said) for said in json.loads(f"[{','.join(documents)}]")]


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _both(held: tuple[Any, ...], form: _Form) -> tuple[Any, ...]:
    return form.names, held, form.defaults


def _told(held: tuple[Any, ...], form: _Form) -> dict[str, Any]:
    return {
        name: value
        for name, value, default in zip(*_both(held, form), strict=True)
        if value != default
    }


def _values(held: Values[Any]) -> Any:
    """Tags, or ids: a list, or marked where they are a pile."""
    plain = [list(v) if type(v) is Identifier else v for v in held]
    return {"pile": plain} if isinstance(held, Pile) else plain


def _fields(held: Mapping[str, Any]) -> Any:
    if isinstance(held, Pile):
        return {"pile": [[key, _value(value)] for key, value in held.items()]}
    return {"map": [[key, _value(value)] for key, value in held.items()]}


#: How the attributes are written that are not plain.
_WRITTEN: tuple[tuple[str, Any], ...] = (
    ("names", lambda held: _told(held, _NAMES)),
    ("emails", lambda held: [_told(each, _EMAIL) for each in held]),
    ("phones", lambda held: [_told(each, _PHONE) for each in held]),
    ("addresses", lambda held: [_told(each, _ADDRESS) for each in held]),
    ("identifiers", _values),
    ("tags", _values),
    ("fields", _fields),
    ("keys", lambda held: _told(held, _KEYS)),
)


def _value(value: Any) -> Any:
    """Any value among a person's fields."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind in _FORMS:
        told = _told(value, _FORMS[kind])
        return {kind.__name__: {name: _value(inner) for name, inner in told.items()}}
    if kind is list:
        return [_value(each) for each in value]
    if kind is tuple:
        return {"tuple": [_value(each) for each in value]}
    if kind is frozenset:
        return {"set": sorted(value)}
    if isinstance(value, Mapping):
        return _fields(value)
    raise TypeError(f"a person's fields hold a {kind.__name__}, which has no form in JSON")


def _person(said: dict[str, Any]) -> Person:
    get = said.get
    names, keys, fields = get("names"), get("keys"), get("fields")
    return person_of(
        (
            said["person_id"],
            said["number"],
            get("entity_type", "person"),
            Names(**names) if names else _NO_NAMES,
            tuple([Email(**each) for each in get("emails", ())]),
            tuple([Phone(**each) for each in get("phones", ())]),
            tuple([Address(**each) for each in get("addresses", ())]),
            _read_values(get("identifiers", ()), lambda each: Identifier(*each)),
            _read_values(get("tags", ()), str),
            get("phone_consent"),
            get("created"),
            _read_value(fields) if fields else NO_FIELDS,
            tuple([_read_key(key) for key in get("lookup", ())]),
            Keys(**keys) if keys else NO_KEYS,
        )
    )


def _read_values(said: Any, read: Any) -> Values[Any]:
    if isinstance(said, dict):
        return Pile(dict.fromkeys(map(read, said["pile"])))
    return tuple(map(read, said))


def _read_key(key: Any) -> Any:
    """A key of a policy's own making: a text, or tuples of them."""
    return tuple([_read_key(part) for part in key]) if type(key) is list else key


def _read_value(said: Any) -> Any:
    kind = type(said)
    if kind is list:
        return [_read_value(each) for each in said]
    if kind is not dict:
        return said
    ((name, inner),) = said.items()
    if name in _KINDS:
        return _KINDS[name](**{part: _read_value(value) for part, value in inner.items()})
    return _READ[name](inner)


_READ: Mapping[str, Any] = {
    "tuple": lambda inner: tuple(map(_read_value, inner)),
    "set": frozenset,
    "map": lambda inner: {key: _read_value(value) for key, value in inner},
    "pile": lambda inner: Pile({key: _read_value(value) for key, value in inner}),
}
