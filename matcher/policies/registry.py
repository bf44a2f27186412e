"""The policies by name. Adding one is adding a line; its module loads when it is first used."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from matcher.errors import OptionError
from matcher.policies.decisions import Policy

#: Name -> ``module:function``; the function takes the profile, the default region and the
#: policy's own options by keyword, and returns a ``Policy``.
POLICIES: Mapping[str, str] = {
    "action_network": "matcher.policies.action_network:action_network",
    "nationbuilder": "matcher.policies.nationbuilder:nationbuilder",
    "ngp_van": "matcher.policies.ngp_van:ngp_van",
    "ngp_van_people": "matcher.policies.ngp_van:ngp_van_people",
    "interactions": "matcher.policies.interactions:interactions",
}

#: ``document``: what the vendor's document says, to the letter. ``native``: explicit, nothing
#: silent, the sane status code.
PROFILES = ("document", "native")


def make_policy(name: str, profile: str, default_region: str, options: Mapping[str, Any]) -> Policy:
    """The policy of that name.

    Raises:
        OptionError: there is no such policy, profile or option.
    """
    if name not in POLICIES:
        known = ", ".join(POLICIES)
        raise OptionError(f"There is no policy {name!r}; the policies are {known}.")
    if profile not in PROFILES:
        raise OptionError(f"There is no profile {profile!r}; use {' or '.join(PROFILES)}.")
    module, _, function = POLICIES[name].partition(":")
    make = getattr(importlib.import_module(module), function)
    try:
        policy: Policy = make(profile=profile, default_region=default_region, **options)
    except TypeError as error:
        if "unexpected keyword" not in str(error):
            raise
        unknown = str(error).rpartition(" ")[2]
        raise OptionError(f"The policy {name} has no option {unknown}.") from None
    return policy
