"""Vendors' rules about identity, each as a state machine over the people that the vendor holds.

``replay`` applies a policy to rows in order. The way of a row::

    sources (files, tables, payloads) -> rows / payloads (normalised in bulk) -> Contact
    policy.decide(contact, people so far) -> Decision -> apply(decision, people) -> History

Deciding is pure: a policy is given a ``Contact`` and ``Lookups`` and returns a ``Decision`` with
new versions of people and the events that tell why, each with the id of the vendor's rule. The
same code will decide about one record in a store or behind a route.

**Adding a policy**

1. Write ``matcher/policies/<vendor>/`` with a function that takes ``profile``, ``default_region``
   and the policy's own options by keyword and returns an object with ``carries``,
   ``keeps_spelling``, ``decide`` and ``possible_duplicates`` (``decisions.Policy``). Name input
   columns beyond the canonical ones in ``carries``: they come as ``contact.fields``.
2. ``decide`` returns exactly one main event (``outcomes.MAIN``) first, then what else happened.
   A ``Person`` is never changed: give a new version in ``saved``, by ``person._replace``; people
   that lose something before those that gain it. A row that is part of no person has a
   ``refusal``. Put keys of your own into ``Person.lookup`` and find them by ``people.by_key``.
3. Name it in ``registry.POLICIES``. Payloads in the vendor's JSON shape: a reader in
   ``payloads.SHAPES``.
4. Give every rule id a line in ``docs/vendor-rules.md`` and a test whose name begins with it:
   ``test_an_22a_…`` for AN-22a, ``test_nb_05_…`` for NB-05, ``test_x8_…`` for X8.
"""

from matcher.policies.replayed import Replay
from matcher.policies.replaying import replay

__all__ = ["Replay", "replay"]
