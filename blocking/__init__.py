"""Which records are worth comparing: columns in, keys and candidate pairs out. Pure."""

from blocking.candidates import Candidates, KeyReport, find_candidates
from blocking.keys import ALWAYS, MEASURED, Attributes, Key
from blocking.pairs import BLOCK_CAP

__all__ = [
    "ALWAYS",
    "BLOCK_CAP",
    "MEASURED",
    "Attributes",
    "Candidates",
    "Key",
    "KeyReport",
    "find_candidates",
]
