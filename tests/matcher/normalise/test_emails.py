"""Email addresses."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from matcher.normalise import normalise_email
from matcher.normalise.emails import clean_emails
from matcher.normalise.faults import Fault


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        (" John.Doe@Example.COM ", "john.doe@example.com"),
        ("john.doe+news@googlemail.com", "johndoe@gmail.com"),
        ("j.doe+x@outlook.com", "j.doe@outlook.com"),
        ("a.+b@outlook.com", "a@outlook.com"),
        ("j+x@example.com", "j+x@example.com"),  # who knows what this provider does
        ("mailto:jane@x.org", "jane@x.org"),
        ("Jane Roe <jane@x.org>", "jane@x.org"),
        ("<jane@x.org>,", "jane@x.org"),
        ("jane@x,org", "jane@x.org"),
        ("jane @ x.org", "jane@x.org"),
        ("jane@x. org", "jane@x.org"),
        ("jane@@x..org.", "jane@x.org"),
        ("jane@x.org; joe@x.org", "jane@x.org"),
        ("jane@gmial.com", "jane@gmail.com"),
        ("jane@gmail", "jane@gmail.com"),
        ("jane@hotmail.con", "jane@hotmail.com"),
        ("jane@me.com", "jane@icloud.com"),
        ("ｊａｎｅ@x.org", "jane@x.org"),
        ("ja\u200bne@x.org", "jane@x.org"),
        ("josé@exämple.de", "josé@exämple.de"),
        ("jane", None),
        ("jane@", None),
        ("jane@localhost", None),
        ("11 24 46", None),
        ("", None),
    ],
)
def test_one_mailbox_has_one_spelling(typed: str, normal: str | None) -> None:
    assert normalise_email(typed) == normal


_WORDS = st.text(alphabet="abZ.+_-'1é ", min_size=1, max_size=8)
_DOMAINS = st.sampled_from(
    ["gmail.com", "GoogleMail.com", "gmial.com", "outlook.com", "x.org", "X.co.uk", "gmail", "a..b"]
)
_TYPED = st.builds("{}@{}".format, _WORDS, _DOMAINS) | st.text(max_size=20)


@given(_TYPED)
@example("+tag@gmail.com")
@example("...@gmail.com")
@example("x.+y.z+w@fastmail.com")
@example("1 1..1@outlook.com")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise_email(text)
    assert once is None or normalise_email(once) == once


@given(st.lists(_TYPED, max_size=8))
def test_the_lanes_agree(texts: list[str]) -> None:
    found, _, faults = clean_emails(pa.array(texts, pa.string()))
    for text, address, fault in zip(texts, found.to_pylist(), faults, strict=True):
        if fault != Fault.PLACEHOLDER:
            assert address == normalise_email(text)
        if fault != Fault.NONE:
            assert address is None
        elif text.strip():
            assert address is not None


@pytest.mark.parametrize(
    "typed",
    [
        "none@none.com", "test@test.com", "noemail@gmail.com", "na@na.com", "x@x.com", "a@a.com",
        "unknown@somewhere.org", "no@no.com", "@none", "@noemail", "noemail", "n/a", "None",
        "noemail@noemail.com", "no-email@x.org",
    ],
)  # fmt: skip
def test_a_placeholder_is_missing_and_says_so(typed: str) -> None:
    found, _, faults = clean_emails(pa.array([typed]))
    assert found.to_pylist() == [None]
    assert faults.tolist() == [Fault.PLACEHOLDER]


@pytest.mark.parametrize(
    "typed",
    [
        "na@company.com", "nona@example.com", "jane@example.com", "bob@example.org", "b@gmail.com",
        "me@mysite.net", "nobodyscat@x.org", "testa@x.org", "noel@x.org", "me@gmail.com",
        "no@gmail.com",
    ],
)  # fmt: skip
def test_a_real_mailbox_is_no_placeholder(typed: str) -> None:
    found, weak, faults = clean_emails(pa.array([typed]))
    assert found.to_pylist() == [typed]
    assert faults.tolist() == [Fault.NONE]
    assert not weak.any()


def test_role_mailboxes_are_kept_but_weak() -> None:
    found, weak, faults = clean_emails(pa.array(["Info@x.org", "office@x.org", "infor@x.org"]))
    assert found.to_pylist() == ["info@x.org", "office@x.org", "infor@x.org"]
    assert weak.tolist() == [True, True, False]
    assert not faults.any()


def test_faults_tell_masked_from_invalid_and_pass_over_blanks() -> None:
    _, _, faults = clean_emails(pa.array(["cbo***@example.com", "jane", "", "  "]))
    assert faults.tolist() == [Fault.MASKED, Fault.INVALID_EMAIL, Fault.NONE, Fault.NONE]


def test_no_values_at_all() -> None:
    found, weak, faults = clean_emails(pa.array([], pa.string()))
    assert (len(found), len(weak), len(faults)) == (0, 0, 0)
