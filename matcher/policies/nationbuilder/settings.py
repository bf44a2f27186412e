"""What a user may choose about the rules of NationBuilder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.errors import OptionError

#: NB-20: the order in which ids are believed, once a user asks for one.
PRECEDENCE: tuple[str, ...] = (
    "nationbuilder_id", "external_id", "van_id", "ngp_id", "dw_id", "county_file_id",
    "salesforce_id", "civicrm_id", "email", "facebook_username", "twitter_login",
)  # fmt: skip

#: How a row of a file that names no request is taken.
UPLOADS = ("push", "import")


@dataclass(frozen=True, slots=True)
class Settings:
    """The profile and the options.

    Attributes:
        native: our own reading instead of the letter of the document.
        default_region: the nation's country, for phones in ``phone_normalized`` form.
        nation: slug of the nation; its ids are its own (NB-14).
        uploads: ``push``: rows of a file are pushed; ``import``: they are imported, which also
            finds people by phone and name.
        precedence: the ids in the order in which to believe them where they name different
            people; empty: such a row is refused (NB-20).
        create_without_key: a push with no match id creates a person (NB-20).
    """

    native: bool = False
    default_region: str = "US"
    nation: str | None = None
    uploads: str = "push"
    precedence: tuple[str, ...] = ()
    create_without_key: bool = True

    def code(self, native: int, document: int | None = None) -> int | None:
        """The status code of the profile."""
        return native if self.native else document


def settings_of(
    profile: str,
    default_region: str,
    *,
    nation: str | None,
    uploads: str | None,
    precedence: bool | Sequence[str],
    create_without_key: bool | None,
) -> Settings:
    """The settings, with what the profile implies where nothing was said.

    Raises:
        OptionError: an option has a value that cannot be meant.
    """
    native = profile == "native"
    if uploads not in (None, *UPLOADS):
        raise OptionError(f"uploads is {uploads!r}; use {' or '.join(UPLOADS)}.")
    order = (PRECEDENCE if precedence else ()) if isinstance(precedence, bool) else precedence
    unknown = [name for name in order if name not in PRECEDENCE]
    if unknown:
        raise OptionError(f"precedence names {unknown[0]!r}; the ids are {', '.join(PRECEDENCE)}.")
    return Settings(
        native,
        default_region,
        nation,
        uploads or ("import" if native else "push"),
        tuple(order),
        not native if create_without_key is None else create_without_key,
    )
