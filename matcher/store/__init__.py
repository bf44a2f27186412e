"""The identity store: people that stay the same next week."""

from matcher.store.changes import Changes
from matcher.store.recognising import Resolved
from matcher.store.store import Store, check_new

__all__ = ["Changes", "Resolved", "Store", "check_new"]
