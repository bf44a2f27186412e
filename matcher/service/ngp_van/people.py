"""People of NGP VAN's public API: find, findOrCreate, by id, a list, and merging."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Identifier
from matcher.policies.contacts import Request as Order
from matcher.policies.outcomes import Outcome
from matcher.policies.people import Lookups, Person
from matcher.policies.spelling import spelt
from matcher.service.ngp_van import shown
from matcher.service.ngp_van.answering import (
    PEOPLE,
    PREFIX,
    TAGS,
    AsksPeople,
    Paging,
    answer,
    new_router,
    page,
    problem_of,
    read_body,
)
from matcher.service.problems import Problem
from matcher.service.service import service_of
from matcher.service.vendors.documenting import body, told
from matcher.service.vendors.posting import native_headers
from matcher.store import Store
from matcher.store.lists.calls import Answer, Call
from matcher.store.lists.looking import Held, Wanted, as_text

router = new_router()

#: Their number, or ``type:id`` of an id in another system.
PersonId = Annotated[str, Path(max_length=200, examples=["100476252", "dwid:1234"])]
Expand = Annotated[str | None, Query(alias="$expand", max_length=1_000)]
Text = Annotated[str | None, Query(max_length=500)]
_EXAMPLE = {
    "firstName": "James",
    "lastName": "Gordon",
    "emails": [{"email": "jgordon@example.com"}],
    "phones": [{"phoneNumber": "2025557979", "phoneType": "C"}],
    "addresses": [{"addressLine1": "1 High Street", "zipOrPostalCode": "20005"}],
}
_OWN = frozenset({"person_id", "request", "whatIf", "target_id"})


@router.get(f"{PREFIX}/people", tags=[*TAGS], responses=told({200: "People."}))
async def list_people(  # noqa: PLR0917 - of a query, each by its name
    request: Request,
    key: AsksPeople,
    asked: Paging,
    first_name: Annotated[Text, Query(alias="firstName")] = None,
    last_name: Annotated[Text, Query(alias="lastName")] = None,
    email: Text = None,
    phone: Annotated[Text, Query(alias="phoneNumber")] = None,
    city: Text = None,
    postal_code: Annotated[Text, Query(alias="zipOrPostalCode")] = None,
    expand: Expand = None,
) -> Response:
    """People of whom all that is given holds, in the order of their creation."""
    given = {
        "firstName": first_name, "lastName": last_name, "email": email, "phoneNumber": phone,
        "city": city, "zipOrPostalCode": postal_code,
    }  # fmt: skip
    criteria = {name: value.strip() for name, value in given.items() if value and value.strip()}
    top, skip = asked

    def found(store: Store) -> tuple[list[Held], int | None]:
        view = store.list_view(PEOPLE)
        if not criteria:
            return list(view.page(skip, top + 1)), len(view)
        return list(view.search(_wanted(criteria), top + 1, skip)), None

    held, count = await service_of(request).reader.ask(found)
    wanted = _expanded(expand)
    return page(request, [shown.person(each, wanted) for each in held], asked, count)


@router.post(
    f"{PREFIX}/people/find", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told({200: "The person who matches."}, 404, body=True),
)  # fmt: skip
async def find(request: Request, key: AsksPeople) -> Response:
    """Who matches by one of the vendor's sets of keys; nobody is 404, and nothing is written."""
    found = await service_of(request).lists.match(PEOPLE, await _person(request), key.name)
    if found.person is None:
        return answer(shown.match(None, "Unmatched"), 404)
    return _answered(found)


@router.post(
    f"{PREFIX}/people/findOrCreate", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told(
        {200: "Somebody matched, and was updated.", 201: "Nobody did: a new person."},
        404, 409, body=True,
    ),
)  # fmt: skip
async def find_or_create(request: Request, key: AsksPeople) -> Response:
    """Updates who matches, or the person of the ``vanId`` that is given; else creates somebody."""
    said = await _person(request)
    own = said.pop("vanId", None)
    if own is None:
        found = await _called(request, key.name, said, Order.CREATE)
    else:
        found = await _called(request, key.name, said, Order.UPDATE, str(own))
    return _answered(found)


@router.get(f"{PREFIX}/people/{{van_id}}", tags=[*TAGS], responses=told({200: "The person."}, 404))
async def get_person(
    request: Request, van_id: PersonId, key: AsksPeople, expand: Expand = None
) -> Response:
    """A person, by number or by ``type:id``; with ``$expand``, only the sections named in it."""
    held = await _found(request, van_id)
    return answer(shown.person(held, _expanded(expand)))


@router.post(
    f"{PREFIX}/people/{{van_id}}", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told({200: "The person was updated."}, 404, 409, body=True),
)  # fmt: skip
async def update(request: Request, van_id: PersonId, key: AsksPeople) -> Response:
    """Changes a person."""
    said = await _person(request)
    said.pop("vanId", None)
    own = (await _found(request, van_id)).person.person_id
    return _answered(await _called(request, key.name, said, Order.UPDATE, own))


