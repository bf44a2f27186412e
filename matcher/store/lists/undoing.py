"""A vendor's list follows when a run is undone.

Each row was decided on by what the list held then, so only the last run of a list can be put back:
the list is again as it was before.
"""

from __future__ import annotations

from matcher.errors import StoreError
from matcher.store.ids import run_id
from matcher.store.ledger import Ledger


def lists_changed(ledger: Ledger, run: int) -> dict[str, int]:
    """The lists that a run changed, each with the run in whose state it was before.

    Raises:
        StoreError: a later run has changed one of them.
    """
    return {
        policy: _state_before(ledger, policy, run)
        for (policy,) in ledger.rows("SELECT policy FROM vendor_list WHERE run = ?", [run])
    }


def _state_before(ledger: Ledger, policy: str, run: int) -> int:
    """The run in whose state a list was before a run; 0 where it was empty."""
    states = ledger.rows(
        "SELECT run, state FROM vendor_list WHERE policy = ? ORDER BY run", [policy]
    )
    last, state = states[-1]
    if run not in (last, state):
        newer = run_id(last if state == last else state)
        raise StoreError(
            f"{run_id(run)} cannot be undone: {newer} has changed the list of {policy} since, on"
            f" top of what it held; undo {newer} first."
        )
    return next((before for one, before in reversed(states) if one < run), 0)


def put_back(ledger: Ledger, policy: str, state: int, run: int) -> None:
    """Adds what makes a list say again what it said after an earlier run.

    Args:
        ledger: of the file, inside a transaction.
        policy: the list.
        state: the earlier run; 0: the list was empty.
        run: the one that does this.
    """
    found = ledger.table(_DIFFERENT, [state, state, policy])
    columns = {name: found[name].combine_chunks() for name in found.column_names}
    ledger.add("vendor_person", {"policy": policy, "run": run, **columns})
    rules = ledger.rows(_RULES, [policy, state]) or ledger.rows(_RULES_OF_NOTHING, [policy])
    profile, options, rows = rules[0]
    ledger.add(
        "vendor_list",
        {
            "policy": [policy], "run": run, "profile": profile, "options": options, "rows": rows,
            "state": state,
        },
    )  # fmt: skip


#: What was said of people who are another now. Of whom nothing was said, nothing is held.
_DIFFERENT = """
WITH said AS (
    SELECT number, arg_max(person_id, run) AS person_id,
        arg_max_null(content, run) AS content_now,
        arg_max_null(merged_into, run) AS merged_now,
        arg_max_null(content, run) FILTER (WHERE run <= ?) AS content,
        arg_max_null(merged_into, run) FILTER (WHERE run <= ?) AS merged_into
    FROM vendor_person WHERE policy = ? GROUP BY number
)
SELECT number, person_id, content, merged_into FROM said
WHERE content IS DISTINCT FROM content_now OR merged_into IS DISTINCT FROM merged_now
ORDER BY number"""

_RULES = 'SELECT profile, options, "rows" FROM vendor_list WHERE policy = ? AND run = ?'
_RULES_OF_NOTHING = "SELECT profile, options, 0 FROM vendor_list WHERE policy = ? LIMIT 1"
