"""The commands on an identity store: a module per kind of question, no logic in any."""

from matcher.cli.store.deciding import decide, split, undo
from matcher.cli.store.forget import forget
from matcher.cli.store.ingest import ingest
from matcher.cli.store.resolve import resolve
from matcher.cli.store.retrain import retrain

COMMANDS = (ingest, resolve, decide, split, undo, retrain, forget)

__all__ = ["COMMANDS"]
