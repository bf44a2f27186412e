"""A made-up population and what four tools of a campaign wrote down about it.

``names`` and ``places`` are the vocabulary, ``population`` the people in their households,
``reach`` how each is reached, ``sources`` how each tool collects, ``records`` what it wrote down,
``noise`` the slips of the pen, ``making`` the way from a seed to tables, ``describing``
the figures of a list.
"""

from benchmarks.contacts.describing import describe
from benchmarks.contacts.making import generate, write

__all__ = ["describe", "generate", "write"]
