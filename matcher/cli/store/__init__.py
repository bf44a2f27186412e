"""The commands on an identity store: a module per kind of question, no logic in any."""

from matcher.cli.store.ingest import ingest

COMMANDS = (ingest,)

__all__ = ["COMMANDS"]
