"""The documentation is what the service does: requests drawn from it get documented answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance
from serving import serving

from matcher.service.keys import add_key

#: Requests of each operation, of those that fit the documentation and of those that do not.
CASES = 12
#: This product's own routes; all others are the vendors'.
OWN = re.compile(r" /(v1/|health|metrics)")
#: A body may fit its schema and say of nobody, and a cursor be text that no answer gave.
NOT_HELD = [positive_data_acceptance]


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


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("own", [True, False], ids=["own", "vendors"])
def test_every_answer_is_documented_and_none_is_a_failure_of_ours(
    documented: dict[str, Any], own: bool, mode: GenerationMode
) -> None:
    tried: dict[str, bool] = {}
    for label, operation in documented.items():
        if (OWN.search(label) is not None) is not own:
            continue

        @settings(
            max_examples=CASES,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: schemathesis.Case) -> None:
            case.call_and_validate(excluded_checks=NOT_HELD)

        try:
            holds()
            tried[label] = True
        except Unsatisfiable:  # nothing that is sent to it can be wrong
            assert mode is GenerationMode.NEGATIVE, label
            tried[label] = False
    assert sum(tried.values()) >= 0.8 * len(tried) > 0


def test_what_may_have_an_idempotency_key_may_answer_that_it_is_being_done(
    documented: dict[str, Any],
) -> None:
    changing = {
        label: operation
        for label, operation in documented.items()
        if label.split()[0] in ("POST", "PUT", "DELETE")
    }
    assert len(changing) > 20
    for label, operation in changing.items():
        assert "409" in operation.definition.raw["responses"], label
