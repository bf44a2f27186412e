"""Files and tables in, records under canonical names out.

``reader`` shows the way of an input on one screen: ``inputs`` and ``files`` find out what it is,
``delimited``, ``jsons`` and ``tables`` read it into a ``Sheet``; ``layout`` decides what its
columns are for, by ``choices``, ``vendors`` and ``headers``; ``canonical`` cleans the cells
(``cells``) and settles addresses, repeated values and words for nothing; ``folding``, ``van_ids``
and ``identity`` make records of the rows. ``apart`` reads records that have nothing to do with each
other.
"""

from matcher.reading.apart import Columns, read_apart
from matcher.reading.reader import read, read_once

__all__ = ["Columns", "read", "read_apart", "read_once"]
