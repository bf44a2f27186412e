"""Interactions: texts, calls and visits with people whom a campaign may not know yet.

``validation`` says what is wrong with one interaction, ``shape`` reads it as a contact and
``deciding`` lists it. Nothing is deduplicated here: whom an interaction was with is another
question than whether it is well formed. Rules are cited by their ids, ``IX-02`` and so on; see
``docs/vendor-rules.md``.
"""

from matcher.policies.interactions.deciding import Interactions, interactions
from matcher.policies.interactions.validation import Problem, person_ids, validate

__all__ = ["Interactions", "Problem", "interactions", "person_ids", "validate"]
