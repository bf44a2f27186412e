"""Column headers as people write them, and what each means.

A header is known by its key: lower case, letters and digits only. ``First Name``, ``first_name``
and ``FirstName`` are one key. Adding an alias is adding a word to a table below.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

#: Canonical column -> the keys that mean it, the most telling first. Where a file has several of
#: one line, the first that has a value in a row is used.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "record_id": ("recordid",),
    "source": ("source",),
    "source_record_id": ("sourcerecordid",),
    "entity_type": ("entitytype", "contactmode", "signuptype"),
    "prefix": ("prefix", "nameprefix", "salutation", "honorific", "honorificprefix"),
    "first_name": (
        "firstname", "givenname", "forename", "first", "fname", "givennames", "forenames",
        "christianname", "namefirst", "contactfirstname",
    ),
    "middle_name": (
        "middlename", "middleinitial", "middle", "mname", "mi", "secondname", "additionalname",
        "middlenames", "namemiddle",
    ),
    "last_name": (
        "lastname", "surname", "familyname", "last", "lname", "namelast", "contactlastname",
    ),
    "suffix": ("suffix", "namesuffix", "generation", "honorificsuffix"),
    "full_name": ("fullname", "name", "contactname", "personname", "displayname", "legalname"),
    "nickname": ("nickname", "preferredname", "knownas", "goesby"),
    "organization": (
        "organization", "organisation", "organizationname", "organisationname", "companyname",
        "company", "employer", "employername",
    ),
    "birth_date": (
        "birthdate", "dateofbirth", "dob", "bornat", "birthday", "dateofbirthcombined", "born",
    ),
    "gender": ("gender", "sex"),
    "tags": ("tags", "taglist", "can2usertags", "usertags"),
    "updated_at": (
        "updatedat", "modifiedat", "modifieddate", "modifiedon", "lastmodified", "datemodified",
        "lastmodifieddate", "lastupdated", "updatedon", "updated", "collectedon", "collectedat",
        "createdat", "createddate", "createdon", "datecreated", "dateadded", "signupdate",
        "submittedat", "submissiondate", "datecanvassed", "can2subscriptiondate", "timestamp",
        "date",
    ),
    "email_consent": (
        "emailconsent", "can2subscriptionstatus", "emailsubscriptionstatus", "emailoptin",
        "emailstatus", "subscriptionstatus",
    ),
    "sms_consent": (
        "smsconsent", "can2smsstatus", "smsoptinstatus", "mobileoptin", "optinstatus", "smsstatus",
        "smsoptin",
    ),
    "phone_consent": ("phoneconsent", "donotcall"),
    "van_id": ("voterfilevanid", "votervanid", "myvvanid", "myvotersvanid", "vanid"),
    "van_my_campaign_id": ("vanmycampaignid", "mycampaignid", "mycvanid", "mycampaignvanid"),
    "nationbuilder_id": ("nationbuilderid", "nationbuilderpersonid"),
    "action_network_id": ("actionnetworkid",),
    "external_id": ("externalid",),
    "civicrm_id": ("civicrmid",),
    "salesforce_id": ("salesforceid",),
    "ngp_id": ("ngpid",),
    "rnc_id": ("rncid",),
    "dw_id": ("dwid",),
    "state_file_id": ("statefileid", "sosid"),
    "county_file_id": ("countyfileid",),
    "facebook": ("facebook", "facebookusername", "facebookurl", "facebookuid"),
    "twitter": ("twitter", "twitterlogin", "twitterhandle"),
}  # fmt: skip

#: The same for what may repeat; here the order is that of preference among several columns.
REPEATED: Mapping[str, tuple[str, ...]] = {
    "email": (
        "email", "preferredemail", "primaryemail", "emailaddress", "mail", "emailaddressprimary",
        "personalemail", "homeemail", "otheremail", "alternateemail", "altemail", "secondaryemail",
        "workemail",
    ),
    "phone": (
        "preferredphone", "prefphone", "primaryphone", "primaryphonenumber", "can2phone", "phone",
        "mobile", "mobilephone", "mobilenumber", "mobilephonenumber", "cell", "cellphone",
        "cellnumber", "cellphonenumber", "phonenumber", "telephone", "tel", "telephonenumber",
        "contactnumber", "optinphone", "homephone", "homephonenumber", "landline",
        "daytimephone", "eveningphone", "otherphone", "alternatephone", "altphone",
        "secondaryphone", "workphone", "workphonenumber", "businessphone",
    ),
}  # fmt: skip

#: Part of an address -> keys, alone or after a prefix that says which address.
ADDRESS_PARTS: Mapping[str, tuple[str, ...]] = {
    "address_line1": (
        "addressline1", "address1", "streetaddress", "can2useraddress", "line1", "addr1", "street",
        "street1", "streetaddress1", "streetline1", "address", "addr",
    ),
    "address_line2": (
        "addressline2", "address2", "line2", "addr2", "street2", "streetaddress2", "streetline2",
        "unit", "unitnumber", "apt", "apartment", "aptno", "aptnumber", "suite", "flat",
    ),
    "city": ("city", "can2usercity", "cityname", "town", "locality", "suburb", "posttown"),
    "region": (
        "region", "state", "can2stateabbreviated", "can2userstate", "statecode",
        "stateabbreviation", "stateabbreviated", "stateprovince", "stateorprovince", "province",
        "regioncode",
    ),
    "postal_code": (
        "postalcode", "zip", "zipcode", "zip5", "postcode", "ziporpostal", "ziporpostalcode",
        "zippostalcode", "postal", "zipcode5",
    ),
    "country": ("country", "countrycode", "countryname", "can2usercountry"),
    "street_number": ("streetnumber", "streetno", "housenumber", "housenum"),
    "street_prefix": ("streetprefix",),
    "street_name": ("streetname",),
    "street_type": ("streettype",),
    "street_suffix": ("streetsuffix",),
    "unit_type": ("apttype", "unittype"),
}  # fmt: skip

#: Prefixes that tell one address of a record from another, the one to prefer first.
ADDRESS_PREFIXES: tuple[str, ...] = (
    "", "primary", "home", "residential", "residence", "physical", "current", "permanent",
    "address", "mailing", "mail", "m", "postal", "registered", "voting", "usersubmitted",
    "submitted", "billing", "shipping", "work", "other",
)  # fmt: skip

#: ``Email 2``, ``phone3``: a repeated column and its number.
_NUMBERED = re.compile(
    r"(email|emailaddress|phone|phonenumber|mobile|mobilephone|cell|cellphone)(\d)"
)


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """What a column is for.

    Attributes:
        name: canonical column, ``email``, ``phone``, or a part of an address.
        rank: order among columns of one name; the smaller is preferred.
        group: which address a part belongs to, by prefix; ``None`` for all else.
    """

    name: str
    rank: int
    group: str | None = None


@lru_cache(maxsize=10_000)
def header_key(header: str) -> str:
    """The header in lower case, letters and digits only (of any script)."""
    return "".join(c for c in header.lower() if c.isalnum())


_PLAIN: Mapping[str, Role] = {
    key: Role(name, rank) for name, keys in ALIASES.items() for rank, key in enumerate(keys)
} | {
    # Room between the ranks for numbered columns.
    key: Role(name, 10 * rank)
    for name, keys in REPEATED.items()
    for rank, key in enumerate(keys)
}
_PARTS: Mapping[str, tuple[str, int]] = {
    key: (part, rank) for part, keys in ADDRESS_PARTS.items() for rank, key in enumerate(keys)
}


@lru_cache(maxsize=10_000)
def role_of(key: str) -> Role | None:
    """The meaning of a header key by common aliases, or ``None``."""
    if key in _PLAIN:
        return _PLAIN[key]
    numbered = _NUMBERED.fullmatch(key)
    if numbered:
        plain = _PLAIN[numbered[1]]
        return Role(plain.name, plain.rank + int(numbered[2]))
    return _address_role(key)


def _address_role(key: str) -> Role | None:
    for prefix in ADDRESS_PREFIXES:
        part = _PARTS.get(key.removeprefix(prefix)) if key.startswith(prefix) else None
        if part:
            return Role(part[0], part[1], prefix)
    return None
