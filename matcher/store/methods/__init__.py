"""The methods of a store, by topic; ``matcher.store.Store`` has them all."""
