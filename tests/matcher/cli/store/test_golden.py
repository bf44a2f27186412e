from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import matcher

Command = Callable[..., Any]


def test_rules_are_set_shown_and_taken_back(command: Command, small: Path) -> None:
    assert command("golden").stdout == "no rule set\n"
    outcome = command("golden", "email=trusted:van,action_network", "last_name=most_recent")
    assert outcome.stdout.splitlines() == [
        "email: trusted:van,action_network",
        "last_name: most_recent",
    ]
    assert json.loads(command("golden", "last_name=default", "--json").stdout) == {
        "email": ["trusted", "van", "action_network"]
    }


def test_a_rule_chooses_the_value(command: Command, small: Path) -> None:
    names = {}
    for source in ("van", "action_network"):
        assert command("golden", f"first_name=trusted:{source}", "--by", "jo").code == 0
        with matcher.open(small, read_only=True) as store:
            names[source] = store.person("P1").golden["first_name"]
    assert names == {"van": "BOB", "action_network": "Robert"}


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("email", "FIELD=RULE"),
        ("=most_recent", "FIELD=RULE"),
        ("email=", "FIELD=RULE"),
        ("email=best", "'best'"),
        ("shoe=default", "'shoe'"),
    ],
)
def test_what_is_no_rule_is_refused(command: Command, small: Path, rule: str, said: str) -> None:
    outcome = command("golden", rule)
    assert outcome.code == 2
    assert said in outcome.stderr
    assert command("golden").stdout == "no rule set\n"
