"""By which rules a vendor's list is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from matcher.policies.decisions import Policy
from matcher.policies.registry import make_policy


@dataclass(frozen=True)
class Rules:
    """By which rules a list is kept.

    Attributes:
        policy: whose.
        profile: ``document`` or ``native``; settled by the first rows of the list.
        options: the policy's own; those given last hold.
    """

    policy: str
    profile: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def made(self, region: str) -> Policy:
        """The policy.

        Raises:
            OptionError: there is no such policy, profile or option.
        """
        return make_policy(self.policy, self.profile or "document", region, self.options)
