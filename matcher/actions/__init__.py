"""What to do in each tool, so that a person found twice is there once.

``Result.actions`` gives them. The way from a result to a file::

    tools (which ids, what may be merged) -> held (ids and the records that carry them)
    merging (which id into which, and what is left alone) -> listing (tables, files)

Merges cannot be undone in any of the tools, so a step is listed only where nobody has to look
first; every other id of a person with several is in ``skipped`` with its reason.
"""

from matcher.actions.listing import Actions, plan_actions

__all__ = ["Actions", "plan_actions"]
