"""NationBuilder: nine ids and an email find a person; nothing else does.

============  =====================================================================
``asking``    what a contact asks to be written, under NationBuilder's names
``emails``    the four email slots: which is written, which is primary, which is best
``finding``   whom a contact concerns: create, update, push, import, match
``layering``  what the person is afterwards
``flags``     what may be sent to a person, and when a permission is lifted
``suggesting``  who may be whose duplicate
``deciding``  the policy itself
============  =====================================================================

Rules are cited by their ids: ``NB-05`` and so on; see ``docs/vendor-rules.md``.
"""

from matcher.policies.nationbuilder.deciding import NationBuilder, nationbuilder

__all__ = ["NationBuilder", "nationbuilder"]
