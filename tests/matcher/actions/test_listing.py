"""Actions of real runs: people who are in a tool twice, and what is said of each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import matcher
from matcher.actions import Actions

Row = dict[str, Any]


def person(number: int, **more: Any) -> Row:
    """A record that is surely the same person as every other of its number."""
    first = ["Ada", "Basil", "Chidi", "Dagny", "Eilif", "Fumiko"][number]
    last = ["Quartermaine", "Ossington", "Nwachukwu", "Thorvaldsen", "Brekke", "Yanagisawa"][number]
    return {
        "first_name": first,
        "last_name": last,
        "email": f"{first}.{last}@example.org".lower(),
        "phone": f"+1202555017{number}",
        "address_line1": f"{number + 11} Wexford Close",
        "city": "Springfield",
        "state": "MA",
        "zip": f"0110{number}",
        "dob": f"19{60 + number}-03-1{number}",
        **more,
    }


def nationbuilder(number: int, own: int, **more: Any) -> Row:
    return person(number, nationbuilder_id=str(own), **more)


def voter(number: int, own: int, **more: Any) -> Row:
    return person(number, **{"Voter File VANID": str(own)}, **more)


def contact(number: int, own: int, **more: Any) -> Row:
    return person(number, VANID=str(own), **more)


def activist(number: int, own: str, **more: Any) -> Row:
    return {
        **person(number),
        "uuid": own,
        "can2_subscription_status": "subscribed",
        "can2_user_address": f"{number + 11} Wexford Close",
        **more,
    }


def actions(source: Mapping[str, list[Row]], **options: Any) -> Actions:
    return matcher.dedupe(dict(source)).actions(**options)


def pairs(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(frame["source_id"], frame["target_id"], strict=True))


def reasons(found: Actions) -> dict[str, str]:
    return dict(zip(found.skipped["id"], found.skipped["reason"], strict=True))


def test_all_ids_of_a_person_are_merged_into_one() -> None:
    found = actions({"nb": [nationbuilder(0, 12), nationbuilder(0, 7), nationbuilder(0, 30)]})
    assert pairs(found.nationbuilder) == [("12", "7"), ("30", "7")]
    assert found.nationbuilder["step"].tolist() == [1, 2]
    assert found.van.empty
    assert found.action_network.empty
    assert found.skipped.empty


def test_people_found_once_are_left_alone() -> None:
    found = actions({"nb": [nationbuilder(0, 12), nationbuilder(1, 7)], "an": [activist(0, "u0")]})
    assert not any(found.counts.values())


def test_an_id_on_several_rows_is_one_id() -> None:
    found = actions({"nb": [nationbuilder(0, 12), nationbuilder(0, 12), nationbuilder(0, 12)]})
    assert not any(found.counts.values())


def test_the_most_complete_then_the_most_recent_then_the_lowest_id_stays() -> None:
    sparse = dict.fromkeys(("dob", "phone"))
    found = actions({"nb": [nationbuilder(0, 3, **sparse), nationbuilder(0, 12)]})
    assert pairs(found.nationbuilder) == [("3", "12")]
    found = actions(
        {
            "nb": [
                nationbuilder(0, 3, updated_at="2021-01-05"),
                nationbuilder(0, 12, updated_at="2024-01-05"),
            ]
        }
    )
    assert pairs(found.nationbuilder) == [("3", "12")]


def test_the_order_of_the_input_changes_nothing() -> None:
    rows = [nationbuilder(number, 10 * own + number) for number in range(3) for own in range(1, 4)]
    one, other = actions({"nb": rows}), actions({"nb": rows[::-1]})
    pd.testing.assert_frame_equal(one.nationbuilder, other.nationbuilder)


def test_the_call_of_van_names_who_goes_and_who_stays() -> None:
    found = actions({"list": [contact(0, 501), contact(0, 400)]})
    row = found.van.iloc[0]
    assert (row["source_id"], row["target_id"]) == ("501", "400")
    assert row["list"] == "my_campaign:MA"
    assert row["request"] == "POST /people/501/mergeInto"
    assert row["body"] == '{"vanId": 400}'


def test_states_and_instances_of_van_are_never_paired() -> None:
    found = actions(
        {
            "voters": [voter(0, 501), voter(0, 501, state="NH"), voter(0, 502, state="NH")],
            "campaign": [contact(0, 501)],
        }
    )
    assert found.van[["list", "source_id", "target_id"]].values.tolist() == [
        ["my_voters:NH", "502", "501"]
    ]
    apart = found.skipped[found.skipped["id"] == "501"]
    assert sorted(apart["list"]) == ["my_campaign:MA", "my_voters:MA", "my_voters:NH"]
    assert apart["reason"].str.contains("another list").all()


def test_a_state_that_nobody_names_is_one_list_where_one_file_has_it() -> None:
    rows = [contact(0, 501, state=None), contact(0, 400, state=None)]
    assert pairs(actions({"one": rows}).van) == [("501", "400")]
    found = actions({"one": rows[:1], "other": rows[1:]})
    assert found.van.empty
    assert set(reasons(found)) == {"400", "501"}
    assert "not known" in reasons(found)["400"]


def test_an_id_of_one_tool_in_the_export_of_another_is_not_acted_upon() -> None:
    found = actions({"nb": [nationbuilder(0, 7, van_id="55"), nationbuilder(0, 7, van_id="56")]})
    assert found.van.empty


def test_different_sources_of_nationbuilder_are_different_nations() -> None:
    found = actions({"north": [nationbuilder(0, 7)], "south": [nationbuilder(0, 9)]})
    assert found.nationbuilder.empty
    assert all("another list" in reason for reason in reasons(found).values())


def test_two_accounts_block_a_merge_in_nationbuilder() -> None:
    found = actions(
        {
            "nb": [
                nationbuilder(0, 7, twitter_login="ada_q"),
                nationbuilder(0, 9, twitter_login="ada_other"),
            ]
        }
    )
    assert "twitter" in found.nationbuilder["caution"][0]


def test_an_opt_out_stays_where_a_merge_keeps_the_flags_of_the_target() -> None:
    rows = [
        nationbuilder(0, 7, email_opt_in="true"),
        nationbuilder(0, 9, email_opt_in="false", email="ada.q@example.net"),
    ]
    found = actions({"nb": rows})
    assert pairs(found.nationbuilder) == [("7", "9")]
    assert found.nationbuilder["target_opted_out"].tolist() == ["email"]
    assert found.nationbuilder["caution"].isna().all()


def test_an_address_that_may_be_written_to_stays_where_only_one_does() -> None:
    rows = [
        activist(0, "u1", can2_subscription_status="unsubscribed"),
        activist(0, "u2", email="ada.q@example.net"),
    ]
    found = actions({"an": rows})
    assert pairs(found.action_network) == [("u1", "u2")]
    assert "opted out of email" in found.action_network["caution"][0]
    assert found.action_network["source_link"][0].endswith("/people/u1")
    assert found.action_network["target_link"][0].endswith("/people/u2")


def test_people_whose_every_email_is_opted_out_come_last_and_are_marked() -> None:
    out = {"can2_subscription_status": "unsubscribed"}
    rows = [
        activist(0, "u1", **out),
        activist(0, "u2", email="ada.q@example.net", **out),
        activist(1, "u3"),
        activist(1, "u4", email="basil.o@example.net"),
    ]
    found = actions({"an": rows}).action_network
    assert found["source_id"].str[0].tolist() == ["u", "u"]
    assert found["source_name"].tolist() == ["Basil Ossington", "Ada Quartermaine"]
    assert found["caution"].isna().tolist() == [True, False]
    assert "every email" in found["caution"][1]


def test_an_opt_out_in_another_tool_counts_for_the_same_address() -> None:
    rows = [activist(0, "u1"), activist(0, "u2")]
    other = [nationbuilder(0, 7, email_opt_in="false")]
    found = actions({"an": rows, "nb": other}).action_network
    assert "every email" in found["caution"][0]


def test_organisations_are_never_merged_with_people() -> None:
    shop = {
        "signup_type": "1", "organization": "Quartermaine Quarries Inc", "email": "qq@example.org",
        "phone": "+12025550190", "address_line1": "9 Pit Lane", "city": "Springfield",
        "state": "MA", "zip": "01101",
    }  # fmt: skip
    rows = [
        {**shop, "nationbuilder_id": "7"},
        {**shop, "nationbuilder_id": "9"},
        nationbuilder(0, 11, email="qq@example.org"),
    ]
    found = actions({"nb": rows}).nationbuilder
    assert set(found["entity_type"]) <= {"organization"}
    assert "11" not in {*found["source_id"], *found["target_id"]}


def test_what_an_earlier_run_merged_away_is_gone(tmp_path: Path) -> None:
    rows = [nationbuilder(0, 12), nationbuilder(0, 7)]
    result = matcher.dedupe({"nb": rows})
    result.write_actions(tmp_path)
    again = result.actions(done=tmp_path)
    assert again.nationbuilder.empty
    assert again.skipped["id"].tolist() == ["12"]
    more = actions({"nb": [*rows, nationbuilder(0, 3)]}, done=[tmp_path])
    assert pairs(more.nationbuilder) == [("7", "3")]


def test_a_folder_without_steps_is_refused(tmp_path: Path) -> None:
    with pytest.raises(matcher.UnreadableFile, match=r"van_merges\.csv"):
        actions({"nb": [nationbuilder(0, 7)]}, done=tmp_path)


def test_pairs_to_look_at_are_left_alone() -> None:
    rows = [nationbuilder(0, 12), nationbuilder(0, 7)]
    found = actions({"nb": rows}, sure=1.1)
    assert found.nationbuilder.empty
    assert set(reasons(found)) == {"7", "12"}
    assert all("look" in reason for reason in reasons(found).values())


def test_files_are_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    rows = [nationbuilder(0, own, first_name="=cmd()") for own in (7, 12)]
    written = matcher.dedupe({"nb": rows}).write_actions(tmp_path)
    assert sorted(path.name for path in written) == sorted(p.name for p in tmp_path.iterdir())
    text = (tmp_path / "nationbuilder_merges.csv").read_text(encoding="utf-8")
    assert "'=cmd()" in text
    assert '"=cmd' not in text
