"""Raw text in, clean values out; each rule is applied once to each distinct text.

============================  =====================================================
``normalise``                 all records at once: the way that everything else takes
``normalise_email``           one email address
``normalise_phone``           one phone number, by the ``phonenumbers`` library alone
``normalise_date``            one date
``split_given``, …            one name, whole or a part of it
``split_line``                one line of a street address
``normalise_city``, …         one place
============================  =====================================================

The functions of one text are the rules; the fast lanes of ``normalise`` are held against them.
"""

from matcher.normalise.address_lines import Line, split_line
from matcher.normalise.dates import Day, Order, normalise_date
from matcher.normalise.emails import normalise_email
from matcher.normalise.names import Name, split_full, split_given, split_middle, split_surname
from matcher.normalise.organisations import normalise_organisation
from matcher.normalise.phones import Phone, normalise_phone
from matcher.normalise.places import (
    normalise_city,
    normalise_country,
    normalise_postal_code,
    normalise_region,
)
from matcher.normalise.records import normalise

__all__ = [
    "Day",
    "Line",
    "Name",
    "Order",
    "Phone",
    "normalise",
    "normalise_city",
    "normalise_country",
    "normalise_date",
    "normalise_email",
    "normalise_organisation",
    "normalise_phone",
    "normalise_postal_code",
    "normalise_region",
    "split_full",
    "split_given",
    "split_line",
    "split_middle",
    "split_surname",
]