@router.delete(f"{PREFIX}/people/{{van_id}}", tags=[*TAGS], responses=told({}, 405, 409))
async def delete_person(request: Request, van_id: PersonId, key: AsksPeople) -> Response:
    """Is refused: people go only by being merged; `DELETE /v1/people/{person_id}` erases one."""
    raise Problem(
        405, "2C-8", "People are deleted only by a merge.", headers={"Allow": "GET, HEAD, POST"}
    )


async def merge_into(
    request: Request,
    van_id: PersonId,
    key: AsksPeople,
    what_if: Annotated[bool, Query(alias="whatIf", description="Only say whether.")] = False,
) -> Response:
    """Merges a person into the one whose ``vanId`` is in the body, who stays."""
    target = (await read_body(request)).get("vanId")
    if not isinstance(target, str | int):
        raise Problem(400, "2C-8", "vanId must be in the body: of the person who stays.")
    call = Call(
        {
            "contactMode": "Person", "vanId": str(target), "whatIf": what_if,
            "request": Order.MERGE.value, "person_id": van_id,
        }
    )  # fmt: skip
    return _answered(await service_of(request).lists.call(PEOPLE, call, key.name))


for _method in ("POST", "PUT"):
    router.add_api_route(
        f"{PREFIX}/people/{{van_id}}/mergeInto", merge_into, methods=[_method], tags=[*TAGS],
        name=f"{_method.lower()}_merge_into", openapi_extra=body({"vanId": 100476252}),
        responses=told({200: "They are one, or could be."}, 404, 409, body=True),
    )  # fmt: skip


def new_id(people: Lookups) -> str:
    """The id of somebody new: a number that nobody has."""
    number = people.next_number()
    while people.get(str(number)) is not None:
        number += 1
    return str(number)


async def _called(
    request: Request,
    by: str,
    said: Mapping[str, Any],
    order: Order,
    person_id: str | None = None,
) -> Answer:
    """What becomes of a call."""
    payload = {**said, "request": order.value, "person_id": person_id}
    return await service_of(request).lists.call(PEOPLE, Call(payload, wish=new_id), by)


async def _person(request: Request) -> dict[str, Any]:
    """The person of a body."""
    said = await read_body(request)
    return {name: value for name, value in said.items() if name not in _OWN}


def _answered(found: Answer) -> Response:
    """Whom a call found, created or changed.

    Raises:
        Problem: it was refused.
    """
    if found.refusal is not None:
        raise problem_of(found.refusal)
    assert found.person is not None
    is_new = found.outcome is Outcome.CREATED
    headers = native_headers(found)
    headers["Location"] = f"{PREFIX}/people/{shown.van_id(found.person)}"
    status = "UnmatchedStored" if is_new else "Matched"
    return answer(shown.match(found.person, status), 201 if is_new else 200, headers)


async def _found(request: Request, van_id: str) -> Held:
    """A person, by number or by ``type:id``.

    Raises:
        Problem: there is none.
    """
    foreign = Identifier.parse(van_id)

    def found(store: Store) -> Held | None:
        view = store.list_view(PEOPLE)
        return view.person(van_id) or (None if foreign is None else view.holder(foreign))

    held = await service_of(request).reader.ask(found)
    if held is None:
        raise Problem(404, "unknown", "There is no such person.")
    return held


def _expanded(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    return frozenset(part.strip().lower() for part in text.split(","))


def _wanted(criteria: Mapping[str, str]) -> Wanted:
    texts = [
        _WRITTEN.get(name, "{}").format(as_text(value))
        for name, value in criteria.items()
        if name != "phoneNumber"
    ]
    tests = [(_FIELDS[name], _fold(name, value)) for name, value in criteria.items()]
    return Wanted(texts, lambda held: all(value in get(held.person) for get, value in tests))


#: Where a value stands in the document of a person.
_WRITTEN: Mapping[str, str] = {
    "firstName": '"first":"{}"', "lastName": '"last":"{}"', "city": '"city":"{}"',
    "zipOrPostalCode": '"postal_code":"{}"',
}  # fmt: skip


def _fold(name: str, value: str) -> str:
    if name == "email":
        return spelt(value) or value
    return _digits(value) if name == "phoneNumber" else value.casefold()


def _digits(text: str) -> str:
    found = "".join(filter(str.isdigit, text))
    return found[1:] if len(found) == _WITH_COUNTRY and found.startswith("1") else found


_WITH_COUNTRY = 11


def _folded(*values: str | None) -> list[str]:
    return [value.casefold() for value in values if value]


_FIELDS: Mapping[str, Callable[[Person], list[str]]] = {
    "firstName": lambda person: _folded(person.names.first),
    "lastName": lambda person: _folded(person.names.last),
    "email": lambda person: [spelt(each.raw) or each.raw for each in person.emails],
    "phoneNumber": lambda person: [_digits(each.number) for each in person.phones],
    "city": lambda person: _folded(*(each.city for each in person.addresses)),
    "zipOrPostalCode": lambda person: _folded(*(each.postal_code for each in person.addresses)),
}
