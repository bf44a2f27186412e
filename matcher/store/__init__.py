"""The identity store: people that stay the same next week."""
