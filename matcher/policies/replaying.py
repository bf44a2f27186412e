"""What a vendor would hold after the same rows: they are applied in order, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.errors import OptionError
from matcher.policies.collector import paused_collector
from matcher.policies.decisions import Decision, Policy, apply
from matcher.policies.history import History
from matcher.policies.memory_list import MemoryList
from matcher.policies.outcomes import Event, Outcome, Refusal
from matcher.policies.registry import make_policy
from matcher.policies.replayed import Replay
from matcher.policies.sources import Batch, Unreadable, batches
from matcher.stages import Progress, Stages


def replay(
    rows: Any,
    policy: str = "action_network",
    profile: str = "document",
    columns: Mapping[str, str | Sequence[str]] | None = None,
    *,
    default_region: str = "US",
    progress: Progress | None = None,
    **options: Any,
) -> Replay:
    """Applies one vendor's rules about identity to rows in their order.

    Args:
        rows: what ``matcher.dedupe`` takes, or JSON payloads in the vendor's own shape (a list of
            dicts, a ``.json`` or ``.ndjson`` file); both may be mixed. A row may say by its
            ``request`` what is asked: ``create``, ``update`` with a ``person_id``, ``push``,
            ``match``; without it, it is a row of an upload.
        policy: whose rules: ``action_network`` and so on.
        profile: ``document``: what the vendor's document says, to the letter; ``native``: our
            reading of it, explicit in every outcome.
        columns: canonical name -> column(s) of the input, for what is not recognised.
        default_region: the list's country, two letters: for phones that name none.
        progress: called with the name of each stage.
        options: the policy's own, see ``docs/replay.md``.

    Raises:
        InputError: the input cannot be read or has no usable column.
        OptionError: an option has a value that cannot be meant.
    """
    if len(default_region) != 2 or not default_region.isalpha():
        raise OptionError(
            f"default_region is {default_region!r}; it must be a two-letter country code, like US."
        )
    region = default_region.upper()
    rules = make_policy(policy, profile, region, options)
    stages = Stages(progress)
    people, history = MemoryList(), History()
    with stages.stage("read"):
        read = list(batches(rows, columns=columns, default_region=region, policy=rules))
    with stages.stage("replay"), paused_collector():
        for batch in read:
            replay_batch(batch, rules, people, history)
        duplicates = rules.possible_duplicates(people)
    return Replay(
        policy=policy, profile=profile, default_region=region, people_list=people,
        history=history, duplicates=duplicates, batches=tuple(read), stages=tuple(stages.done),
    )  # fmt: skip


_NO_REFUSALS: Mapping[int, Refusal] = {}


def replay_batch(
    batch: Batch,
    rules: Policy,
    people: MemoryList,
    history: History,
    refused: Mapping[int, Refusal] = _NO_REFUSALS,
) -> None:
    """Applies the rules to the contacts of one input, in order.

    Args:
        batch: the input.
        rules: the policy.
        people: the list so far, which changes.
        history: what happens is added to it.
        refused: rows that are not to come in, whatever the rules say, and why.
    """
    for contact in batch.contacts(rules.carries):
        if isinstance(contact, Unreadable) or (refused and contact.row in refused):
            row = contact.row
            why = contact.refusal if isinstance(contact, Unreadable) else refused[row]
            event = Event(row, Outcome.REJECTED, why.rule, field=why.column, note=why.reason)
            history.add(row, Decision(None, (event,), refusal=why))
            continue
        decision = rules.decide(contact, people)
        apply(decision, people)
        history.add(contact.row, decision, contact.faults)
