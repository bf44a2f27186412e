"""How interactions stand, counted: what came, what is linked, and what still waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from matcher.store.interactions.readiness import Place, ready_count
from matcher.store.interactions.tables import STATUSES
from matcher.store.session import Session

_STATUSES = "SELECT status, count(*) FROM current_link GROUP BY status"
_RECEIVED = "SELECT count(DISTINCT interaction) FROM interaction"
_AT_ONCE = """SELECT count(*) FROM current_link JOIN (
    SELECT interaction, arg_min(status, link) AS first FROM link GROUP BY interaction) AS begun
    USING (interaction)
WHERE status = 'linked' AND first = 'linked'"""


@dataclass(frozen=True)
class Standing:
    """How the interactions of a store stand.

    ``received`` is ``linked + review + unmatched + invalid + erased``.

    Attributes:
        received: interactions that ever came.
        valid: of those, without the invalid ones.
        linked: to a person, now.
        linked_at_once: of those, the ones whose person was known when they came.
        linked_later: the others.
        review: several persons may be meant, or one perhaps.
        unmatched: nobody is known whom they may have been with; they wait.
        invalid: kept, and not looked at.
        erased: nothing is kept of them but that they came.
        ready_for_van: with an id in the voter file of their own state.
    """

    received: int
    valid: int
    linked: int
    linked_at_once: int
    linked_later: int
    review: int
    unmatched: int
    invalid: int
    erased: int
    ready_for_van: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them."""
        return asdict(self)

    def __str__(self) -> str:
        told = {
            "received": self.received,
            "valid": self.valid,
            "linked at once": self.linked_at_once,
            "linked later": self.linked_later,
            "in review": self.review,
            "unmatched": self.unmatched,
            "invalid": self.invalid,
            "erased": self.erased,
            "ready for VAN": self.ready_for_van,
        }
        rare = ("invalid", "erased")
        shown = [f"{n:,} {words}" for words, n in told.items() if n or words not in rare]
        return f"interactions so far: {', '.join(shown)}"


def standing(session: Session) -> Standing:
    """How interactions stand; see ``matcher.store.Store.interaction_counts``."""
    with session.reading() as ledger:
        found = dict(ledger.rows(_STATUSES))
        counted = {status: found.get(status, 0) for status in STATUSES}
        received, at_once = (ledger.rows(query)[0][0] for query in (_RECEIVED, _AT_ONCE))
        ready = ready_count(ledger, Place()) if received else 0
    return Standing(
        received=received,
        valid=received - counted["invalid"],
        linked_at_once=at_once,
        linked_later=counted["linked"] - at_once,
        ready_for_van=ready,
        **counted,
    )
