"""The identity store: people that stay the same next week."""

from matcher.store.changes import Changes
from matcher.store.consent import MergePreview
from matcher.store.person import Person
from matcher.store.recognising import Resolved
from matcher.store.store import Store, check_new

__all__ = ["Changes", "MergePreview", "Person", "Resolved", "Store", "check_new"]
