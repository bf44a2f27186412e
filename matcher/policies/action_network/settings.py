"""What a user may choose about the rules of Action Network."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The profile and the options.

    Attributes:
        native: our own reading instead of the letter of the documents.
        default_region: the group's country, for national phone numbers (AN-14).
        tags: the names of the group's tags; orders about others are ignored (AN-31). ``None``:
            not known, every tag counts as one of them.
        strict: a postal code is required (AN-02).
        resubscribe: uploads may subscribe people who had unsubscribed.
    """

    native: bool = False
    default_region: str = "US"
    tags: frozenset[str] | None = None
    strict: bool = False
    resubscribe: bool = False

    def code(self, native: int, document: int | None = 200) -> int | None:
        """The status code of the profile."""
        return native if self.native else document
