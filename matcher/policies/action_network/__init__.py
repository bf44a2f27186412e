"""Action Network: one email and one phone a person; the email is the key, the phone the second.

``asking`` settles what of a contact counts, ``deciding`` whom it concerns, ``layering`` what the
person is afterwards, ``statuses`` what holds of each address; ``settings`` are the profile and the
options. Rules are cited by their ids: ``AN-22a`` and so on; see ``docs/vendor-rules.md``.
"""

from matcher.policies.action_network.deciding import ActionNetwork, action_network

__all__ = ["ActionNetwork", "action_network"]
