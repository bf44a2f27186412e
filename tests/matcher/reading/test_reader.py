"""The whole way of an input: every vendor's header line, ids, sources, rejects."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from matcher.errors import InputError, OptionError, UnreadableFile, UnusableColumns
from matcher.reading import read
from matcher.records import REJECT_SCHEMA, RawRecords

ACTION_NETWORK = (
    "uuid, first_name, last_name, email, Phone Number, can2_user_address, can2_user_city,"
    " can2_user_state, zip_code, County, can2_user_tags, can2_subscription_status, can2_sms_status"
)
NATIONBUILDER = (
    "nationbuilder_id,twitter_id,twitter_login,facebook_username,civicrm_id,external_id,prefix,"
    "first_name,middle_name,last_name,suffix,full_name,legal_name,employer,sex,born_at,email1,"
    "email2,email3,email4,email_opt_in,phone_number,work_phone_number,do_not_call,mobile_number,"
    "mobile_opt_in,is_mobile_bad,fax_number,parent_id,tag_list,created_at,signup_type,van_id,"
    "ngp_id,rnc_id,dw_id,state_file_id,county_file_id,email,email1_is_bad,primary_country_code,"
    "primary_country,primary_state,primary_city,primary_county,primary_zip,primary_address1,"
    "primary_address2,primary_submitted_address,address_address1,address_city,mailing_zip5,"
    "mailing_zip4,mailing_address1,mailing_city,registered_address1,registered_zip5,party_member"
)
DONATIONS = (
    "nationbuilder_id,amount,succeeded_at,signup_nationbuilder_id,signup_email,signup_email1,"
    "signup_email2,signup_first_name,signup_last_name,signup_full_name,signup_phone_number,"
    "signup_external_id,tracking_code"
)
MY_VOTERS = (
    "Voter File VANID,LastName,FirstName,MiddleName,Suffix,Address,City,State,Zip5,Zip4,mAddress,"
    "mCity,mState,mZip5,mZip4,Party,DOB,Age,Sex,PreferredEmail,Preferred Phone,Cell Phone,"
    "Pref Phone ,CD,SD,HD,DateReg,General16,StreetNo,StreetNoHalf,StreetPrefix,StreetName,"
    "StreetType,StreetSuffix,AptType,AptNo,PrecinctName,Name_(HD096__Ayers),X_(Public)"
)
EXPORT_JOB_SPOKE = (
    "CanvassFileRequestID,VanID,Address,FirstName,LastName,StreetAddress,City,State,ZipOrPostal,"
    "County,Employer,Occupation,Email,HomePhone,IsHomePhoneACellExchange,CellPhone,WorkPhone,"
    "IsWorkPhoneACellExchange,Phone,OptInPhone,OptInStatus,OptInPhoneType,CongressionalDistrict,"
    "StateHouse,StateSenate,Party,PollingLocation,PollingAddress,PollingCity"
)
EXPORT_JOB_VOTER_CIRCLE = (
    "CanvassFileRequestID,VanID,County,Phone,PhoneDialingPrefix,PhoneCountryCode,Address,"
    "StateFileID,CountyFileID,FirstName,LastName,StreetNo,StreetName,City,State,ZipCode,"
    "StateOrProvince,ZipOrPostal,VAddressLatitude,VAddressLongitude,Email,HomePhone,"
    "HomePhoneDialingPrefix,HomePhoneCountryCode,CellPhone,CellPhoneDialingPrefix,"
    "CellPhoneCountryCode,WorkPhone,WorkPhoneDialingPrefix,WorkPhoneCountryCode,Sex,Party,DOB,"
    "CongressionalDistrict,StateSenate,StateHouse,PollingLocation,PollingAddress,PollingCity,"
    "PollingZip,PermanentAbsentee,VoterVANID,MyCampaignID"
)
BULK = (
    "Source ID,Prefix,First Name,Middle Name,Last Name,Suffix,Address Line 1,Address Line 2,"
    "Address Line 3,City,State,Zip,Country,Employer Name,Occupation Name,Activist Code,"
    "Facebook URL,NationBuilder ID,Other Website,Twitter Handle,Email Address,"
    "Email Subscription Status,Email Type,Notes,Origin Source Code,Phone,Phone Type,"
    "SMS Opt-In Status,Secondary Member,Relationship"
)


def write(folder: Path, header: str, *rows: dict[str, str], name: str = "export.csv") -> Path:
    """A CSV file with this header line exactly as written; a row gives cells by header."""
    headers = header.split(",")
    path = folder / name
    unknown = {key for row in rows for key in row} - {h.strip() for h in headers}
    assert not unknown, unknown
    lines = [header]
    for row in rows:
        cells = [row.get(h.strip(), "") for h in headers]
        lines.append(",".join(f'"{c}"' if "," in c else c for c in cells))
    path.write_text("\n".join(lines) + "\n")
    return path


def records(raw: RawRecords) -> list[dict[str, Any]]:
    """The records as dicts without what they lack."""
    return [{k: v for k, v in r.items() if v is not None} for r in raw.table.to_pylist()]


def test_an_action_network_report(tmp_path: Path) -> None:
    row = {
        "uuid": "9a1f",
        "first_name": "Ann",
        "last_name": "Lee",
        "email": "ann@x.org",
        "Phone Number": "5550100",
        "can2_user_address": "1 Elm St",
        "can2_user_city": "Tulsa",
        "can2_user_state": "OK",
        "zip_code": "74101",
        "County": "Tulsa",
        "can2_user_tags": "a, b",
        "can2_subscription_status": "unsubscribed",
        "can2_sms_status": "subscribed",
    }
    raw = read(write(tmp_path, ACTION_NETWORK, row))
    (got,) = records(raw)
    assert raw.sources[0].vendor == "Action Network report"
    assert got == {
        "record_id": "action_network:9a1f",
        "source": "action_network",
        "source_record_id": "9a1f",
        "file": str(tmp_path / "export.csv"),
        "row": 1,
        "first_name": "Ann",
        "last_name": "Lee",
        "address_line1": "1 Elm St",
        "city": "Tulsa",
        "region": "OK",
        "postal_code": "74101",
        "tags": "a, b",
        "email1": "ann@x.org",
        "phone1": "5550100",
        "email_consent": "unsubscribed",
        "sms_consent": "subscribed",
        "action_network_id": "9a1f",
    }
    assert raw.sources[0].columns["County"] is None


@pytest.mark.parametrize(
    "header",
    [
        "email,first_name,can2_phone",
        "UUID,EMAIL,First Name,Last Name,Zip-Code,Country",
        "\ufeffuuid,email,zip_code",
        "Can2 User Tags,email",
    ],
)
def test_action_network_however_its_headers_are_spelt(tmp_path: Path, header: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(header + "\n" + ",".join("x" for _ in header.split(",")) + "\n")
    assert read(path).sources[0].source == "action_network"


def test_a_nationbuilder_people_export(tmp_path: Path) -> None:
    first = {
        "nationbuilder_id": "17",
        "first_name": "'Ann",
        "last_name": "Lee",
        "full_name": "Ann Lee",
        "legal_name": "Anna Lee",
        "email": "b@x.org",
        "email1": "a@x.org",
        "email2": "b@x.org",
        "phone_number": "555-0100",
        "mobile_number": "555-0101",
        "work_phone_number": "555-0102",
        "fax_number": "555-0199",
        "do_not_call": "true",
        "email_opt_in": "false",
        "mobile_opt_in": "true",
        "signup_type": "0",
        "van_id": "88",
        "civicrm_id": "0",
        "born_at": "1980-02-01",
        "primary_country_code": "US",
        "mailing_address1": "PO Box 9",
        "mailing_city": "Reno",
        "address_city": "Ely",
        "sex": "F",
        "tag_list": "donor",
        "created_at": "2020-01-01",
    }
    second = {"nationbuilder_id": "18", "signup_type": "1", "employer": "ACME", "do_not_call": "no"}
    second |= {"mailing_address1": "PO Box 9", "mailing_zip5": "89501", "mailing_zip4": "1234"}
    raw = read(write(tmp_path, NATIONBUILDER, first, second))
    ann, acme = records(raw)
    assert raw.sources[0].vendor == "NationBuilder people"
    assert ann["record_id"] == "nationbuilder:17"
    assert ann["nationbuilder_id"] == "17"
    assert ann["first_name"] == "Ann"
    assert ann["full_name"] == "Ann Lee"
    assert [ann[f"email{i}"] for i in (1, 2)] == ["b@x.org", "a@x.org"]
    assert "email3" not in ann
    assert {ann[f"phone{i}"] for i in (1, 2, 3)} == {"555-0100", "555-0101", "555-0102"}
    assert ann["phone3"] == "555-0102"  # work comes last
    assert ann["phone_consent"] == "do_not_call=true"
    assert (ann["email_consent"], ann["sms_consent"]) == ("false", "true")
    assert ann["entity_type"] == "person"
    assert ann["van_id"] == "unknown:unknown:88"
    assert "civicrm_id" not in ann
    # The home address has a city: it is taken, and nothing of the mailing address with it.
    assert ann["city"] == "Ely"
    assert "address_line1" not in ann
    assert acme["entity_type"] == "organization"
    assert acme["organization"] == "ACME"
    assert "phone_consent" not in acme
    assert (acme["address_line1"], acme["postal_code"]) == ("PO Box 9", "89501")


def test_a_short_nationbuilder_export(tmp_path: Path) -> None:
    header = (
        "nationbuilder_id,first_name,last_name,email,mobile_number,primary_address1,"
        "primary_address2,primary_city,primary_zip,gender"
    )
    row = {"nationbuilder_id": "1", "primary_address1": "2 Oak", "primary_zip": "2139"}
    (got,) = records(read(write(tmp_path, header, row)))
    assert got["address_line1"] == "2 Oak"
    assert got["postal_code"] == "2139"  # one short code alone shows nothing


def test_donations_carry_the_donors_id_not_the_transactions(tmp_path: Path) -> None:
    rows = [
        {"nationbuilder_id": str(900 + i), "signup_nationbuilder_id": p, "signup_email": "d@x.org"}
        for i, p in enumerate(["17", "17", "18", "17"])
    ]
    raw = read(write(tmp_path, DONATIONS, *rows))
    assert raw.sources[0].vendor == "NationBuilder donations"
    assert raw.table["nationbuilder_id"].to_pylist() == ["17", "17", "18", "17"]
    assert raw.table["record_id"].to_pylist() == [
        "nationbuilder:17",
        "nationbuilder:17#2",
        "nationbuilder:18",
        "nationbuilder:17#3",
    ]
    assert raw.sources[0].columns["nationbuilder_id"] is None
    assert raw.repeated("email") == ["email1"]


def test_a_my_voters_export(tmp_path: Path) -> None:
    rows = [
        {"Voter File VANID": "5", "LastName": "Lee", "FirstName": "Ann", "State": "IA"}
        | {"Address": "12 Elm St", "StreetNo": "12", "StreetName": "Elm", "StreetType": "St"}
        | {"Pref Phone": "5155550100", "Cell Phone": "5155550101", "Zip5": "50309", "Zip4": "1"}
        | {"AptType": "Apt", "AptNo": "4", "mCity": "Ames", "PreferredEmail": "a@x.org"},
        {"Voter File VANID": "6", "LastName": "Ray", "mCity": "Ames", "mState": "IL"},
        {"Voter File VANID": "7", "LastName": "Poe", "StreetNo": "9", "StreetName": "Oak"}
        | {"StreetType": "Ave", "State": "Iowa", "Sex": "M", "DOB": "1/2/1970"},
        {"Voter File VANID": "8", "LastName": "Day"},
    ]
    raw = read(write(tmp_path, MY_VOTERS, *rows))
    ann, ray, poe, day = records(raw)
    assert raw.sources[0].vendor == "VAN My Voters"
    assert ann["source"] == "van"
    assert ann["van_id"] == ann["source_record_id"] == "my_voters:IA:5"
    assert ann["record_id"] == "van:my_voters:IA:5"
    assert (ann["address_line1"], ann["address_line2"]) == ("12 Elm St", "Apt 4")
    assert "street_number" not in ann  # the line has it
    assert (ann["phone1"], ann["phone2"]) == ("5155550100", "5155550101")
    assert ann["postal_code"] == "50309"
    assert (ray["city"], ray["van_id"]) == ("Ames", "my_voters:IL:6")
    assert (poe["street_number"], poe["address_line1"]) == ("9", "Oak Ave")
    assert poe["van_id"] == "my_voters:IA:7"
    assert day["van_id"] == "my_voters:IA:8"  # the state that most rows have


def test_a_contact_history_of_my_voters(tmp_path: Path) -> None:
    header = "Voter File VANID,Contact Name,Date Canvassed,Result,Contact Type,Canvassed By"
    row = {"Voter File VANID": "5", "Contact Name": "Ann Lee", "Date Canvassed": "2024-01-02"}
    (got,) = records(read(write(tmp_path, header, row)))
    assert (got["full_name"], got["updated_at"]) == ("Ann Lee", "2024-01-02")
    assert got["van_id"] == "my_voters:unknown:5"


@pytest.mark.parametrize(
    "header", ["VANID,Employer,Occupation,City,State,First Name,Last", "VanID"]
)
def test_a_my_campaign_or_everyaction_export(tmp_path: Path, header: str) -> None:
    row = {header.split(",", maxsplit=1)[0]: "5"}
    raw = read(write(tmp_path, header, row))
    (got,) = records(raw)
    assert raw.sources[0].vendor == "VAN My Campaign / EveryAction"
    assert got["source"] == "everyaction"
    assert got["van_my_campaign_id"] == "my_campaign:unknown:5"
    assert got["record_id"] == "everyaction:my_campaign:unknown:5"


def test_my_campaign_with_the_voter_file_id_beside(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "VANID,Voter File VANID,State",
        {"VANID": "5", "Voter File VANID": "6", "State": "IA"},
    )
    (got,) = records(read(path))
    assert got["van_my_campaign_id"] == "my_campaign:IA:5"
    assert got["van_id"] == "my_voters:IA:6"


def test_an_export_job_for_spoke(tmp_path: Path) -> None:
    row = {"CanvassFileRequestID": "1", "VanID": "5", "FirstName": "Ann", "LastName": "Lee"}
    row |= {"StreetAddress": "1 Elm", "Address": "ignored", "ZipOrPostal": "50309", "State": "IA"}
    row |= {"HomePhone": "1", "CellPhone": "2", "WorkPhone": "3", "Phone": "2", "OptInPhone": "2"}
    row |= {
        "OptInStatus": "1",
        "PollingCity": "Ames",
        "PollingAddress": "9 Hall",
        "Email": "a@x.org",
    }
    raw = read(write(tmp_path, EXPORT_JOB_SPOKE, row))
    (got,) = records(raw)
    assert raw.sources[0].vendor == "VAN export job"
    assert got["record_id"] == "van:my_voters:IA:5"
    assert got["address_line1"] == "1 Elm"
    assert "city" not in got
    assert [got[f"phone{i}"] for i in (1, 2, 3)] == ["2", "1", "3"]
    assert "phone4" not in got
    assert got["sms_consent"] == "1"


def test_an_export_job_for_voter_circle(tmp_path: Path) -> None:
    voter = {"CanvassFileRequestID": "1", "VanID": "5", "VoterVANID": "5", "MyCampaignID": "77"}
    voter |= {"State": "IA", "ZipCode": "50309", "StateFileID": "S1", "CountyFileID": "C1"}
    mine = {"CanvassFileRequestID": "1", "VanID": "78", "MyCampaignID": "78", "State": "IA"}
    raw = read(write(tmp_path, EXPORT_JOB_VOTER_CIRCLE, voter, mine))
    first, second = records(raw)
    assert raw.sources[0].vendor == "VAN export job"
    assert first["van_id"] == "my_voters:IA:5"
    assert first["van_my_campaign_id"] == "my_campaign:IA:77"
    assert (first["state_file_id"], first["county_file_id"]) == ("S1", "C1")
    assert "van_id" not in second
    assert second["van_my_campaign_id"] == "my_campaign:IA:78"
    assert second["record_id"] == "van:my_campaign:IA:78"


def test_an_export_job_of_ids_only(tmp_path: Path) -> None:
    header = "CanvassFileRequestID,VanID"
    raw = read(write(tmp_path, header, {"CanvassFileRequestID": "1", "VanID": "5"}))
    assert raw.table["van_id"].to_pylist() == ["my_voters:unknown:5"]


def test_everyaction_bulk_upload_folds_into_one_record_per_source_id(tmp_path: Path) -> None:
    path = tmp_path / "upload.txt"
    path.write_text(
        "\n".join(
            "\t".join(row.get(h, "") for h in BULK.split(","))
            for row in [
                {h: h for h in BULK.split(",")},
                {"Source ID": "7", "First Name": "Ann", "Last Name": "Lee"},
                {"Source ID": "8", "First Name": "Bob"},
                {
                    "Source ID": "7",
                    "Email Address": "a@x.org",
                    "Email Subscription Status": "Subscribed",
                },
                {"Source ID": "7", "Email Address": "b@x.org", "NationBuilder ID": "99"},
                {"Source ID": "7", "City": "Tulsa"},
                {"Source ID": "7", "Address Line 1": "1 Elm", "City": "Reno"},
                {"Source ID": "8", "Phone": "555-0100", "SMS Opt-In Status": "OptedIn"},
                {"Source ID": "8", "Phone": "555-0101", "Phone Type": "Home"},
                {"First Name": "Nobody"},
            ]
        )
    )
    raw = read(path)
    ann, bob, nobody = records(raw)
    assert raw.sources[0].vendor == "EveryAction bulk upload (one attribute per row)"
    assert raw.sources[0].rows == 9
    assert (ann["record_id"], ann["source"], ann["row"]) == ("everyaction:7", "everyaction", 1)
    assert (ann["email1"], ann["email2"], ann["last_name"]) == ("a@x.org", "b@x.org", "Lee")
    assert ann["email_consent"] == "Subscribed"
    assert ann["nationbuilder_id"] == "99"
    assert ann["city"] == "Tulsa"  # the first address, whole
    assert "address_line1" not in ann
    assert (bob["row"], bob["phone1"], bob["phone2"]) == (2, "555-0100", "555-0101")
    assert bob["sms_consent"] == "OptedIn"
    assert (nobody["record_id"], nobody["row"]) == ("everyaction:9", 9)


def test_warehouse_tables_of_van(tmp_path: Path) -> None:
    header = (
        "myv_van_id,myc_van_id,person_id,sos_id,first_name,last_name,voting_street_address,"
        "voting_zip,primary_phone_number,date_of_birth_combined"
    )
    row = {"myv_van_id": "5", "myc_van_id": "6", "sos_id": "S", "voting_street_address": "1 Elm"}
    row |= {"primary_phone_number": "555", "date_of_birth_combined": "1970-01-02"}
    raw = read(write(tmp_path, header, row))
    (got,) = records(raw)
    assert got["record_id"] == "van:my_voters:unknown:5"
    assert got["van_my_campaign_id"] == "my_campaign:unknown:6"
    assert (got["state_file_id"], got["address_line1"]) == ("S", "1 Elm")
    assert (got["phone1"], got["birth_date"]) == ("555", "1970-01-02")
    assert raw.sources[0].columns["person_id"] is None


def test_febrl(tmp_path: Path) -> None:
    header = (
        "rec_id,true_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,"
        "date_of_birth,soc_sec_id"
    )
    row = {"rec_id": "rec-1-org", "true_id": "1", "given_name": "mitchell", "surname": "green"}
    row |= {"street_number": "7", "address_1": "wallaby place", "address_2": "delmar"}
    row |= {"suburb": "cleveland", "postcode": "2119", "state": "sa", "soc_sec_id": "180"}
    raw = read(write(tmp_path, header, row, name="dataset3.csv"))
    (got,) = records(raw)
    assert (got["record_id"], got["source"]) == ("rec-1-org", "dataset3")
    assert (got["street_number"], got["address_line1"]) == ("7", "wallaby place")
    assert (got["address_line2"], got["city"], got["postal_code"]) == (
        "delmar",
        "cleveland",
        "2119",
    )
    unused = {h for h, use in raw.sources[0].columns.items() if use is None}
    assert unused == {"true_id", "soc_sec_id"}


def test_identifiers_of_unknown_meaning_stay_unused() -> None:
    row = dict.fromkeys(
        [
            "true_id",
            "cluster",
            "master_id",
            "party_id",
            "contact_id",
            "account_id",
            "tax_id",
            "ssn",
            "soc_sec_id",
            "document_number",
        ],
        "1",
    )
    raw = read([row | {"last_name": "Lee"}])
    assert set(raw.table.column_names) == {
        "record_id", "source", "source_record_id", "file", "row", "last_name",
    }  # fmt: skip


def test_a_record_id_comes_back_unchanged_and_its_repeats_are_rejected() -> None:
    rows = [{"record_id": f"r{i}", "last_name": "Lee"} for i in (1, 2, 1, 3, 1)]
    raw = read(rows)
    assert raw.table["record_id"].to_pylist() == ["r1", "r2", "r3"]
    assert raw.table["row"].to_pylist() == [1, 2, 4]
    assert [(r["row"], r["value"], r["reason"]) for r in raw.rejects.to_pylist()] == [
        (3, "r1", "the record_id is that of row 1"),
        (5, "r1", "the record_id is that of row 1"),
    ]


def test_one_record_id_in_two_sources_is_two_records() -> None:
    one, two = [{"record_id": "1", "name": "Ann"}], [{"record_id": "1", "name": "Bob"}]
    raw = read({"left": one, "right": two})
    assert raw.table["record_id"].to_pylist() == ["1", "right:1"]
    assert not raw.rejects.num_rows


def test_the_same_record_id_twice_in_one_source_across_files() -> None:
    one, two = [{"record_id": "1", "name": "Ann"}], [{"record_id": "1", "name": "Bob"}]
    raw = read([pa.Table.from_pylist(one), pa.Table.from_pylist(two)], source_name="crm")
    assert raw.table["record_id"].to_pylist() == ["1"]
    assert raw.rejects["reason"].to_pylist() == ["the record_id is that of row 1 of frame 1"]
    assert raw.rejects["file"].to_pylist() == ["frame 2"]


def test_a_blank_record_id_gets_one() -> None:
    raw = read([{"record_id": "a", "name": "Ann"}, {"record_id": "", "name": "Bob"}])
    assert raw.table["record_id"].to_pylist() == ["a", "frame1:2"]


def test_an_id_column_counts_only_where_each_row_has_its_own() -> None:
    distinct = read([{"id": "a", "name": "Ann"}, {"id": "b", "name": "Bob"}])
    assert distinct.table["record_id"].to_pylist() == ["a", "b"]
    assert distinct.sources[0].columns["id"] == "record_id"
    repeated = read([{"id": "a", "name": "Ann"}, {"id": "a", "name": "Bob"}])
    assert repeated.table["record_id"].to_pylist() == ["frame1:1", "frame1:2"]
    assert repeated.sources[0].columns["id"] is None


def test_files_of_one_source_that_count_rows_put_their_name_into_the_id(tmp_path: Path) -> None:
    paths = [write(tmp_path, "name", {"name": "Ann"}, name=f"{n}.csv") for n in ("may", "june")]
    raw = read(paths, source_name="events")
    assert raw.table["record_id"].to_pylist() == ["events:may:1", "events:june:1"]


def test_ids_are_unique_even_where_stems_are_equal(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [write(tmp_path / d, "name", {"name": "Ann"}, name="x.csv") for d in ("a", "b")]
    assert read(paths).table["record_id"].to_pylist() == ["x:x:1", "x:x:1#2"]


def test_the_source_is_named_by_mapping_then_argument_then_column_then_file(tmp_path: Path) -> None:
    path = write(tmp_path, "name,source", {"name": "Ann", "source": "fair"}, {"name": "Bob"})
    assert read({"crm": path}, source_name="x").table["source"].to_pylist() == ["crm", "crm"]
    assert read(path, source_name="x").table["source"].to_pylist() == ["x", "x"]
    assert read(path).table["source"].to_pylist() == ["fair", "export"]


def test_a_mapping_outranks_recognition() -> None:
    rows = [{"Email": "a@x.org", "Other": "b@x.org", "Primary contact": "c@x.org", "Given": "Ann"}]
    raw = read(rows, columns={"email": ["Other", "primary_contact"], "first_name": "Given"})
    (got,) = records(raw)
    assert (got["email1"], got["email2"]) == ("b@x.org", "c@x.org")
    assert "email3" not in got
    assert raw.sources[0].columns["Email"] is None
    assert got["first_name"] == "Ann"


def test_numbered_names_and_further_ids_can_be_mapped() -> None:
    rows = [{"x": "a@x.org", "y": "b@x.org", "SSN": "123.0", "last": "Lee", "tw": "@lee"}]
    raw = read(rows, columns={"email2": "x", "email1": "y", "id:ssn": "SSN", "id:twitter": "tw"})
    (got,) = records(raw)
    assert (got["email1"], got["email2"]) == ("b@x.org", "a@x.org")
    assert got["id:ssn"] == "123"
    assert got["twitter"] == "@lee"


def test_a_mapped_part_of_an_address_goes_with_any_address() -> None:
    rows = [{"mailing_city": "Reno", "mailing_zip": "89501", "Where": "1 Elm", "name": "Ann"}]
    (got,) = records(read(rows, columns={"address_line1": "Where"}))
    assert (got["address_line1"], got["city"]) == ("1 Elm", "Reno")


def test_a_mapped_column_may_be_in_one_of_several_inputs() -> None:
    raw = read([[{"Given": "Ann"}], [{"first_name": "Bob"}]], columns={"first_name": "Given"})
    assert raw.table["first_name"].to_pylist() == ["Ann", "Bob"]


def test_extra_columns_are_carried() -> None:
    raw = read([{"name": "Ann", "Birth Place": " Lowell "}], extra={"birth_place": "text"})
    assert raw.table["extra:birth_place"].to_pylist() == ["Lowell"]
    assert raw.sources[0].columns["Birth Place"] == "extra:birth_place"


def test_columns_that_are_only_wished_for_may_be_absent() -> None:
    raw = read([{"name": "Ann", "Add Tags": "donor"}], carry=("add_tags", "request"))
    assert raw.table["extra:add_tags"].to_pylist() == ["donor"]
    assert "extra:request" not in raw.table.column_names


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"columns": {"first_name": "Frist Name"}}, UnusableColumns, "did you mean First Name"),
        ({"columns": {"phone": ["zzzz"]}}, UnusableColumns, "the columns are First Name, Surname"),
        ({"columns": {"frist_name": "First Name"}}, UnusableColumns, "did you mean first_name?"),
        ({"columns": {"qqqq": "First Name"}}, UnusableColumns, "the names are record_id"),
        ({"extra": {"birthplace": "text"}}, UnusableColumns, "extra names the column 'birthplace'"),
        ({"extra": {"Surname": "fuzzy"}}, OptionError, "use one of text, exact, date, number"),
    ],
)
def test_a_wrong_mapping_is_answered_with_what_there_is(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as caught:
        read([{"First Name": "Ann", "Surname": "Lee"}], **options)
    assert words in str(caught.value)


def test_no_usable_column_lists_the_columns_and_how_to_map() -> None:
    with pytest.raises(UnusableColumns, match=r"frame 1: .*qux, quux; map them.*--map"):
        read([{"qux": "1", "quux": "2"}])


def test_data_in_place_of_a_header_is_told_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Ann,ann@x.org\nBob,bob@x.org\n")
    with pytest.raises(UnusableColumns, match="looks like data") as caught:
        read(path)
    assert "ann@x.org" not in str(caught.value)


@pytest.mark.parametrize("source", [[], {}, 5, None, [3]])
def test_nothing_to_read(source: object) -> None:
    with pytest.raises(OptionError):
        read(source)


@pytest.mark.parametrize("table", [pa.table({"name": pa.array([], pa.string())}), pd.DataFrame()])
def test_a_table_without_rows(table: object) -> None:
    with pytest.raises(InputError, match="frame 1: the table has no rows"):
        read(table)


def test_importing_it_does_not_import_pandas() -> None:
    code = "import sys, matcher.reading; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_everything_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "email,can2_phone", {"email": "a@x.org"})
    raw = read(
        [
            path,
            pd.DataFrame({"email": ["b@x.org"]}, index=[9]),
            pl.DataFrame({"phone": ["5550100"]}),
            pa.table({"last": ["Lee"]}),
            [{"first": "Ann"}, {"first": "Bob", "zip": 12345}],
        ]
    )
    assert raw.table["source"].to_pylist() == [
        "action_network", "frame1", "frame2", "frame3", "frame4", "frame4",
    ]  # fmt: skip
    assert [s.name for s in raw.sources] == [str(path), "frame 1", "frame 2", "frame 3", "frame 4"]
    assert raw.table["postal_code"].to_pylist()[-1] == "12345"
    assert raw.table["record_id"].type == pa.string()
    assert raw.rejects.schema == REJECT_SCHEMA


def test_a_mapping_may_hold_lists() -> None:
    raw = read({"a": [{"name": "Ann"}, {"name": "Bob"}], "b": [pa.table({"name": ["Cat"]})]})
    assert raw.table["record_id"].to_pylist() == ["a:1", "a:2", "b:1"]


def test_overlong_cells_are_cut_from_use_and_the_row_stays() -> None:
    raw = read([{"name": "x" * 1_001, "email": "a@x.org"}, {"name": "é" * 1_000, "email": "b"}])
    assert raw.table["full_name"].is_null().to_pylist() == [True, False]
    (line,) = raw.rejects.to_pylist()
    assert (line["row"], line["column"]) == (1, "name")
    assert len(line["value"]) == 100


def test_tags_and_columns_that_were_asked_for_may_be_prose() -> None:
    rows = [{"name": "Ann Lee", "tags": "t" * 10_000, "bio": "b" * 10_001}]
    raw = read(rows, extra={"bio": "text"})
    assert raw.table["tags"].is_valid().to_pylist() == [True]
    assert raw.table["extra:bio"].is_valid().to_pylist() == [False]
    assert raw.rejects["column"].to_pylist() == ["bio"]


def test_repeated_headers_give_further_emails(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Email,Email,name,name\na@x.org,b@x.org,,Ann\n")
    raw = read(path)
    (got,) = records(raw)
    assert (got["email1"], got["email2"], got["full_name"]) == ("a@x.org", "b@x.org", "Ann")
    assert list(raw.sources[0].columns) == ["Email", "Email (2)", "name", "name (2)"]


def test_the_log_says_how_columns_are_used(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="matcher.reading"):
        read([{"VANID": "5", "Favourite colour": "red"}])
    assert "frame 1: VAN My Campaign / EveryAction; 1 rows as source everyaction" in caplog.messages
    assert "frame 1: column Favourite colour -> not used" in caplog.messages


def test_the_canonical_van_id_is_not_the_vendors_signature() -> None:
    raw = read([{"van_id": "my_voters:IA:5", "last_name": "Lee"}])
    assert raw.sources[0].vendor is None
    assert raw.table["van_id"].to_pylist() == ["my_voters:IA:5"]


def test_a_missing_file_among_good_ones_is_named(tmp_path: Path) -> None:
    good = write(tmp_path, "name", {"name": "Ann"}, name="people.csv")
    with pytest.raises(UnreadableFile, match=r"poeple\.csv: there is no such file; did you mean"):
        read([good, tmp_path / "poeple.csv"])


def test_cells_that_are_cut_leave_no_text() -> None:
    rows = [{"name": "Ann", "notes": "x" * 20_000}, {"name": "Bob", "notes": "short"}] * 50
    table = read(rows, extra={"notes": "text"}).table
    assert table["extra:notes"].to_pylist() == [None, "short"] * 50
    assert table["extra:notes"].nbytes < 2_000
