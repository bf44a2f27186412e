"""Pages by nonce and token, as NationBuilder has them: links to the next page and the one before.

The token says after or before whom a page begins, so pages stay right while people are added. The
nonce is there because clients look for it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from starlette.requests import Request

from matcher.service.nationbuilder.shown import Resource
from matcher.service.paging import cursor_of, place_of
from matcher.service.problems import Problem
from matcher.store.lists.looking import Held, Wanted
from matcher.store.lists.view import ListView

MOST, USUAL = 100, 10
_PAGING = ("__nonce", "__token")


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for.

    Attributes:
        limit: people on it.
        after: it begins with whoever has a greater number.
        before: or it ends with whoever has a smaller one.
    """

    limit: int
    after: int = 0
    before: int | None = None


def asked_page(
    limit: Annotated[int, Query(ge=1, description="At most 100 are given.")] = USUAL,
    nonce: Annotated[str | None, Query(alias="__nonce", max_length=200)] = None,
    token: Annotated[str | None, Query(alias="__token", max_length=200)] = None,
) -> Paging:
    """The page that a request asks for.

    Raises:
        Problem: the token is none that an answer gave.
    """
    limit = min(limit, MOST)
    place: str | None = place_of(token, str)
    if place is None:
        return Paging(limit)
    side, number = place[:1], place[1:]
    if side not in ("a", "b") or not number.isdecimal() or len(number) > _LONGEST:
        raise Problem(400, "token", "The __token is not one that an answer gave.")
    return Paging(limit, int(number)) if side == "a" else Paging(limit, 0, int(number))


_LONGEST = 18


def page(
    view: ListView,
    asked: Paging,
    wanted: Wanted,
    show: Callable[[Held], Resource],
    request: Request,
) -> dict[str, Any]:
    """One page of those who are wanted.

    Args:
        view: the list.
        asked: which page.
        wanted: who.
        show: makes a resource.
        request: for the links.
    """
    found: Sequence[Held] = view.search(
        replace(wanted, after=asked.after, before=asked.before), asked.limit + 1
    )
    has_more = len(found) > asked.limit
    shown = list(found[: asked.limit])
    is_back = asked.before is not None
    if is_back:
        shown.reverse()
    first, last = (held.person.number for held in (shown[0], shown[-1])) if shown else (0, 0)
    has_next = bool(shown) and (has_more if not is_back else True)
    has_before = bool(shown) and (has_more if is_back else asked.after > 0)
    return {
        "next": _link(request, f"a{last}") if has_next else None,
        "prev": _link(request, f"b{first}") if has_before else None,
        "results": [show(held) for held in shown],
    }


def _link(request: Request, place: str) -> str:
    rest = [(name, value) for name, value in request.query_params.multi_items()]
    rest = [(name, value) for name, value in rest if name not in (*_PAGING, "access_token")]
    paging = [("__nonce", secrets.token_urlsafe(16)), ("__token", cursor_of(place))]
    return f"{request.url.path.rstrip('/')}?{urlencode(paging + rest)}"
