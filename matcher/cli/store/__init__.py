"""The commands on an identity store: a module per kind of question, no logic in any."""

from matcher.cli.store.ingest import ingest
from matcher.cli.store.resolve import resolve

COMMANDS = (ingest, resolve)

__all__ = ["COMMANDS"]
