"""A contact says what the policy of the Interactions API reads in it."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.interactions.contact_rows import contact_of
from matcher.policies.fields import Fields
from matcher.policies.interactions.shape import CHANNEL, INTERACTION_SHAPE
from matcher.policies.interactions.validation import ADDRESS

_TEXT = st.sampled_from(["x", " ", "", " a@b.org ", "+14155552671", "é"]) | st.none()
_TEXTS = st.lists(_TEXT.filter(lambda text: text is not None), max_size=3) | st.none()
_INFO = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["firstName", "middleName", "lastName"], _TEXT),
        **dict.fromkeys(["email", "phone"], _TEXTS),
        "address": st.lists(
            st.fixed_dictionaries({}, optional=dict.fromkeys(ADDRESS, _TEXT)), max_size=3
        ) | st.none(),
    },
)  # fmt: skip
_CHANNEL: Any = st.fixed_dictionaries({}, optional=dict.fromkeys(["type", "value"], _TEXT)) | _TEXT


@given(
    st.fixed_dictionaries({"contactInfo": _INFO | st.none(), "channel": _CHANNEL}), st.booleans()
)
@settings(max_examples=500)
def test_it_says_what_the_policy_reads(interaction: dict[str, Any], use_channel: bool) -> None:
    found = contact_of(interaction, use_channel=use_channel)
    read = INTERACTION_SHAPE.read(1, Fields(interaction, "$", [])).contact
    assert found.names == (read.names.first, read.names.middle, read.names.last)
    for values, expected in ((found.emails, read.emails), (found.phones, read.phones)):
        kept = [each.raw for each in expected if use_channel or each.kind != CHANNEL]
        assert values == kept
    countries = [each[5] and each[5].upper() for each in found.addresses]
    assert [
        (*each[:5], country) for each, country in zip(found.addresses, countries, strict=True)
    ] == [tuple(each[:6]) for each in read.addresses]
