"""The record-outreach helper: a person, tags and an outreach in one call, also without a key.

Who sends no key learns nothing: the answer is ``{}`` whoever it was about, and somebody whom the
store knows is not changed by it (``matcher.store.lists.blind``). Pages of other sites may send it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Request as Order
from matcher.service.access import needs
from matcher.service.action_network import pages, shown
from matcher.service.action_network.answering import (
    HAL,
    POLICY,
    PREFIX,
    TAGS,
    WAYS,
    Asked,
    Asker,
    Background,
    accepted,
    answer,
    base_of,
    new_router,
    problem_of,
)
from matcher.service.action_network.people import PersonId, found_person, new_id, signup
from matcher.service.keys import Key
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.calling import Wished
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.posting import native_headers, read_object
from matcher.service.vendors.routing import refused
from matcher.store import Store
from matcher.store.lists.activities import Activity, Told
from matcher.store.lists.calls import Answer, Call

router = new_router()

KIND = "outreach"
CampaignId = Annotated[
    str,
    Path(pattern=r"^[A-Za-z0-9_-]{1,64}$", examples=["f77e736b-d295-4e68-96ec-a765090c6523"]),
]
_TEXTS = ("subject", "message", "duration")
_TARGET = frozenset({"title", "given_name", "family_name", "ocdid"})
_REFERRER = "action_network:referrer_data"
_REFERRERS = frozenset(
    {"source", "referrer", "website", "email_referrer", "mobile_message_referrer"}
)
_COLLECTION = f"{PREFIX}/advocacy_campaigns/{{campaign_id}}/outreaches"
_EXAMPLE = {
    "targets": [{"given_name": "Joe", "family_name": "Schmoe"}],
    "person": {
        "family_name": "Smith",
        "given_name": "John",
        "postal_addresses": [{"postal_code": "20009"}],
        "email_addresses": [{"address": "jsmith@mail.com"}],
        "phone_numbers": [{"number": "2021234444"}],
    },
    "add_tags": ["advocate", "member"],
    "remove_tags": ["inactive"],
}
#: A browser may send this from anywhere, but not with a key: that is no place for one.
_CORS = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = {
    **_CORS,
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
}

_let_in = needs(f"list:{POLICY}", *WAYS)


async def _sender(request: Request) -> Key | None:
    """Who sends an outreach; nobody known where no key is shown.

    Raises:
        Problem: a key is shown that is not known or may not, or an address asks too often.
    """
    if _shows_key(request):
        return await _let_in(request, None)
    address = request.client.host if request.client else ""
    service_of(request).blind.take(address)
    return None


def _shows_key(request: Request) -> bool:
    return any(way(request) for way in WAYS) or "authorization" in request.headers


@router.post(
    _COLLECTION, tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told(
        {200: "The outreach; without a key `{}`.", 202: "A job does it."}, 404, 409,
        body=True, media_type=HAL,
    ),
)  # fmt: skip
async def record_outreach(
    request: Request, campaign_id: CampaignId, background: Background = False
) -> Response:
    """Creates or updates a person, tags them, and records an outreach of theirs.

    Without a key the answer is `{}`, and nobody who is known already is changed or merged.
    """
    try:
        key = await _sender(request)
        call = _call(await read_object(request), campaign_id, is_blind=key is None)
    except Problem as problem:
        return _with_cors(refused(problem, lambda p: {"error": p.detail}), request)
    lists = service_of(request).lists
    if key is None:
        return _with_cors(await _blindly(request, call, background), request)
    if background:
        return accepted(await lists.begin(POLICY, call, key.name))
    found = await lists.call(POLICY, call, key.name)
    if found.refusal is not None:
        raise problem_of(found.refusal)
    return _shown(request, call, found)


async def _blindly(request: Request, call: Call, background: bool) -> Response:
    """The same answer whoever it is about."""
    lists = service_of(request).lists
    if background:
        await lists.begin(POLICY, call, None)
        return answer({}, 202)
    found = await lists.call(POLICY, call, None)
    if found.refusal is not None and found.refusal.rule != "forgotten":
        problem = problem_of(found.refusal)
        return refused(problem, lambda p: {"error": p.detail})
    return answer({})


@router.options(_COLLECTION, include_in_schema=False)
async def preflight(campaign_id: str) -> Response:
    """Tells browsers that pages of other sites may post here."""
    return Response(status_code=204, headers=_PREFLIGHT)


@router.get(_COLLECTION, tags=[*TAGS], responses=told({200: "Outreaches."}, media_type=HAL))
async def list_outreaches(
    request: Request,
    campaign_id: CampaignId,
    key: Asker,
    page: Asked,
) -> Response:
    """The outreaches of a campaign, the first one first."""
    base = base_of(request)
    found = await _found(request, lambda store: store.list_view(POLICY).about(campaign_id, KIND))
    own = f"{base}/advocacy_campaigns/{campaign_id}/outreaches"
    resources = [shown.outreach(each, who, base) for each, who in found]
    return answer(pages.collection("osdi:outreaches", resources, page, own))


@router.get(
    f"{_COLLECTION}/{{outreach_id}}", tags=[*TAGS],
    responses=told({200: "The outreach."}, 404, media_type=HAL),
)  # fmt: skip
async def get_outreach(
    request: Request,
    campaign_id: CampaignId,
    outreach_id: Annotated[str, Path(max_length=100)],
    key: Asker,
) -> Response:
    """One outreach."""
    found = await _found(request, lambda store: store.list_view(POLICY).about(campaign_id, KIND))
    for each, who in found:
        if each.activity.activity_id == outreach_id:
            return answer(shown.outreach(each, who, base_of(request)))
    raise Problem(404, "unknown", "There is no such outreach.")


@router.get(
    f"{PREFIX}/people/{{person_id}}/outreaches", tags=[*TAGS],
    responses=told({200: "Outreaches."}, 404, media_type=HAL),
)  # fmt: skip
async def list_outreaches_of(
    request: Request,
    person_id: PersonId,
    key: Asker,
    page: Asked,
) -> Response:
    """The outreaches of a person, the first one first."""
    held, base = await found_person(request, person_id), base_of(request)
    own = shown.own_id(held.person)
    found = await service_of(request).reader.ask(
        lambda store: store.list_view(POLICY).activities(held.person.number, KIND)
    )
    resources = [shown.outreach(each, own, base) for each in found]
    return answer(
        pages.collection("osdi:outreaches", resources, page, f"{base}/people/{own}/outreaches")
    )


async def _found(request: Request, ask: Any) -> list[tuple[Told, str | None]]:
    """Outreaches, each with Action Network's id of who made it."""

    def found(store: Store) -> list[tuple[Told, str | None]]:
        told: Sequence[Told] = ask(store)
        people = store.list_view(POLICY).numbered(
            {each.number for each in told if each.number is not None}
        )
        own = {held.person.number: shown.own_id(held.person) for held in people}
        return [(each, own.get(each.number or 0)) for each in told]

    return await service_of(request).reader.ask(found)


