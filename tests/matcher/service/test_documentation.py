"""The pages of the service are true: each request in them is sent, and gets the answer shown.

An ``http`` block holds a request, the ``http`` block after it the answer: status, those headers
that are worth showing, and the body. ``…`` stands for anything: alone on a line for any lines. Each
page has a service over an empty store of its own, without keys.

After a change, ``MATCHER_REFRESH_DOCS=1 pytest tests/matcher/service/test_documentation.py`` writes
what is answered now into the pages; read the difference before you commit it.
"""

from __future__ import annotations

import json
import os
import re
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

ROOT = Path(__file__).parents[3]
PAGES = sorted((ROOT / "docs").glob("service*.md"))
REFRESH = os.environ.get("MATCHER_REFRESH_DOCS", "") not in ("", "0")

WIDTH = 110
EXAMPLE = re.compile(r"^```http\n(?!HTTP)(.*?)^```\n\n```http\n(HTTP.*?)^```\n", re.M | re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_each_request_gets_the_answer_that_is_shown(page: Path, client: TestClient) -> None:
    def checked(block: re.Match[str]) -> str:
        request, shown = block.groups()
        told = answer_to(request, shown, client)
        is_empty = REFRESH and shown.endswith("\n\n…\n")
        if is_empty or not matches(shown, told):
            assert REFRESH, f"{request}\nis answered\n{told}\nand the page shows\n{shown}"
            shown = told
        return f"```http\n{request}```\n\n```http\n{shown}```\n"

    text = page.read_text(encoding="utf-8")
    assert EXAMPLE.search(text) or "```http" not in text
    now = EXAMPLE.sub(checked, text)
    if REFRESH and now != text:
        page.write_text(now, encoding="utf-8")


def answer_to(request: str, shown: str, client: TestClient) -> str:
    """The answer to a request as the page would show it, with the headers that it shows."""
    head, _, body = request.partition("\n\n")
    line, *fields = head.strip().splitlines()
    method, path = line.split(" ", 1)
    headers = dict(field.split(": ", 1) for field in fields)
    answer = client.request(method, path, headers=headers, content=body.rstrip("\n").encode())
    for _ in range(200):  # a job that is shown as done is waited for
        if '"done"' not in shown or '"done"' in answer.text:
            break
        time.sleep(0.05)
        answer = client.request(method, path, headers=headers)
    return written(answer, [line.partition(":")[0] for line in headers_of(shown)])


def headers_of(shown: str) -> list[str]:
    return shown.partition("\n\n")[0].splitlines()[1:]


def written(answer: httpx2.Response, headers: list[str]) -> str:
    """An answer as text, its JSON with a line for each value."""
    lines = [f"HTTP/1.1 {answer.status_code} {HTTPStatus(answer.status_code).phrase}"]
    lines += [f"{name}: {answer.headers.get(name)}" for name in headers]
    if not answer.content:
        return "\n".join([*lines, ""])
    is_json = "json" in answer.headers.get("content-type", "")
    body = pretty(answer.json()) if is_json else answer.text
    return "\n".join([*lines, "", body.rstrip("\n"), ""])


def pretty(value: Any, indent: str = "") -> str:
    """JSON in which what fits into a line stands in one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(flat) < WIDTH or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {pretty(each, inner)}" for name, each in value.items()]
        begin, end = "{}"
    else:
        parts = [pretty(each, inner) for each in value]
        begin, end = "[]"
    return f"{begin}\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}{end}"


def matches(shown: str, told: str) -> bool:
    pattern = re.escape(shown).replace("\n…\\\n", "\n…\n")
    pattern = re.sub(r"(?m)^(\\ )*…\\?\n", "(?:.*\n)*", pattern).replace("…", ".*")
    return re.fullmatch(pattern, told) is not None


@pytest.mark.parametrize(
    ("shown", "told", "same"),
    [
        ("HTTP 200\n\n{\n  …\n}\n", 'HTTP 200\n\n{\n  "a": 1,\n  "b": 2\n}\n', True),
        ('HTTP 200\n\n{"a": "P…"}\n', 'HTTP 200\n\n{"a": "P12"}\n', True),
        ('HTTP 200\n\n{"a": 1}\n', 'HTTP 200\n\n{"a": 2}\n', False),
        ("HTTP 200\n\n{\n  …\n}\n", "HTTP 404\n\n{\n}\n", False),
    ],
)
def test_an_ellipsis_stands_for_anything(shown: str, told: str, same: bool) -> None:
    assert matches(shown, told) is same
