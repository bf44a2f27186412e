"""Who may be whose duplicate, as NationBuilder's help pages describe its daily suggestions (NB-12).

Two profiles of the same name are suggested where one has an email and the other none, where one
has Facebook or Twitter and the other neither, and where one has Facebook and the other Twitter.
A profile holds one account of each, so two different ones block a merge, and are not suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from matcher.policies.people import Person

#: Suggestions shown beside one person: of five hundred John Smiths nobody looks at all.
MOST = 50


class _Profile(NamedTuple):
    person_id: str
    has_email: bool
    facebook: str | None
    twitter: str | None


def suggested(people: Iterable[Person]) -> Mapping[str, Sequence[str]]:
    """Person id -> ids of people that would be suggested beside it, the oldest first."""
    found: dict[str, list[str]] = {}
    for group in _same_names(people):
        if len({_kind(person) for person in group}) == 1:  # nobody has what another lacks
            continue
        for person, other in _pairs([_profile(person) for person in group]):
            found.setdefault(person, []).append(other)
    return found


def _same_names(people: Iterable[Person]) -> Iterator[list[Person]]:
    groups: dict[tuple[str, str], list[Person]] = {}
    for person in people:
        if len(person.lookup) > 1:  # a whole name
            groups.setdefault((person.entity_type, person.lookup[0]), []).append(person)
    return (held for held in groups.values() if len(held) > 1)


def _kind(person: Person) -> tuple[bool, bool, bool]:
    """Whether there is an email, and an account of Facebook and of Twitter."""
    if not person.identifiers:
        return bool(person.emails), False, False
    return _kind_of(_profile(person))


def _profile(person: Person) -> _Profile:
    ids = {each.system: each.id for each in person.identifiers}
    return _Profile(person.person_id, bool(person.emails), ids.get("facebook"), ids.get("twitter"))


def _pairs(group: Sequence[_Profile]) -> Iterator[tuple[str, str]]:
    """Ordered pairs; a person meets one profile after the other until it has enough."""
    kinds: dict[tuple[bool, bool, bool], list[_Profile]] = {}
    for profile in group:
        kinds.setdefault(_kind_of(profile), []).append(profile)
    for profile in group:
        met = 0
        for kind, others in kinds.items():
            if not _complement(_kind_of(profile), kind):
                continue
            for other in others[: 2 * MOST]:
                if met < MOST and not _blocked(profile, other):
                    met += 1
                    yield profile.person_id, other.person_id


def _kind_of(profile: _Profile) -> tuple[bool, bool, bool]:
    return profile.has_email, profile.facebook is not None, profile.twitter is not None


def _complement(one: tuple[bool, bool, bool], other: tuple[bool, bool, bool]) -> bool:
    """Whether one profile has what the other lacks, so that they look like halves of one."""
    if one[0] != other[0]:
        return True
    return any(one[1:]) != any(other[1:]) or {one[1:], other[1:]} == {(True, False), (False, True)}


def _blocked(one: _Profile, other: _Profile) -> bool:
    return any(
        a is not None and b is not None and a != b
        for a, b in ((one.facebook, other.facebook), (one.twitter, other.twitter))
    )