def _call(said: Mapping[str, Any], campaign: str, *, is_blind: bool) -> Call:
    """What the helper is asked for.

    Raises:
        Problem: it cannot be meant.
    """
    content = {name: _text(said, name) for name in _TEXTS if said.get(name) is not None}
    activity = Activity(
        str(uuid4()), KIND, campaign, {**content, **_targets(said), **_about(said), **_ids(said)}
    )
    is_linked = "person" not in said and "_links" in said and not is_blind
    payload = _linked(said) if is_linked else signup(said)
    return Call(payload, wish=Wished(new_id()), activity=activity, is_blind=is_blind)


def _linked(said: Mapping[str, Any]) -> dict[str, Any]:
    """A person who is named by a link instead of a hash."""
    link = said["_links"].get("osdi:person") if isinstance(said["_links"], dict) else None
    href = link.get("href") if isinstance(link, dict) else None
    if not isinstance(href, str):
        raise _bad("_links", "must have an osdi:person with an href", "AN-25")
    person_id = href.rstrip("/").rpartition("/")[2]
    return {"person": {}, "request": Order.UPDATE.value, "person_id": person_id}


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said[name]
    if not isinstance(value, str):
        raise _bad(name, "must be a string", "AN-34")
    return value


def _targets(said: Mapping[str, Any]) -> dict[str, Any]:
    targets = said.get("targets")
    if targets is None:
        return {}
    one = targets[0] if isinstance(targets, list) and len(targets) == 1 else None
    if not isinstance(one, dict):
        raise _bad("targets", "must be an array of exactly one target", "AN-34")
    return {"targets": [_strings(one, "targets[0]", _TARGET)]}


def _about(said: Mapping[str, Any]) -> dict[str, Any]:
    """Where it came from, and when."""
    found: dict[str, Any] = {}
    referrer = said.get(_REFERRER)
    if referrer is not None:
        if not isinstance(referrer, dict):
            raise _bad(_REFERRER, "must be an object", "AN-34")
        found[_REFERRER] = _strings(referrer, _REFERRER, _REFERRERS)
    if said.get("created_date") is not None:
        found["created_date"] = _moment(said["created_date"])
    return found


def _ids(said: Mapping[str, Any]) -> dict[str, Any]:
    identifiers = said.get("identifiers")
    if identifiers is None:
        return {}
    if not isinstance(identifiers, list) or not all(isinstance(i, str) for i in identifiers):
        raise _bad("identifiers", "must be an array of strings", "AN-07")
    return {"identifiers": [each for each in identifiers if not each.startswith(f"{shown.OWN}:")]}


def _strings(said: Mapping[str, Any], where: str, known: frozenset[str]) -> dict[str, str]:
    """The fields of an object that are known; each must be a string."""
    kept = {name: value for name, value in said.items() if name in known and value is not None}
    for name, value in kept.items():
        if not isinstance(value, str):
            raise _bad(f"{where}.{name}", "must be a string", "AN-34")
    return kept


def _moment(value: Any) -> str:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad("created_date", "must be a time like 2014-03-27T17:58:45Z", "AN-34") from None
    return shown.stamp(at.astimezone(UTC) if at.tzinfo else at)


def _bad(where: str, reason: str, rule: str) -> Problem:
    return Problem(400, rule, f"{where} {reason}.")


def _shown(request: Request, call: Call, found: Answer) -> Response:
    assert call.activity is not None and found.person is not None
    number, now = found.person.number, datetime.now(UTC)
    told_now = Told(call.activity, number, now)
    own = shown.own_id(found.person)
    return answer(shown.outreach(told_now, own, base_of(request)), headers=native_headers(found))


def _with_cors(response: Response, request: Request) -> Response:
    """For pages of other sites, unless a key was sent."""
    if not _shows_key(request):
        response.headers.update(_CORS)
    return response
