"""The identity store: people that stay the same next week."""

from matcher.store.changes import Changes
from matcher.store.composing import How
from matcher.store.consent import MergePreview
from matcher.store.explaining import Why
from matcher.store.past import View
from matcher.store.person import Person
from matcher.store.recognising import Resolved
from matcher.store.store import Store, check_new

__all__ = [
    "Changes",
    "How",
    "MergePreview",
    "Person",
    "Resolved",
    "Store",
    "View",
    "Why",
    "check_new",
]
