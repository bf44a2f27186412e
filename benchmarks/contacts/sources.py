"""The four tools that collect contacts, each with its own habits of leaving out and writing."""

from __future__ import annotations

from dataclasses import dataclass

#: The days on which records were made, 2014 to 2025, counted from 1970-01-01.
PERIOD = (16071, 20453)


@dataclass(frozen=True, slots=True)
class Source:
    """How one tool's records look.

    Attributes:
        name: the source's name in the data.
        share: its share of all records.
        without: the share of its records in which each attribute is missing.
        date_format: how it writes dates, for ``strftime``.
        phone_style: the shares of ``503-555-0100``, ``(503) 555-0100``, ``5035550100``,
            ``503.555.0100`` and ``+1 503 555 0100``.
        upper, lower: the share of records typed in one case.
        zip_plus_four: the share of ZIP codes in their nine-digit form.
        loses_zeros: the share of ZIP codes that went through a spreadsheet.
    """

    name: str
    share: float
    without: dict[str, float]
    date_format: str
    phone_style: tuple[float, float, float, float, float]
    upper: float
    lower: float
    zip_plus_four: float
    loses_zeros: float


SOURCES = (
    Source(
        name="crm",
        share=0.35,
        without={
            "first_name": 0.010, "last_name": 0.006, "middle_name": 0.45, "suffix": 0.5,
            "email": 0.25, "phone": 0.25, "address": 0.15, "zip": 0.04, "birth_date": 0.44,
        },
        date_format="%Y-%m-%d",
        phone_style=(0.3, 0.3, 0.3, 0.05, 0.05),
        upper=0.10,
        lower=0.01,
        zip_plus_four=0.12,
        loses_zeros=0.3,
    ),
    Source(
        name="donations",
        share=0.25,
        without={
            "first_name": 0.005, "last_name": 0.003, "middle_name": 0.8, "suffix": 0.7,
            "email": 0.17, "phone": 0.42, "address": 0.12, "zip": 0.03, "birth_date": 0.85,
        },
        date_format="%m/%d/%Y",
        phone_style=(0.2, 0.1, 0.6, 0.05, 0.05),
        upper=0.04,
        lower=0.06,
        zip_plus_four=0.05,
        loses_zeros=0.1,
    ),
    Source(
        name="events",
        share=0.22,
        without={
            "first_name": 0.01, "last_name": 0.03, "middle_name": 0.97, "suffix": 0.95,
            "email": 0.18, "phone": 0.32, "address": 0.75, "zip": 0.35, "birth_date": 0.95,
        },
        date_format="%m/%d/%Y",
        phone_style=(0.25, 0.2, 0.35, 0.1, 0.1),
        upper=0.03,
        lower=0.10,
        zip_plus_four=0.0,
        loses_zeros=0.0,
    ),
    Source(
        name="petitions",
        share=0.18,
        without={
            "first_name": 0.01, "last_name": 0.01, "middle_name": 0.7, "suffix": 0.8,
            "email": 0.56, "phone": 0.47, "address": 0.41, "zip": 0.12, "birth_date": 0.35,
        },
        date_format="%m/%d/%Y",
        phone_style=(0.5, 0.2, 0.2, 0.1, 0.0),
        upper=0.15,
        lower=0.02,
        zip_plus_four=0.0,
        loses_zeros=0.0,
    ),
)  # fmt: skip
