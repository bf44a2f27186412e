"""NationBuilder's names: of its API, of its exports, and of what the package calls them."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.policies.contacts import Request

EMAIL_SLOTS = ("email1", "email2", "email3", "email4")
BAD_FLAGS = tuple(f"{slot}_is_bad" for slot in EMAIL_SLOTS)

#: Field of a person -> the columns that say it: the API's name, then the export's (NB-08).
PHONES: Mapping[str, tuple[str, ...]] = {
    "phone": ("phone", "phone_number"),
    "mobile": ("mobile", "mobile_number"),
    "work_phone_number": ("work_phone_number",),
}

#: NB-06: the address types, in the order in which the document lists those that may become
#: primary; then those that only show. The values are prefixes of columns.
ADDRESSES: Mapping[str, tuple[str, ...]] = {
    "work_address": ("work",),
    "billing_address": ("billing",),
    "registered_address": ("registered",),
    "home_address": ("home", "address"),
    "mailing_address": ("mailing",),
    "user_submitted_address": ("user_submitted",),
    "meetup_address": ("meetup",),
    "twitter_address": ("twitter",),
}
WRITABLE = ("work_address", "billing_address", "registered_address", "home_address")
PRIMARY = "primary"
#: Parts of an address, in the order of ``contacts.Address``; lines 2 and 3 become one.
PARTS = ("address1", "address2", "address3", "city", "state", "zip", "country_code")

#: NB-13: ids beyond those that reading knows -> their system. VAN's is here because reading puts
#: state and instance before it, which NationBuilder does not.
FURTHER_IDS: Mapping[str, str] = {
    "van_id": "van",
    "rnc_regid": "rnc_regid",
    "pf_strat_id": "pf_strat",
    "nbec_guid": "nbec_guid",
    "linkedin_id": "linkedin",
    "meetup_id": "meetup",
    "twitter_id": "twitter_id",
    "datatrust_id": "datatrust",
}

#: NB-20: system of an identifier -> the match id; those of ``SOCIAL`` a person may change.
MATCH_IDS: Mapping[str, str] = {
    "external": "external_id",
    "van": "van_id",
    "ngp": "ngp_id",
    "dw": "dw_id",
    "county_file": "county_file_id",
    "salesforce": "salesforce_id",
    "civicrm": "civicrm_id",
    "facebook": "facebook_username",
    "twitter": "twitter_login",
}
SOCIAL = frozenset({"facebook", "twitter"})
OWN = "nationbuilder"

#: What a person keeps as it came.
KEPT = ("fax_number", "is_possible_duplicate")

#: Shown by the API, written by nobody.
READ_ONLY = ("phone_normalized", "mobile_normalized")

#: Where ``Contact.fields`` has what a person resource says that no rule reads: the nation's own
#: custom fields, and the document's fields about anything but identity. A person keeps it as it is.
PROFILE = "profile"
#: So many such fields a person has room for.
MOST_FIELDS = 1_000
#: What the vendor works out, so that nobody writes it; and what would be taken for something else.
COMPUTED = frozenset(
    {
        "id", "updated_at", "author", "recruiter", "parent", "last_contacted_by", "precinct",
        "profile_image_url_ssl", "ballots", "subnations", "unsubscribed_at", "person_id", "request",
        "nation", "id_type", "bad_emails", "entity_type", PROFILE,
    }
)  # fmt: skip
COMPUTED_ENDINGS = ("_count", "_in_cents", "_this_cycle")

#: What a call of the API may be named beside the requests of ``contacts.Request``.
REQUESTS = frozenset(request.value for request in Request)

CARRIES: tuple[str, ...] = (
    "request", "id_type", "nation", "signup_type", "entity_type", "employer",
    "email", *EMAIL_SLOTS, *BAD_FLAGS, "primary_email_id",
    *(name for names in PHONES.values() for name in names), "fax_number", *READ_ONLY,
    *(
        f"{prefix}_{part}"
        for prefix in (PRIMARY, *(p for prefixes in ADDRESSES.values() for p in prefixes))
        for part in PARTS
    ),
    # An address object of the API spreads into home_address1, home_city and so on.
    "email_opt_in", "mobile_opt_in", "is_mobile_bad", "do_not_call", "do_not_contact",
    "federal_donotcall", "unsubscribed_at", "is_possible_duplicate",
    *FURTHER_IDS,
)  # fmt: skip
