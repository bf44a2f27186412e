from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from matcher.service.aliases import canonical
from matcher.service.native.posting import PostedRecords

KNOWN = PostedRecords.of({"height": "text"}).known


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"First Name": "Ann", "Surname": "Aalto"}, {"first_name": "Ann", "last_name": "Aalto"}),
        ({"zip": "01060", "state": "MA"}, {"postal_code": "01060", "region": "MA"}),
        ({"zip": 1060}, {"postal_code": "1060"}),
        ({"zip": "", "postal_code": "01060"}, {"postal_code": "01060"}),
        ({"postal_code": None, "zip": "01060"}, {"postal_code": "01060"}),
        ({"zip": "01060", "postal_code": "02139"}, {"postal_code": "02139"}),
        ({"mailing_zip": "01060", "home_zip": "02139"}, {"postal_code": "02139"}),
        ({"Email 2": "b@x.org", "email": ["a@x.org"]}, {"email": ["a@x.org", "b@x.org"]}),
        ({"email": None, "Home Email": "b@x.org"}, {"email": "b@x.org"}),
        ({"mobile": 4135550142, "phone": ""}, {"phone": ["4135550142"]}),
        ({"VANID": 7}, {"van_id": "7"}),
        ({"zip": ["no text"]}, {"postal_code": ["no text"]}),
        ({"frist_name": "Ann"}, {"frist_name": "Ann"}),
        ({"height": "tall"}, {"height": "tall"}),
    ],
)  # fmt: skip
def test_names_of_exports_mean_what_they_mean_in_a_file(given: Any, said: Any) -> None:
    assert canonical(given, KNOWN)[0] == said


def test_what_means_nothing_may_be_left_out() -> None:
    given = {"First Name": "Ann", "precinct": 4}
    assert canonical(given, KNOWN, ignores_unknown=True)[0] == {"first_name": "Ann"}


def test_a_row_of_an_export_is_the_person_that_a_record_is(client: TestClient) -> None:
    plain = {"first_name": "Bob", "last_name": "Okafor", "email": "bob@okafor.org"}
    row = dict(zip(("First Name", "Surname", "Email Address"), plain.values(), strict=True))
    row["Zip"] = "01060"
    first = client.post("/v1/records", json=row | {"source": "sheet", "precinct": 4})
    assert first.status_code == 422
    assert first.json()["errors"][0]["path"] == "$.precinct"
    first = client.post(
        "/v1/records?ignore_unknown=true", json=row | {"source": "sheet", "precinct": 4}
    )
    assert first.json()["results"][0]["outcome"] == "created"
    (person,) = client.get("/v1/people?email=bob@okafor.org").json()["items"]
    assert person["golden"]["postal_code"] == "01060"
    asked = [row, plain, plain | {"postal_code": "01060"}]
    found = client.post("/v1/resolve", json=asked).json()["results"]
    assert {each["person_id"] for each in found} == {person["person_id"]}
    assert found[0] == found[2]


def test_what_is_wrong_is_told_under_the_name_that_was_sent(client: TestClient) -> None:
    told = client.post("/v1/resolve", json=[{"full_name": "Ann"}, {"name": "Ann", "dob": "3/4/80"}])
    assert told.status_code == 422
    assert [each["path"] for each in told.json()["errors"]] == ["$[1].dob"]
