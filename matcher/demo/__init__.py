"""A campaign that does not exist: its people, the exports of its five tools, and what is in them.

``words`` holds the names, ``cast`` makes people of them, ``variants`` writes a person the way a
tool has them, ``exports`` gives each tool's file its own form, ``findings`` counts what matching
found, and ``late_link`` shows a text that is linked once a file names who sent it. All is drawn
from one seed: the same demo every time.
"""

from matcher.demo.exports import everybody, write_exports
from matcher.demo.findings import Findings, find
from matcher.demo.late_link import LateLink, link_late

__all__ = ["Findings", "LateLink", "everybody", "find", "link_late", "write_exports"]
