"""Interactions in, batches of columns out.

``reader`` finds out what it is given; ``blocks`` reads bytes, ``lines`` and ``elements`` make
``items`` of them, one JSON text each; ``gathering`` judges them by the rules of
``matcher.policies.interactions`` and gathers what they say into ``batches``, whom they were with by
``contact_rows`` and when by ``times``. ``tables`` does the same for rows of a table. ``writing``
puts a person into an interaction that leaves again.
"""

from matcher.interactions.batches import InteractionBatch
from matcher.interactions.reader import read_interactions
from matcher.interactions.writing import enriched

__all__ = ["InteractionBatch", "enriched", "read_interactions"]
