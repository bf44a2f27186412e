"""What each column of one input is for: the caller's choice, the vendor's layout, then aliases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from matcher.errors import UnusableColumns
from matcher.reading.choices import Choices, header_list, position
from matcher.reading.headers import ADDRESS_PARTS, ADDRESS_PREFIXES, Role, header_key, role_of
from matcher.reading.sheet import Sheet
from matcher.reading.vendors import Vendor, recognise
from matcher.records import EXTRA_PREFIX

#: The group of address parts that the caller mapped: they are used whatever else a row has.
MAPPED = "mapped"
#: Keys of columns that are record ids if every row has one of its own.
_ID_KEYS = ("recid", "uniqueid", "id")
#: Columns that say nothing about who a person is.
_ABOUT_NOBODY = frozenset(
    {
        "record_id", "source", "source_record_id", "entity_type", "prefix", "suffix", "gender",
        "tags", "updated_at", "email_consent", "sms_consent", "phone_consent", "country",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """The use of every column of one sheet.

    Attributes:
        vendor: the layout recognised, or ``None``.
        roles: one per column; ``None`` where the column is not used.
        extra: name as the caller wrote it -> position of the column.
        id_candidates: positions of columns that may hold record ids, if their values are distinct.
    """

    vendor: Vendor | None
    roles: Sequence[Role | None]
    extra: Mapping[str, int]
    id_candidates: Sequence[int]

    def positions(self, name: str) -> list[int]:
        """The columns of one name outside addresses, the preferred first."""
        found = [(r.rank, i) for i, r in self._used() if r.name == name and r.group is None]
        return [i for _, i in sorted(found)]

    def names(self) -> list[str]:
        """The names outside addresses that this input has, each once."""
        return list(dict.fromkeys(r.name for _, r in self._used() if r.group is None))

    def addresses(self) -> dict[str, dict[str, list[int]]]:
        """Group -> part -> columns, the preferred group first and columns within a part."""
        groups: dict[str, dict[str, list[tuple[int, int]]]] = {}
        for i, role in self._used():
            if role.group is not None:
                parts = groups.setdefault(role.group, {})
                parts.setdefault(role.name, []).append((role.rank, i))
        order = (*ADDRESS_PREFIXES, MAPPED)
        return {
            group: {part: [i for _, i in sorted(found)] for part, found in groups[group].items()}
            for group in sorted(groups, key=order.index)
        }

    def _used(self) -> list[tuple[int, Role]]:
        return [(i, role) for i, role in enumerate(self.roles) if role is not None]


def lay_out(sheet: Sheet, choices: Choices) -> Layout:
    """Decide what each column of an input is for.

    Raises:
        UnusableColumns: nothing in the input tells one person from another.
    """
    # The canonical spelling is a column of the user's own; the vendor writes VANID.
    keys = frozenset(header_key(h) for h in sheet.headers if h != "van_id")
    vendor = recognise(keys)
    roles = [_role(header, vendor) for header in sheet.headers]
    _apply_choices(roles, sheet.headers, choices)
    found = {name: position(name, sheet.headers) for name in choices.extra}
    extra = {name: i for name, i in found.items() if i is not None}
    candidates = [] if vendor else _candidates(sheet.headers, roles)
    if not extra and not any(role and role.name not in _ABOUT_NOBODY for role in roles):
        raise UnusableColumns(_nothing_usable(sheet))
    return Layout(vendor, roles, extra, candidates)


#: From headers to the places of the columns that are used; ``None`` where all are to be read.
Used = Callable[[Sequence[str]], Sequence[int] | None]


def used_columns(choices: Choices) -> Used:
    """What tells which columns of a file are used, by their names alone."""

    def used(headers: Sequence[str]) -> Sequence[int] | None:
        try:
            layout = lay_out(Sheet.of("", "", headers, []), choices)
        except UnusableColumns:
            return None  # which is said when everything is known about the file
        roles = {i for i, role in enumerate(layout.roles) if role is not None}
        return sorted({*roles, *layout.extra.values(), *layout.id_candidates})

    return used


@lru_cache(maxsize=4096)
def by_names_alone(headers: tuple[str, ...]) -> bool:
    """Whether each of these columns is for what its name says, whatever others are beside it.

    So it is where no vendor's layout shows, none may number the rows, and one tells of a person.
    """
    keys = {header: header_key(header) for header in headers}
    if recognise(frozenset(keys.values())) or recognise(
        frozenset(key for header, key in keys.items() if header != "van_id")
    ):
        return False
    if not set(_ID_KEYS).isdisjoint(keys.values()):
        return False
    return any(role and role.name not in _ABOUT_NOBODY for role in map(role_of, keys.values()))


def uses(sheet: Sheet, layout: Layout) -> dict[str, str | None]:
    """Input column -> what it is used as, for the report; a repeated header gets a number."""
    extras = {i: EXTRA_PREFIX + name for name, i in layout.extra.items()}
    found: dict[str, str | None] = {}
    for i, header in enumerate(sheet.headers):
        label, again = header, 2
        while label in found:
            label, again = f"{header} ({again})", again + 1
        role = layout.roles[i]
        found[label] = _describe(role) if role else extras.get(i)
    return found


def _describe(role: Role) -> str:
    group = role.group if role.group not in (None, "", MAPPED) else ""
    return f"{role.name} ({group})" if group else role.name


def _role(header: str, vendor: Vendor | None) -> Role | None:
    key = header_key(header)
    if vendor is None:
        return role_of(key)
    if vendor.only_prefix:
        if key.startswith(vendor.only_prefix):
            key = key.removeprefix(vendor.only_prefix)
        elif key not in vendor.also:
            return None
    if key in vendor.columns:
        name = vendor.columns[key]
        return Role(name, 0) if name else None
    return role_of(key)


def _apply_choices(roles: list[Role | None], headers: Sequence[str], choices: Choices) -> None:
    """Put the caller's mapping over what was recognised; a name mapped here is theirs alone."""
    for name, wanted in choices.columns.items():
        found = [i for i in (position(header, headers) for header in wanted) if i is not None]
        if not found:
            continue  # in another input
        for i, role in enumerate(roles):
            if role and role.name == name:
                roles[i] = None
        group = MAPPED if name in ADDRESS_PARTS else None
        for rank, i in enumerate(found):
            roles[i] = Role(name, rank, group)


def _candidates(headers: Sequence[str], roles: Sequence[Role | None]) -> list[int]:
    keys = [header_key(h) for h in headers]
    return [keys.index(k) for k in _ID_KEYS if k in keys and roles[keys.index(k)] is None]


def _nothing_usable(sheet: Sheet) -> str:
    if any(_looks_like_data(header) for header in sheet.headers):
        return (
            f"{sheet.name}: the first line looks like data, not like column names; add a header"
            " line such as first_name,last_name,email."
        )
    return (
        f"{sheet.name}: no column is known to say who a person is; the columns are"
        f" {header_list(sheet.headers)}; map them, for instance"
        ' columns={"last_name": "<your column>"} or --map last_name="<your column>".'
    )


def _looks_like_data(header: str) -> bool:
    digits = sum(c.isdigit() for c in header)
    return "@" in header or digits >= 7
