"""The fields of NationBuilder's person resource, each with what it is where nobody said anything.

In the order of the document's own answers; those that it only lists come last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Of the abbreviated resource.
ABBREVIATED: Mapping[str, Any] = {
    **dict.fromkeys(
        (
            "birthdate", "city_district", "civicrm_id", "county_district", "county_file_id",
            "created_at",
        )
    ),
    "do_not_call": False, "do_not_contact": False, "dw_id": None, "email": None,
    "email_opt_in": True,
    **dict.fromkeys(
        ("employer", "external_id", "federal_district", "fire_district", "first_name")
    ),
    "has_facebook": False, "id": None, "is_twitter_follower": False, "is_volunteer": False,
    **dict.fromkeys(
        ("judicial_district", "labour_region", "last_name", "linkedin_id", "mobile")
    ),
    "mobile_opt_in": True,
    **dict.fromkeys(
        (
            "nbec_guid", "ngp_id", "note", "occupation", "party", "pf_strat_id", "phone",
            "precinct_id", "primary_address", "profile_image_url_ssl", "recruiter_id", "rnc_id",
            "rnc_regid", "salesforce_id", "school_district", "school_sub_district", "sex",
        )
    ),
    "signup_type": 0,
    **dict.fromkeys(
        (
            "state_file_id", "state_lower_district", "state_upper_district", "support_level",
            "supranational_district",
        )
    ),
    "tags": (),
    **dict.fromkeys(("twitter_id", "twitter_name", "updated_at", "van_id", "village_district")),
}  # fmt: skip

_NO_MONEY = dict.fromkeys(
    (
        "donations_amount_in_cents", "donations_amount_this_cycle_in_cents", "donations_count",
        "donations_count_this_cycle", "donations_pledged_amount_in_cents",
        "donations_raised_amount_in_cents", "donations_raised_amount_this_cycle_in_cents",
        "donations_raised_count", "donations_raised_count_this_cycle",
        "donations_to_raise_amount_in_cents",
    ),
    0,
)  # fmt: skip

#: Of the full resource.
FULL: Mapping[str, Any] = {
    **ABBREVIATED,
    **dict.fromkeys(
        (
            "active_customer_expires_at", "active_customer_started_at", "author", "author_id",
            "auto_import_id", "availability", "banned_at", "billing_address", "bio",
            "call_status_id", "call_status_name",
        )
    ),
    "capital_amount_in_cents": 0, "children_count": 0,
    **dict.fromkeys(
        (
            "church", "city_sub_district", "closed_invoices_amount_in_cents",
            "closed_invoices_count", "contact_status_id", "contact_status_name",
            "could_vote_status", "demo",
        )
    ),
    **_NO_MONEY,
    "email1": None, "email1_is_bad": False, "email2": None, "email2_is_bad": False,
    "email3": None, "email3_is_bad": False, "email4": None, "email4_is_bad": False,
    **dict.fromkeys(
        (
            "ethnicity", "facebook_address", "facebook_profile_url", "facebook_updated_at",
            "facebook_username", "fax_number",
        )
    ),
    "federal_donotcall": False,
    **dict.fromkeys(
        (
            "first_donated_at", "first_fundraised_at", "first_invoice_at", "first_prospect_at",
            "first_recruited_at", "first_supporter_at", "first_volunteer_at", "full_name",
            "home_address", "import_id", "inferred_party", "inferred_support_level",
        )
    ),
    "invoice_payments_amount_in_cents": 0, "invoice_payments_referred_amount_in_cents": 0,
    "invoices_amount_in_cents": None, "invoices_count": None,
    "is_deceased": False, "is_donor": False, "is_fundraiser": False,
    "is_ignore_donation_limits": False, "is_leaderboardable": True, "is_mobile_bad": False,
    "is_possible_duplicate": False, "is_profile_private": False, "is_profile_searchable": True,
    "is_prospect": False, "is_supporter": True, "is_survey_question_private": False,
    **dict.fromkeys(
        (
            "language", "last_call_id", "last_contacted_at", "last_contacted_by",
            "last_donated_at", "last_fundraised_at", "last_invoice_at", "last_rule_violation_at",
            "legal_name", "locale", "mailing_address", "marital_status", "media_market_name",
            "meetup_address", "middle_name", "mobile_normalized", "nbec_precinct_code",
            "note_updated_at", "outstanding_invoices_amount_in_cents",
            "outstanding_invoices_count",
        )
    ),
    "overdue_invoices_count": 0,
    **dict.fromkeys(
        (
            "page_slug", "parent", "parent_id", "party_member", "phone_normalized", "phone_time",
            "precinct_code", "precinct_name", "prefix", "previous_party", "primary_email_id",
            "priority_level", "priority_level_changed_at", "profile_content",
            "profile_content_html", "profile_headline",
        )
    ),
    "received_capital_amount_in_cents": 0, "recruiter": None, "recruits_count": 0,
    **dict.fromkeys(("registered_address", "registered_at", "religion")),
    "rule_violations_count": 0, "spent_capital_amount_in_cents": 0, "submitted_address": None,
    "subnations": (),
    **dict.fromkeys(
        (
            "suffix", "support_level_changed_at", "support_probability_score",
            "turnout_probability_score", "twitter_address", "twitter_description",
            "twitter_followers_count", "twitter_friends_count", "twitter_location",
            "twitter_login", "twitter_updated_at", "twitter_website", "unsubscribed_at",
            "user_submitted_address", "username",
        )
    ),
    "warnings_count": 0,
    **dict.fromkeys(("website", "work_address", "work_phone_number")),
    "ballots": (),
    **dict.fromkeys(
        (
            "is_absentee_voter", "is_active_voter", "is_early_voter",
            "is_permanent_absentee_voter", "meetup_id", "membership_expires_at",
            "membership_level_name", "membership_started_at", "voter_updated_at",
        )
    ),
}  # fmt: skip
