"""What a user may choose about the rules of NGP VAN."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The profile and the options of both policies.

    Attributes:
        native: our own reading instead of the letter of the documents.
        strict: a contact needs a name whatever else it has (NG-02), and two values of one type
            are an error (NG-06).
        incoming_wins: where two values exclude each other the one that comes replaces the one
            that is held; else the one that is held stays (NG-06).
        full_names: only whole first and last names are the same, no nicknames: the vendor's own
            option "Disable Partial Matching" (2C-7).
    """

    native: bool = False
    strict: bool = False
    incoming_wins: bool = False
    full_names: bool = False

    def code(self, native: int, document: int | None = None) -> int | None:
        """The status code of the profile; the documents name none for errors."""
        return native if self.native else document
