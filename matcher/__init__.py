"""Find which records are the same person, and keep that answer as the data changes.

>>> import matcher
>>> result = matcher.dedupe([
...     {"record_id": "a", "first_name": "Robert", "last_name": "Okafor", "email": "rob@x.org"},
...     {"record_id": "b", "first_name": "Bob", "last_name": "Okafor", "email": "rob@x.org"},
... ])
>>> result.clusters["cluster_id"].nunique()
1

The names below are the whole public surface; each is loaded when first used, so that importing
the package stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from matcher.errors import (
    InputError,
    MatcherError,
    MissingExtra,
    ModelError,
    OptionError,
    OutputError,
    StoreError,
    StoreLocked,
    UnknownInStore,
    UnreadableFile,
    UnusableColumns,
)

if TYPE_CHECKING:
    from matcher.evaluation import Evaluation, evaluate
    from matcher.explain import Explanation
    from matcher.front_door import dedupe, link, open  # noqa: A004 - as ``matcher.open``
    from matcher.model import Model
    from matcher.policies import PolicyComparison, Replay, compare_policies, replay
    from matcher.result import Result
    from matcher.store import Changes, Store

__all__ = [
    "Changes",
    "Evaluation",
    "Explanation",
    "InputError",
    "MatcherError",
    "MissingExtra",
    "Model",
    "ModelError",
    "OptionError",
    "OutputError",
    "PolicyComparison",
    "Replay",
    "Result",
    "Store",
    "StoreError",
    "StoreLocked",
    "UnknownInStore",
    "UnreadableFile",
    "UnusableColumns",
    "__version__",
    "compare_policies",
    "dedupe",
    "evaluate",
    "link",
    "open",
    "replay",
]

__version__ = "0.1.0"

_HOMES = {
    "Changes": "matcher.store",
    "Evaluation": "matcher.evaluation",
    "Explanation": "matcher.explain",
    "Model": "matcher.model",
    "PolicyComparison": "matcher.policies",
    "Replay": "matcher.policies",
    "Result": "matcher.result",
    "Store": "matcher.store",
    "compare_policies": "matcher.policies",
    "dedupe": "matcher.front_door",
    "evaluate": "matcher.evaluation",
    "link": "matcher.front_door",
    "open": "matcher.front_door",
    "replay": "matcher.policies",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
