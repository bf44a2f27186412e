"""Index, count, match, search and nearby: people who are looked for."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.normalise import normalise_region
from matcher.policies.outcomes import Outcome
from matcher.policies.people import Person
from matcher.policies.spelling import spelt
from matcher.service.nationbuilder import shown
from matcher.service.nationbuilder.answering import (
    POLICY,
    PREFIX,
    TAGS,
    Asker,
    answer,
    new_router,
    shown_answer,
)
from matcher.service.nationbuilder.pages import Paging, asked_page, page
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.documenting import told
from matcher.store.lists.looking import Held, Wanted, When, as_text

router = new_router()

Asked = Annotated[Paging, Depends(asked_page)]
_LONGEST = 500
Text = Annotated[str | None, Query(max_length=_LONGEST)]
_Test = Callable[[Held], bool]

_IDS = (
    "civicrm_id", "county_file_id", "state_file_id", "datatrust_id", "dw_id", "media_market_id",
    "ngp_id", "pf_strat_id", "van_id", "salesforce_id", "rnc_id", "rnc_regid", "external_id",
)  # fmt: skip
_CRITERIA = (
    "first_name", "last_name", "email", "city", "state", "sex", "birthdate", "updated_since",
    "with_mobile", *_IDS,
)  # fmt: skip
_CUSTOM = re.compile(r"custom_values\[([^\]]{1,100})\]")
_MOST_CUSTOM = 20
_EARTH_MILES = 3958.8


def _documented(names: tuple[str, ...]) -> dict[str, Any]:
    """Texts that may be asked by, for the documentation."""
    schema = {"type": "string", "maxLength": _LONGEST}
    return {"parameters": [{"name": name, "in": "query", "schema": schema} for name in names]}


@router.get(f"{PREFIX}/people", tags=[*TAGS], responses=told({200: "People."}))
async def index(request: Request, key: Asker, asked: Asked) -> Response:
    """All people, abbreviated, in the order of their creation."""
    return await _page(request, asked, Wanted())


@router.get(f"{PREFIX}/people/count", tags=[*TAGS], responses=told({200: "How many."}))
async def count(request: Request, key: Asker) -> Response:
    """How many people there are."""
    found = await service_of(request).reader.ask(lambda store: len(store.list_view(POLICY)))
    return answer({"people_count": found})


@router.get(f"{PREFIX}/people/match", tags=[*TAGS], responses=told({200: "The one person."}, 409))
async def match(  # noqa: PLR0917 - of a query, each by its name
    request: Request,
    key: Asker,
    email: Text = None,
    first_name: Text = None,
    last_name: Text = None,
    phone: Text = None,
    mobile: Text = None,
) -> Response:
    """The single person of whom all criteria hold; nobody, or several, is 400."""
    given = {
        "email": email, "first_name": first_name, "last_name": last_name, "phone": phone,
        "mobile": mobile,
    }  # fmt: skip
    person = {name: value for name, value in given.items() if value is not None}
    found = await service_of(request).lists.match(POLICY, {"person": person}, key.name)
    if found.outcome is Outcome.NO_MATCH:
        raise Problem(400, "no_matches", "No people matched the given criteria.")
    if found.outcome is Outcome.MULTIPLE_MATCHES:
        raise Problem(400, "multiple_matches", "Multiple people matched the given criteria.")
    return await shown_answer(request, found)


@router.get(
    f"{PREFIX}/people/search", tags=[*TAGS], responses=told({200: "People."}),
    openapi_extra=_documented(_CRITERIA),
)  # fmt: skip
async def search(request: Request, key: Asker, asked: Asked) -> Response:
    """People of whom all that is given holds, abbreviated."""
    given = request.query_params
    texts: list[str] = []
    tests: list[_Test] = []
    when: list[When] = []
    for name in _CRITERIA:
        value = given.get(name, "").strip()
        if len(given.get(name, "")) > _LONGEST:
            raise Problem(400, "too_long", f"{name} may have {_LONGEST} characters.")
        if value and name == "updated_since":
            when.append(When(True, "ge", _time(value)))
        elif value:
            tests.append(_test(name, value))
            texts += _written(name, value)
    for slug, value in _custom(given):
        tests.append(_custom_test(slug, value))
        texts.append(f'["{as_text(slug)}",')
    fits = (lambda held: all(test(held) for test in tests)) if tests else None
    return await _page(request, asked, Wanted(texts, fits, when))


@router.get(f"{PREFIX}/people/nearby", tags=[*TAGS], responses=told({200: "People."}))
async def nearby(
    request: Request,
    key: Asker,
    asked: Asked,
    location: Annotated[
        str, Query(max_length=60, examples=["34.0522,-118.2428"], description="lat,lng")
    ],
    distance: Annotated[float, Query(ge=0, le=13_000, description="In miles.")] = 1.0,
) -> Response:
    """People one of whose addresses lies within some miles, as far as its place is known."""
    here = _location(location)
    wanted = Wanted(["_address_lat"], lambda held: _is_near(held.person, here, distance))
    return await _page(request, asked, wanted)


async def _page(request: Request, asked: Paging, wanted: Wanted) -> Response:
    def show(held: Held) -> shown.Resource:
        return shown.abbreviated(held.person, held.dates)

    found = await service_of(request).reader.ask(
        lambda store: page(store.list_view(POLICY), asked, wanted, show, request)
    )
    return answer(found)


def _custom(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """``custom_values[slug]=value``."""
    found = [(_CUSTOM.fullmatch(name), value) for name, value in given.items()]
    for slug, value in found[:_MOST_CUSTOM]:
        if slug is not None:
            yield slug[1], value.strip()


def _custom_test(slug: str, value: str) -> _Test:
    return lambda held: _is(held.person.fields.get(slug), value)


def _written(name: str, value: str) -> list[str]:
    """What the document of such a person must hold."""
    if name == "with_mobile":
        return ['"kind":"mobile"'] if _is_true(value) else []
    value = _ADAPTED.get(name, str)(value)
    return [_WRITTEN.get(name, "{}").format(as_text(value))]


#: Where a value stands in a document. An id may be a number there.
_WRITTEN: Mapping[str, str] = {
    "first_name": '"first":"{}"', "last_name": '"last":"{}"', "city": '"city":"{}"',
    "state": '"region":"{}"', "sex": '["sex","{}"]', "birthdate": '["birthdate","{}"]',
}  # fmt: skip


def _test(name: str, value: str) -> _Test:
    """Whether a person fits one criterion."""
    if name in _IDS:
        return lambda held: _has_id(held.person, name, value)
    if name == "email":
        address = spelt(value) or value
        return lambda held: address in [spelt(each.raw) for each in held.person.emails]
    if name == "with_mobile":
        wants = _is_true(value)
        return lambda held: not wants or any(p.kind == "mobile" for p in held.person.phones)
    return lambda held: _is(_FIELDS[name](held.person), _ADAPTED.get(name, str)(value))


_FIELDS: Mapping[str, Callable[[Person], Any]] = {
    "first_name": lambda person: person.names.first,
    "last_name": lambda person: person.names.last,
    "city": lambda person: _home(person, "city"),
    "state": lambda person: _home(person, "region"),
    "sex": lambda person: person.fields.get("sex"),
    "birthdate": lambda person: person.fields.get("birthdate"),
}


def _is_true(value: str) -> bool:
    return value.lower() not in ("false", "0", "no", "f")


def _home(person: Person, part: str) -> Any:
    """Of the primary address."""
    return getattr(person.addresses[0], part) if person.addresses else None


def _region(value: str) -> str:
    code = normalise_region(value)
    return code.upper() if code and len(code) <= _LONGEST_CODE else value


_LONGEST_CODE = 3
_ADAPTED: Mapping[str, Callable[[str], str]] = {"state": _region}


def _is(held: Any, value: str) -> bool:
    if held is None:
        return False
    text = str(held).lower() if isinstance(held, bool) else str(held)
    return text.strip().casefold() == value.casefold()


def _has_id(person: Person, name: str, value: str) -> bool:
    wanted = shown.identifier(name, value)
    return (wanted is not None and wanted in person.identifiers) or _is(
        person.fields.get(name), value
    )


def _time(value: str) -> datetime:
    for text in (value, value.replace(" ", "+")):  # a plus that was not encoded came as a blank
        with suppress(ValueError):
            found = datetime.fromisoformat(text)
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    raise Problem(400, "updated_since", "updated_since must be a date or a time.")


def _location(text: str) -> tuple[float, float]:
    try:
        lat, lng = (float(part) for part in text.split(","))
    except ValueError:
        lat = lng = math.nan
    if not (abs(lat) <= 90 and abs(lng) <= 180):
        raise Problem(400, "location", "location must be latitude,longitude.")
    return lat, lng


def _is_near(person: Person, here: tuple[float, float], miles: float) -> bool:
    return any(miles_between(here, there) <= miles for there in shown.places(person))


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance of two places by latitude and longitude, by the haversine."""
    lat1, lng1, lat2, lng2 = map(math.radians, (*one, *other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lng2 - lng1) / 2) ** 2
    )
    return 2 * _EARTH_MILES * math.asin(min(1.0, math.sqrt(half)))
