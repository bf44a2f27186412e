"""Five tools and the exports that they make: headers, number formats and habits of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from matcher.demo.cast import Person
from matcher.demo.variants import Habits, Variant, variant

_ORGANISATION = "Pioneer Valley Tenants Union"
_ROLE_MAILBOX = "office@example.org"
#: So many people gave their employer's mailbox to the tools that ask for one.
_AT_THE_OFFICE = 3


@dataclass(frozen=True, slots=True)
class Export:
    """One file of a tool.

    Attributes:
        name: of the file.
        header, rows: as they stand in it.
        truth: ``record_id`` as the reader will make it -> who that truly is.
        delimiter: between cells.
    """

    name: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    truth: list[tuple[str, str]] = field(default_factory=list)
    delimiter: str = ","


def action_network(cast: Sequence[Person], random: Random) -> Export:
    """An Action Network report: people who signed something online."""
    export = Export(
        "action_network_report.csv",
        ("uuid", "first_name", "last_name", "email", "Phone Number", "can2_user_address",
         "can2_user_city", "can2_user_state", "zip_code", "County", "can2_user_tags",
         "can2_subscription_status", "can2_sms_status"),
    )  # fmt: skip
    habits = Habits(nickname=0.35, typo=0.02, other_email=0.2, no_phone=0.4, no_address=0.35)
    for who, seen in _members(cast, 0.5, habits, random):
        own_id = _uuid(random)
        line = f"{seen.street} {seen.unit}".strip()
        status = _status(random, 0.1)
        export.rows.append(
            (own_id, seen.first, seen.last, seen.email, _dashed(seen.phone), line,
             seen.city if line else "", "MA", seen.postal_code, "", "petition-2024", status,
             status if seen.phone else "")
        )  # fmt: skip
        export.truth.append((f"action_network:{own_id}", who))
    own_id = _uuid(random)
    first, last = _ORGANISATION.rsplit(" ", 2)[0], " ".join(_ORGANISATION.rsplit(" ", 2)[1:])
    export.rows.append((own_id, first, last, "info@example.org", *[""] * 3, "MA", "01040",
                        "", "coalition", "subscribed", ""))  # fmt: skip
    export.truth.append((f"action_network:{own_id}", "organisation"))
    return export


def nationbuilder(cast: Sequence[Person], random: Random) -> Export:
    """A NationBuilder people export: supporters and donors, two emails and two phones each."""
    export = Export(
        "nationbuilder-people-export-2024-11-05.csv",
        ("nationbuilder_id", "signup_type", "prefix", "first_name", "middle_name", "last_name",
         "suffix", "full_name", "employer", "sex", "born_at", "email1", "email2", "email_opt_in",
         "phone_number", "mobile_number", "do_not_call", "tag_list", "created_at",
         "primary_address1", "primary_address2", "primary_city", "primary_state", "primary_zip"),
    )  # fmt: skip
    habits = Habits(nickname=0.15, typo=0.01, maiden_name=0.3, former_home=0.5, no_email=0.1,
                    no_phone=0.25, no_address=0.15)  # fmt: skip
    number = 1_000
    for who, seen in _members(cast, 0.45, habits, random):
        number += random.randint(1, 9)
        person = cast[int(who)]
        # The work address comes second, and some of those are shared by a whole office.
        second = _ROLE_MAILBOX if int(who) < _AT_THE_OFFICE else ""
        email_opt_in = "true" if _status(random, 0.12) == "subscribed" else "false"
        export.rows.append(
            (str(number), "0", "", seen.first, seen.middle, seen.last, seen.suffix,
             f"{seen.first} {seen.last}", "", person.gender,
             _american(person.born) if random.random() < 0.5 else "", seen.email, second,
             email_opt_in, _quoted(seen.landline), _quoted(seen.phone), "false", "donor",
             _recent(random).isoformat(" "), seen.street, seen.unit, seen.city, "MA",
             seen.postal_code)
        )  # fmt: skip
        export.truth.append((f"nationbuilder:{number}", who))
    number += 7
    export.rows.append((str(number), "1", *[""] * 5, _ORGANISATION, *[""] * 3, "info@example.org",
                        *[""] * 5, "coalition", "2023-02-11 09:00:00", "12 Depot Square", "",
                        "Holyoke", "MA", "01040"))  # fmt: skip
    export.truth.append((f"nationbuilder:{number}", "organisation"))
    return export


def van(cast: Sequence[Person], random: Random) -> Export:
    """VAN My Voters: the voter file, formal and in capitals, opened once in a spreadsheet."""
    export = Export(
        "van_my_voters.csv",
        ("Voter File VANID", "LastName", "FirstName", "MiddleName", "Suffix", "Address", "City",
         "State", "Zip5", "DOB", "Age", "Sex", "PreferredEmail", "Preferred Phone", "Party"),
    )  # fmt: skip
    habits = Habits(maiden_name=0.6, former_home=0.4, no_email=0.85, no_phone=0.3, landline=0.7)
    number = 3_100_000
    for who, seen in _members(cast, 0.6, habits, random):
        number += random.randint(3, 900)
        born = cast[int(who)].born
        address = f"{seen.street} {seen.unit}".strip().upper()
        zip_without_zero = seen.postal_code.lstrip("0")
        export.rows.append(
            (str(number), seen.last.upper(), seen.first.upper(), seen.middle[:1].upper(),
             seen.suffix, address, seen.city.upper(), "MA", zip_without_zero, _american(born),
             str(2024 - born.year), cast[int(who)].gender, seen.email, _dashed(seen.phone), "U")
        )  # fmt: skip
        export.truth.append((f"van:my_voters:MA:{number}", who))
    return export


def everyaction(cast: Sequence[Person], random: Random) -> Export:
    """An EveryAction bulk upload: tab separated, several rows a person, one attribute in each."""
    export = Export(
        "everyaction_bulk_upload.txt",
        ("Source ID", "First Name", "Middle Name", "Last Name", "Suffix", "Address Line 1",
         "Address Line 2", "City", "State", "Zip", "Country", "Activist Code", "Email Address",
         "Email Subscription Status", "Email Type", "Phone", "Phone Type", "SMS Opt-In Status"),
        delimiter="\t",
    )  # fmt: skip
    habits = Habits(nickname=0.2, typo=0.02, other_email=0.3, former_home=0.3, no_phone=0.3,
                    no_address=0.4)  # fmt: skip
    number = 500
    for who, seen in _members(cast, 0.25, habits, random):
        number += random.randint(1, 4)
        name = (f"EA-{number}", seen.first, seen.middle, seen.last, seen.suffix)
        if seen.street:
            export.rows.append((*name, seen.street, seen.unit, seen.city, "MA", seen.postal_code,
                                "US", *[""] * 7))  # fmt: skip
        status = _status(random, 0.15).capitalize()
        export.rows.append((*name, *[""] * 6, "Volunteer", seen.email, status, "P", *[""] * 3))
        if seen.phone:
            export.rows.append((*name, *[""] * 10, seen.phone, "C", "Opted in"))
        export.truth.append((f"everyaction:EA-{number}", who))
    return export


def signup_sheet(cast: Sequence[Person], random: Random) -> Export:
    """A sheet from a form: headers of its own, typing on a phone, and people who were joking."""
    export = Export(
        "signup_sheet.csv",
        ("Timestamp", "Full name:", "E-mail", "Cell #", "Street Address", "Town", "ZIP",
         "How did you hear about us?"),
    )  # fmt: skip
    habits = Habits(nickname=0.5, typo=0.06, email_typo=0.05, other_email=0.25, no_email=0.06,
                    no_phone=0.2, no_address=0.6)  # fmt: skip
    members = list(_members(cast, 0.3, habits, random))
    again = [(who, variant(cast[int(who)], habits, random)) for who, _ in members[::15]]
    for who, seen in [*members, *again]:
        street = f"{seen.street} {seen.unit}".strip()
        name = seen.first + " " + seen.last
        export.rows.append(
            (_recent(random).strftime("%m/%d/%Y %H:%M"), _careless(name, random), seen.email,
             _dotted(seen.phone), street, seen.city, seen.postal_code, random.choice(_HEARD))
        )  # fmt: skip
        export.truth.append((f"signup_sheet:{len(export.rows)}", who))
    for joke in _JOKES:
        export.rows.append(("11/01/2024 20:00", *joke, '=HYPERLINK("x")'))
        export.truth.append((f"signup_sheet:{len(export.rows)}", f"joke {joke[0]}"))
    export.rows.append(("11/02/2024 08:15", "Ragged Row", "one", "cell", "too", "many", "01060",
                        "friend", "oops"))  # fmt: skip
    return export


ALL: tuple[Callable[[Sequence[Person], Random], Export], ...] = (
    action_network,
    nationbuilder,
    van,
    everyaction,
    signup_sheet,
)

_HEARD = ("friend", "door", "poster", "facebook", "")
_JOKES = (
    ("test test", "test@test.com", "555-555-5555", "123 Main St", "Holyoke", "01040"),
    ("Mickey Mouse", "none@none.com", "(000) 000-0000", "", "Nowhere", "99999"),
    ("asdf", "no@email", "12345", "", "", ""),
)


def _members(
    cast: Sequence[Person], share: float, habits: Habits, random: Random
) -> Iterator[tuple[str, Variant]]:
    """Those whom a tool knows, by their place in the cast, in the tool's own order."""
    known = [place for place in range(len(cast)) if random.random() < share]
    random.shuffle(known)
    for place in known:
        yield str(place), variant(cast[place], habits, random)


def _status(random: Random, unsubscribed: float) -> str:
    return "unsubscribed" if random.random() < unsubscribed else "subscribed"


def _careless(name: str, random: Random) -> str:
    """A name as typed on a phone."""
    return random.choice((name, name, name, name.lower(), name.upper(), f" {name} "))


def _recent(random: Random) -> datetime:
    return datetime(2024, 11, 1) - timedelta(minutes=random.randint(0, 500_000))


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _dashed(phone: str) -> str:
    return f"{phone[:3]}-{phone[3:6]}-{phone[6:]}" if phone else ""


def _dotted(phone: str) -> str:
    return f"1 {phone[:3]}.{phone[3:6]}.{phone[6:]}" if phone else ""


def _quoted(phone: str) -> str:
    """NationBuilder puts an apostrophe first, so that a spreadsheet leaves the number alone."""
    return f"'+1{phone}" if phone else ""


def _american(day: date) -> str:
    return f"{day:%m/%d/%Y}"
