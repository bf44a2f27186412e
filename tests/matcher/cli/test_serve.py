from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest


@pytest.fixture
def key(command) -> str:
    made = command("keys", "add", "sign-up form", "--scope", "write", "--scope", "read")
    assert made.code == 0, made.stderr
    return made.stdout.splitlines()[0]


def test_a_key_is_shown_once_and_kept_as_a_hash(command, key: str, tmp_path: Path) -> None:
    assert key.startswith("mk_")
    assert key not in (tmp_path / "keys.json").read_text()
    listed = command("keys", "list")
    assert "sign-up form  read, write  since" in listed.stdout and key not in listed.stdout


def test_a_key_is_revoked_by_its_id(command, key: str) -> None:
    number = key.split("_")[1]
    assert command("keys", "revoke", number).code == 0
    assert "revoked" in command("keys", "list").stdout
    (held,) = json.loads(command("keys", "list", "--json").stdout)["keys"]
    assert held["id"] == number and held["revoked_at"]
    assert command("keys", "revoke", "0" * 12).code == 2


def test_machines_get_json(command) -> None:
    made = json.loads(command("keys", "add", "ci", "--scope", "admin", "--json").stdout)
    assert made["scopes"] == ["admin"] and made["key"].startswith(f"mk_{made['id']}_")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["keys", "add", "x", "--scope", "everything"], 2, "the scopes are read, write"),
        (["keys", "add", " ", "--scope", "read"], 2, "needs a name"),
        (["keys", "add", "x"], 2, "--scope"),
        (["keys", "list"], 3, "there is no such file"),
        (["keys", "add", "x", "--scope", "read", "--keys", "absent/keys.json"], 4, "be written"),
        (["serve", "--store", "s.duckdb", "--host", "0.0.0.0"], 2, "this machine alone"),
        (["serve", "--store", "s.duckdb", "--host", "example.org"], 2, "this machine alone"),
        (["serve", "--store", "s.duckdb", "--keys", "absent.json"], 3, "matcher keys add makes it"),
        (["serve", "--store", "s.duckdb", "--port", "70000"], 2, "65535"),
    ],
)
def test_what_cannot_be_meant_is_refused(command, arguments, code, said) -> None:
    told = command(*arguments)
    assert told.code == code, told.stderr
    assert said in told.stderr


def test_a_file_that_holds_no_keys_is_left_alone(command, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    told = command("keys", "add", "x", "--scope", "read")
    assert told.code == 3 and "is not a file of keys" in told.stderr
    assert (tmp_path / "keys.json").read_text() == "{}"


def test_without_the_extra_it_is_said_what_to_install(command, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "matcher.service.serving", raising=False)
    told = command("serve", "--store", "s.duckdb")
    assert told.code == 6
    assert "pip install 'campaign-matcher[service]'" in told.stderr
