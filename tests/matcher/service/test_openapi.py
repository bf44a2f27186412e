"""The documentation is what the service does: requests drawn from it get documented answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from serving import serving

from matcher.service.keys import add_key

#: Requests of each operation, of those that fit the documentation and of those that do not.
CASES = 12
#: A body may fit its schema and say of nobody, and a cursor be text that no answer gave.
NOT_HELD = [positive_data_acceptance]

OPERATIONS = [
    "GET /health",
    "GET /metrics",
    "POST /v1/records",
    "POST /v1/resolve",
    "GET /v1/people",
    "GET /v1/people/{person_id}",
    "GET /v1/people/{person_id}/history",
    "GET /v1/people/{person_id}/how",
    "GET /v1/how",
    "GET /v1/why",
    "DELETE /v1/people/{person_id}",
    "POST /v1/decisions",
    "POST /v1/people/{person_id}/split",
    "POST /v1/undo",
    "POST /v1/jobs",
    "GET /v1/jobs",
    "GET /v1/jobs/{job_id}",
]
#: Nothing that is sent to these can be wrong.
TAKE_ANYTHING = ("GET /health", "GET /metrics", "GET /v1/jobs/{job_id}")


@pytest.fixture(scope="module")
def documented(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("service")
    _, token = add_key(folder / "keys.json", "schemathesis", ["admin"])
    key = {"Authorization": f"Bearer {token}"}
    with serving(folder, "--keys", "keys.json") as live:
        people = [
            {"source": "van", "source_record_id": str(n), "full_name": name}
            for n, name in enumerate(["Ann Aalto", "Ben Bolan", "Anne Aalto"])
        ]
        assert httpx2.post(f"{live.url}/v1/records", json=people, headers=key).status_code == 200
        schema = schemathesis.openapi.from_url(f"{live.url}/openapi.json")
        schema.config.update(headers=key)
        yield {result.ok().label: result.ok() for result in schema.get_all_operations()}


def test_every_operation_is_tried_here(documented: dict[str, Any]) -> None:
    assert sorted(documented) == sorted(OPERATIONS)


@pytest.mark.parametrize(
    ("label", "mode"),
    [
        *((label, GenerationMode.POSITIVE) for label in OPERATIONS),
        *((label, GenerationMode.NEGATIVE) for label in OPERATIONS if label not in TAKE_ANYTHING),
    ],
)
def test_every_answer_is_documented_and_none_is_a_failure_of_ours(
    documented: dict[str, Any], label: str, mode: GenerationMode
) -> None:
    @settings(
        max_examples=CASES,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=documented[label].as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=NOT_HELD)

    holds()
