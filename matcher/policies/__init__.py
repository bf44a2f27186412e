"""Vendors' rules about identity, each as a state machine over the people that the vendor holds.

``replay`` applies a policy to rows in order. The way of a row::

    sources (files, tables, payloads) -> rows / payloads (normalised in bulk) -> Contact
    policy.decide(contact, people so far) -> Decision -> apply(decision, people) -> History

Deciding is pure: a policy is given a ``Contact`` and ``Lookups`` and returns a ``Decision`` with
new versions of people and the events that tell why, each with the id of the vendor's rule. The
same code will decide about one record in a store or behind a route.

``compare_policies`` puts several replays beside our own resolution: ``sides`` and ``own_side``
reduce each to the person of every row, ``partitions`` finds where they differ.

**Adding a policy**

1. Write ``matcher/policies/<vendor>/`` with a function that takes ``profile``, ``default_region``
   and the policy's own options by keyword and returns an object with ``carries``, ``shape``,
   ``keeps_spelling``, ``decide`` and ``possible_duplicates``: see ``decisions.Policy``. Columns
   beyond the canonical ones that the rules read are named in ``carries``; they come as
   ``contact.fields``. Name the function in ``registry.POLICIES`` and the package in
   ``pyproject.toml``.
2. ``decide`` returns exactly one main event (``outcomes.MAIN``) first, then what else happened.
   It changes nothing: a new version of a person is made with ``person._replace`` and goes into
   ``saved``, those who lose something before those who gain it. A row that is part of nobody has
   a ``refusal``. Keys of the policy's own go into ``Person.lookup`` and are found by
   ``people.by_key``. Normalised names, birth date and address are in ``contact.keys``.
3. Payloads in the vendor's JSON shape: a ``shapes.Shape``, named in ``shapes.SHAPES``, that reads
   an object through ``fields.Fields`` into a raw ``Contact``, as ``osdi`` does. Values that cannot
   be used become faults with their path and rule; the rest of the payload goes on.
4. Give every rule id a line in ``docs/vendor-rules.md`` and a test whose name begins with it:
   ``test_an_22a_…`` for AN-22a, ``test_nb_05_…`` for NB-05, ``test_x8_…`` for X8.
"""

from matcher.policies.compared_policies import PolicyComparison
from matcher.policies.comparing import compare_policies
from matcher.policies.replayed import Replay
from matcher.policies.replaying import replay

__all__ = ["PolicyComparison", "Replay", "compare_policies", "replay"]
