"""Linking two sets in which a person stands once on each side.

A record then has one partner or none, so its candidates compete, and in sets that overlap almost
wholly the mere absence of a better candidate speaks for the one that is there. The odds of a pair
become its own evidence against "no partner at all" and against every other partner of either
record (in the spirit of the one-to-one constraint of Jaro 1989, but as a probability).
"""

from __future__ import annotations

import numpy as np

from scoring.columns import Bools
from scoring.texts import AnyCodes as Rows
from scoring.weighing import Weighed

#: One-to-one holds where at most this share of the matched records has several partners.
_MOST_WITH_SEVERAL = 0.02

#: However large the overlap, this share of records is taken to have no partner.
_LEAST_WITHOUT = 0.01


def stands_once(weighed: Weighed, left: Rows, right: Rows, count: int) -> bool:
    """Whether hardly any record has several likely partners.

    Args:
        weighed: evidence of the candidate pairs.
        left: record indices.
        right: record indices of the other side.
        count: records in all.
    """
    likely = weighed.probability > 0.5
    partners = np.bincount(left[likely], minlength=count)
    partners += np.bincount(right[likely], minlength=count)
    matched = int((partners > 0).sum())
    return matched > 0 and int((partners > 1).sum()) <= _MOST_WITH_SEVERAL * matched


def settle(weighed: Weighed, left: Rows, right: Rows, right_side: Bools) -> Weighed:
    """Probabilities of pairs when each record has at most one partner.

    Args:
        weighed: evidence of the candidate pairs, each pair by itself.
        left: record indices.
        right: record indices of the other side.
        right_side: bool per record, True for those of the second set.
    """
    alone = weighed.probability
    odds = np.exp2(np.clip(weighed.log_odds, -60.0, 60.0))
    factor = np.ones(len(odds))
    for side in (False, True):
        swapped = right_side[left] == side
        records = np.where(swapped, left, right)
        all_odds = np.bincount(records, odds, len(right_side))
        share = np.bincount(records, alone, len(right_side))[right_side == side]
        without = max(1.0 - float(np.minimum(share, 1.0).mean()), _LEAST_WITHOUT)
        factor *= without + np.maximum(all_odds[records] - odds, 0.0)
    settled = weighed._replace(log_odds=weighed.log_odds - 0.5 * np.log2(factor))
    rest = np.maximum(1.0 - alone, 1e-300)
    household = weighed.household_probability * (1.0 - settled.probability) / rest
    return settled._replace(household_probability=np.minimum(household, 1.0))
