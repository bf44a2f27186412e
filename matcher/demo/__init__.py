"""A campaign that does not exist: its people, the exports of its five tools, and what is in them.

``words`` holds the names, ``cast`` makes people of them, ``variants`` writes a person the way a
tool has them, ``exports`` gives each tool's file its own form, and ``findings`` counts what
matching found. All is drawn from one seed: the same demo every time.
"""

from matcher.demo.exports import write_exports
from matcher.demo.findings import Findings, find

__all__ = ["Findings", "find", "write_exports"]
