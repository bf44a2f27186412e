from __future__ import annotations

import numpy as np
import pytest

from benchmarks.ceiling import ceiling_f1


def test_what_no_key_proposed_is_lost_unless_a_chain_finds_it() -> None:
    person = np.array([0, 0, 0, 1, 1, 2])
    left, right = np.array([0, 1, 2]), np.array([1, 2, 5])
    # 0-1-2 hang together although 0-2 was not proposed; 3-4 never met; 2-5 is judged right.
    assert ceiling_f1(person, left, right) == pytest.approx(2 * 3 / (3 + 4))


def test_all_true_pairs_compared_give_a_ceiling_of_one() -> None:
    assert ceiling_f1(np.array([0, 0]), np.array([0]), np.array([1])) == 1.0
    assert ceiling_f1(np.array([0, 1]), np.array([0]), np.array([1])) == 1.0
