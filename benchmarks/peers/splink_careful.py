"""Splink with the comparisons and the training of ``splink``, on the product's own CSV file.

Reads, normalises, predicts and clusters as ``splink_fast`` does, and is run like it; but it learns
from more pairs, on four sides, and compares in more levels.
"""

from __future__ import annotations

from benchmarks.peers import splink, splink_fast

_COLUMNS = {
    "first_name", "last_name", "email", "phone", "birth_date", "address", "postal_code", "city",
}  # fmt: skip

if __name__ == "__main__":
    splink_fast.run(splink.comparisons_of(_COLUMNS), lambda linker: splink.train(linker, _COLUMNS))
