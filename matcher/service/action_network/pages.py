"""Collections of Action Network's, page by page: no totals, a link to the next one."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.service.action_network import shown
from matcher.service.action_network.shown import CURIES, Resource
from matcher.store.lists.looking import Held

PER_PAGE = 25


class Page:
    """Which page of a collection is asked for.

    Attributes:
        number: counted from 1.
        size: resources on it.
        query: what else the next page is to be asked with.
        is_last: whether none comes after it.
    """

    def __init__(self, number: int, size: int, query: str = "", *, is_last: bool = True) -> None:
        self.number, self.size, self.query, self.is_last = number, size, query, is_last

    @property
    def offset(self) -> int:
        """Resources before it."""
        return (self.number - 1) * self.size

    def also(self, query: str) -> Page:
        """The same, with more to ask the next page with."""
        return Page(self.number, self.size, self.query + query, is_last=self.is_last)

    def with_more(self, has_more: bool) -> Page:
        """The same, knowing whether another one comes after it."""
        return Page(self.number, self.size, self.query, is_last=not has_more)


def people(page: Sequence[Held], asked: Page, base: str) -> Resource:
    """A page of people."""
    return _collection(
        "osdi:people",
        [shown.person(each.person, each.dates, base) for each in page[: asked.size]],
        asked.with_more(len(page) > asked.size),
        f"{base}/people",
    )


def collection(rel: str, found: Sequence[Resource], asked: Page, own: str) -> Resource:
    """A page of any resources, given all of them."""
    on_it = list(found[asked.offset : asked.offset + asked.size])
    return _collection(rel, on_it, asked.with_more(len(found) > asked.offset + asked.size), own)


def _collection(rel: str, on_it: Sequence[Resource], asked: Page, own: str) -> Resource:
    links: Resource = {}
    if not asked.is_last:
        links["next"] = {"href": f"{own}?page={asked.number + 1}{asked.query}"}
    if asked.number > 1:
        links["prev"] = {"href": f"{own}?page={asked.number - 1}{asked.query}"}
    links[rel] = [{"href": each["_links"]["self"]["href"]} for each in on_it]
    links |= {"curies": list(CURIES), "self": {"href": own}}
    return {
        "per_page": asked.size,
        "page": asked.number,
        "_links": links,
        "_embedded": {rel: list(on_it)},
    }
