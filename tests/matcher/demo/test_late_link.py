from __future__ import annotations

from pathlib import Path

import pytest

import matcher
from matcher.demo import LateLink, everybody, link_late, write_exports
from matcher.demo.late_link import write_interactions
from matcher.errors import OutputError


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, LateLink]:
    folder = tmp_path_factory.mktemp("late")
    return folder, link_late(folder, write_exports(folder), everybody())


def test_texts_with_strangers_are_linked_once_a_file_names_them(
    told: tuple[Path, LateLink],
) -> None:
    _, late = told
    assert late.before.linked_later == 0
    assert late.after.linked_later >= 5
    assert late.after.unmatched < late.before.unmatched
    assert late.after.received == late.before.received == 48
    assert late.example is not None
    assert [moment.status for moment in late.example.moments] == ["unmatched", "linked"]


def test_the_link_is_to_the_person_whom_the_file_names(told: tuple[Path, LateLink]) -> None:
    folder, late = told
    assert late.example is not None
    with matcher.open(folder / "late_link.duckdb", read_only=True) as store:
        (record,) = store.query(
            "SELECT record_id FROM interaction_link WHERE interaction = ?",
            [late.example.interaction],
        )[0]
        assert record.startswith("signup_sheet:")
        assert store.check().ok


def test_the_story_tells_when_and_why(told: tuple[Path, LateLink]) -> None:
    folder, late = told
    story = late.story(folder)
    assert "2024-11-05 20:00 unmatched: nobody has one of these" in story
    assert "2024-11-06 08:00 linked to P" in story
    assert late.as_dict()["texts_linked_later"] == late.after.linked_later


def test_it_comes_out_the_same_every_time(told: tuple[Path, LateLink]) -> None:
    folder, late = told
    before = (folder / "interactions.ndjson").read_bytes()
    again = link_late(folder, write_exports(folder), everybody())
    assert (folder / "interactions.ndjson").read_bytes() == before
    assert again == late


def test_a_folder_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_interactions(tmp_path / "absent" / "interactions.ndjson", everybody()[:1])
