"""The quick look at an interaction finds what the full one finds."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.policies.interactions import soundness
from matcher.policies.interactions.soundness import problems_of
from matcher.policies.interactions.validation import OBFUSCATED, validate

_ODD: Any = st.sampled_from(
    [None, "", " ", "a@b.org", OBFUSCATED, f" {OBFUSCATED} ",
     "[email\u00a0protected]", "+14155552671", "415", 5, 0, True,
     1.5, [], {}, [None], ["x"], {"id": "1"}, [{"id": 2}], [{"id": " "}], [{"id": "3"}, {}]]
)  # fmt: skip
_TEXT = st.sampled_from(["x", " ", "", "+14155552671", "(415) 555-2671", OBFUSCATED]) | _ODD
_ADDRESS = st.fixed_dictionaries({}, optional=dict.fromkeys(["city", "postalCode", "x"], _TEXT))
_INFO = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["email", "phone", "socialHandle"], st.lists(_TEXT, max_size=3) | _ODD),
        "address": st.lists(_ADDRESS | _ODD, max_size=2) | _ODD,
        **dict.fromkeys(["firstName", "middleName", "lastName"], _TEXT),
    },
)
_PERSON = st.fixed_dictionaries({}, optional={"id": _ODD, "type": _TEXT})
_INTERACTION = st.fixed_dictionaries(
    {},
    optional={
        "contactInfo": _INFO | _ODD,
        "person": _PERSON | st.lists(_PERSON, max_size=2) | _ODD,
        **dict.fromkeys(["stateCode", "method", "jsonMetadata", "attemptDateTime"], _TEXT),
    },
)


@given(_INTERACTION | _ODD, st.booleans())
@settings(max_examples=1_500)
def test_it_finds_the_same(interaction: Any, strict: bool) -> None:
    assert problems_of(interaction, strict=strict) == validate(interaction, strict=strict)


def test_what_is_sound_takes_no_second_look(monkeypatch: Any) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError

    monkeypatch.setattr(soundness, "validate", refuse)
    info = {"email": ["a@b.org"], "phone": ["(415) 555-2671"], "address": [{"city": "Kent"}]}
    person = [{"type": "VAN", "id": "1"}]
    assert problems_of({"person": person, "stateCode": "WA"}) == []
    assert len(problems_of({"contactInfo": info, "person": person, "method": "sms"})) == 1
