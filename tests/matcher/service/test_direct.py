from __future__ import annotations

import asyncio
from typing import Annotated, Any

import pytest
from fastapi import Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from matcher.service.direct import without_query


async def let_in(request: Request, _: Any) -> str:
    return f"key of {request.method}"


Asker = Annotated[str, Depends(let_in)]
Wanted = Annotated[bool, Query()]


async def usual(request: Request) -> Response:
    return Response("usual")


async def plain(request: Request, key: Asker, wanted: Wanted = True) -> Response:
    return Response(f"{key}, {wanted}")


async def of_one(request: Request, person_id: str, key: Asker) -> Response:
    return Response("of one")


async def demanding(request: Request, key: Asker, wanted: Wanted) -> Response:
    return Response("demanding")


async def open_to_all(request: Request) -> Response:
    return Response("open")


def asked(handler: Any, query: bytes = b"") -> bytes:
    request = Request({"type": "http", "method": "POST", "query_string": query, "headers": []})
    return bytes(asyncio.run(handler(request)).body)


def test_without_a_query_the_endpoint_is_called_with_its_key_and_defaults():
    assert asked(without_query(plain, usual)) == b"key of POST, True"


def test_a_query_is_left_to_the_usual_handler():
    assert asked(without_query(plain, usual), b"wanted=maybe") == b"usual"


@pytest.mark.parametrize("endpoint", [of_one, demanding, open_to_all])
def test_whatever_takes_more_is_left_to_the_usual_handler(endpoint):
    assert without_query(endpoint, usual) is usual


def test_busy_routes_are_answered_directly():
    from matcher.service.nationbuilder.people import push
    from matcher.service.native.records import post_records, resolve

    for endpoint in (resolve, post_records, push):
        assert without_query(endpoint, usual) is not usual
