"""Contacts: posted, whoever they closely match, and called by their id."""

from __future__ import annotations

import secrets
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from matcher.policies.contacts import Identifier
from matcher.policies.contacts import Request as Order
from matcher.policies.ngp_van.posting import OWN_SYSTEM
from matcher.policies.outcomes import Outcome
from matcher.policies.people import Lookups, Person
from matcher.service.ngp_van.answering import (
    CONTACTS,
    PREFIX,
    TAGS,
    AsksContacts,
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
from matcher.store.lists.looking import Held
from matcher.store.lists.payloads import payload

router = new_router()

ContactId = Annotated[str, Path(max_length=100, examples=["VN93A9H7CW7"])]
_EXAMPLE = {
    "type": "INDIVIDUAL",
    "firstName": "Lefty",
    "lastName": "McDonkey",
    "emails": [{"address": "lefty@example.com", "type": "MAIN", "doNotEmail": False}],
    "phones": [{"number": "2025557979", "type": "MOBILE"}],
}
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 9


@router.post(
    f"{PREFIX}/contacts", tags=[*TAGS], openapi_extra=body(_EXAMPLE),
    responses=told(
        {200: "An existing contact was updated.", 201: "A new one was created.",
         301: "There is a contactId in the body: call that contact."},
        409, body=True,
    ),
)  # fmt: skip
async def post_contact(request: Request, key: AsksContacts) -> Response:
    """Creates a contact, or merges what is posted into the one that it closely matches."""
    said = await read_body(request)
    own = said.get("contactId")
    if own is not None:
        return _redirected(own)
    call = Call(_payload(said, Order.CREATE), wish=new_id)
    found = await service_of(request).lists.call(CONTACTS, call, key.name)
    return _answered(found, 201 if found.outcome is Outcome.CREATED else 200)


@router.get(f"{PREFIX}/contacts", tags=[*TAGS], responses=told({200: "Contacts."}))
async def list_contacts(request: Request, key: AsksContacts, asked: Paging) -> Response:
    """All contacts in the order of their creation."""
    top, skip = asked

    def found(store: Store) -> tuple[list[Held], int]:
        view = store.list_view(CONTACTS)
        return list(view.page(skip, top + 1)), len(view)

    held, count = await service_of(request).reader.ask(found)
    return page(request, [_shown(each.person) for each in held], asked, count)


@router.get(
    f"{PREFIX}/contacts/{{contact_id}}", tags=[*TAGS], responses=told({200: "The contact."}, 404)
)
async def get_contact(request: Request, contact_id: ContactId, key: AsksContacts) -> Response:
    """A contact."""

    def found(store: Store) -> Held | None:
        view = store.list_view(CONTACTS)
        return view.person(contact_id) or view.holder(Identifier(OWN_SYSTEM, contact_id))

    held = await service_of(request).reader.ask(found)
    if held is None:
        raise Problem(404, "unknown", "There is no such contact.")
    return answer(_shown(held.person))


async def update_contact(request: Request, contact_id: ContactId, key: AsksContacts) -> Response:
    """Changes a contact; a value that came replaces the one that was there."""
    said = await read_body(request)
    call = Call(_payload(said, Order.UPDATE) | {"person_id": contact_id})
    return _answered(await service_of(request).lists.call(CONTACTS, call, key.name), 200)


for _method in ("POST", "PUT"):
    router.add_api_route(
        f"{PREFIX}/contacts/{{contact_id}}", update_contact, methods=[_method], tags=[*TAGS],
        name=f"{_method.lower()}_contact", openapi_extra=body(_EXAMPLE),
        responses=told({200: "The contact was updated."}, 404, 409, body=True),
    )  # fmt: skip


def new_id(people: Lookups) -> str:
    """The id of a new contact, as NGP VAN gives them."""
    while True:
        own = "VN" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if people.get(own) is None:
            return own


def _payload(said: dict[str, Any], order: Order) -> dict[str, Any]:
    """A contact as the rules read it; whom it is meant for is said by the address alone."""
    kept = {name: value for name, value in said.items() if name not in ("contactId", "person_id")}
    return kept | {"request": order.value}


def _redirected(own: Any) -> Response:
    """NG-03: nothing is written."""
    if not isinstance(own, str | int) or not str(own).strip():
        raise Problem(400, "NG-03", "contactId must not be in the body.")
    location = f"{PREFIX}/contacts/{quote(str(own).strip(), safe='')}"
    return answer({"contactId": str(own).strip()}, 301, {"Location": location})


def _answered(found: Answer, status: int) -> Response:
    if found.refusal is not None:
        raise problem_of(found.refusal)
    assert found.person is not None
    own = _own_id(found.person)
    headers = native_headers(found)
    if status == 201:
        headers["Location"] = f"{PREFIX}/contacts/{own}"
    return answer({"contactId": own}, status, headers)


def _own_id(person: Person) -> str:
    held = (each.id for each in person.identifiers if each.system == OWN_SYSTEM)
    return next(held, person.person_id)


def _shown(person: Person) -> dict[str, Any]:
    """A contact, with phones as they came."""
    told_of = payload(CONTACTS, person) | {"contactId": _own_id(person)}
    for shown, held in zip(told_of.get("phones", ()), person.phones, strict=False):
        shown["number"] = held.raw
    for code in told_of.get("contactCodes", ()):
        text = code["contactCodeId"]
        code["contactCodeId"] = int(text) if text.isascii() and text.isdigit() else text
    return told_of
