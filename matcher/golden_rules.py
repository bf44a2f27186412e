"""Which of several values stands for a person: the rules that a user may set, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from matcher.errors import OptionError

MOST_RECENT = "most_recent"
MOST_COMPLETE = "most_complete"
MOST_FREQUENT = "most_frequent"
TRUSTED = "trusted"
#: Back to the rule that holds where none was set.
DEFAULT = "default"

#: The fields that a rule may be about; an address is chosen whole. Further columns that the
#: caller compares may have one too.
NAME_FIELDS = (
    "prefix", "first_name", "middle_name", "last_name", "suffix", "nickname", "organization",
)  # fmt: skip
CONTACT_FIELDS = ("email", "phone")
FIELDS = (*NAME_FIELDS, *CONTACT_FIELDS, "address", "birth_date", "gender")

#: A rule as a user writes it: a word, or ``["trusted", "van", "action_network"]``.
Written: TypeAlias = "str | Sequence[str]"


@dataclass(frozen=True, slots=True)
class GoldenRule:
    """How the value of one field is chosen.

    Attributes:
        kind: ``most_recent``, ``most_complete`` (the most letters, for an address the most parts),
            ``most_frequent`` or ``trusted``.
        sources: for ``trusted``: sources, the most trusted first; where none of them tells, and
            among records of one source, the field's own rule decides.
    """

    kind: str
    sources: tuple[str, ...] = ()

    @property
    def written(self) -> str | list[str]:
        """As a user writes it."""
        return [TRUSTED, *self.sources] if self.kind == TRUSTED else self.kind


def golden_rules(
    written: Mapping[str, Written], extras: Sequence[str] = ()
) -> dict[str, GoldenRule | None]:
    """The rules that a user means, ``None`` for a field that goes back to its own rule.

    Args:
        written: field -> rule.
        extras: further columns that have a value for each person.

    Raises:
        OptionError: there is no such field or rule, or the rule does not suit the field.
    """
    fields = (*FIELDS, *extras)
    for field in written:
        if field not in fields:
            raise OptionError(
                f"There is no golden rule for {field!r}; choose among {', '.join(fields)}."
            )
    return {field: _rule(field, rule) for field, rule in written.items()}


def _rule(field: str, written: Written) -> GoldenRule | None:
    kind, *sources = [written] if isinstance(written, str) else list(written) or [""]
    if kind == DEFAULT and not sources:
        return None
    if kind == TRUSTED and sources and len(set(sources)) == len(sources):
        return GoldenRule(TRUSTED, tuple(sources))
    if kind == MOST_COMPLETE and field in CONTACT_FIELDS:
        raise OptionError(f"One {field} is no more complete than another; choose another rule.")
    if kind in (MOST_RECENT, MOST_COMPLETE, MOST_FREQUENT) and not sources:
        return GoldenRule(kind)
    raise OptionError(
        f"The golden rule {written!r} of {field} is none of {MOST_RECENT}, {MOST_COMPLETE}, "
        f'{MOST_FREQUENT}, {DEFAULT}, ["{TRUSTED}", source, ...] with each source once.'
    )
