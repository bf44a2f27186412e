"""Public clients of the vendors' APIs, unmodified but for the base URL, at a running service.

They want an environment of their own: ``.venv-clients`` in the checkout, or where the environment
variable ``MATCHER_CLIENTS_PYTHON`` points. Where there is none, the tests next door that replay
their steps are all there is.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from serving import PATIENCE, serving

from matcher.service.keys import add_key

_HERE = Path(__file__).parent
_PYTHON = Path(
    os.environ.get("MATCHER_CLIENTS_PYTHON")
    or _HERE.parents[2] / ".venv-clients" / "bin" / "python"
)

pytestmark = pytest.mark.skipif(
    not _PYTHON.exists(), reason="no environment with parsons and everyaction-client"
)


@pytest.mark.parametrize(
    ("steps", "scope"),
    [
        ("parsons_action_network", "list:action_network"),
        ("parsons_nationbuilder", "list:nationbuilder"),
        ("parsons_van", "list:ngp_van_people"),
        ("everyaction_people", "list:ngp_van_people"),
    ],
)
def test_a_public_client_upserts_fetches_updates_and_lists(
    steps: str, scope: str, tmp_path: Path
) -> None:
    token = add_key(tmp_path / "keys.json", "client", [scope])[1]
    with serving(tmp_path, "--keys", "keys.json") as live:
        done = subprocess.run(
            [str(_PYTHON), str(_HERE / "clients" / f"{steps}.py"), live.url, token],
            cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
