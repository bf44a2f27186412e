"""Properties are checked on the same examples each time, so that a test run can be repeated.

``pytest --hypothesis-profile=explore`` looks for new ones.
"""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1_000, deadline=None)
settings.load_profile("repeatable")
