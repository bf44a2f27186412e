"""The commands on an identity store: a module per kind of question, no logic in any."""

from matcher.cli.store.deciding import decide, split, undo
from matcher.cli.store.forget import forget
from matcher.cli.store.golden import golden
from matcher.cli.store.ingest import ingest
from matcher.cli.store.interactions import interactions
from matcher.cli.store.keeping import backup, check, export, stats
from matcher.cli.store.past import history, how, why
from matcher.cli.store.people import contactable, find, person
from matcher.cli.store.resolve import resolve
from matcher.cli.store.retrain import retrain
from matcher.cli.store.review import review

COMMANDS = (
    *(ingest, resolve, person, find, contactable, history, why, how),
    *(review, decide, split, undo, retrain, forget),
    *(golden, check, stats, export, backup),
)

__all__ = ["COMMANDS", "interactions"]
