"""One record of each cluster for one field: by the field's own rule, or by one that a user set."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matcher.golden_rules import MOST_COMPLETE, MOST_FREQUENT, TRUSTED, GoldenRule
from matcher.grouping import Bools, Groups, Ints, shared
from matcher.records import Codes, Column

#: A score per place of ``Groups.several``, made where it is needed.
Score = Callable[[], Ints]


class Choice:
    """Chooses among the records of each cluster.

    Args:
        groups: the records by cluster.
        rules: field -> the rule that a user set for it.
        sources: gives the source of each record.
    """

    def __init__(
        self, groups: Groups, rules: Mapping[str, GoldenRule], sources: Callable[[], Column]
    ) -> None:
        self._groups = groups
        self._rules = rules
        self._sources = sources

    def best(self, field: str, usable: Bools, codes: Codes, own: Score, complete: Score) -> Ints:
        """The record of each cluster that tells a field, -1 for none.

        Args:
            field: its name.
            usable: which records tell it.
            codes: per record, equal for equal values, below 0 where they cannot be compared.
            own: the score of the field's own rule.
            complete: how much each value says.
        """
        rule, groups = self._rules.get(field), self._groups
        if rule is None:
            return groups.best(usable, own())
        if rule.kind == TRUSTED:
            return groups.best(self._most_trusted(usable, rule.sources), own())
        if rule.kind == MOST_COMPLETE:
            return groups.best(usable, complete())
        score = np.zeros(len(groups.several.places), np.int64)
        if rule.kind == MOST_FREQUENT:
            known = codes[groups.rows[groups.several.places]] >= 0
            score = np.where(known, groups.frequency(codes), score)
        return groups.best(usable, score)

    def preference(self, field: str) -> Callable[[Ints, Codes, Ints], Ints] | None:
        """What ranks the values of a cluster before how recent they are: see ``Groups.gather``."""
        rule = self._rules.get(field)
        if rule is None or rule.kind not in (TRUSTED, MOST_FREQUENT):
            return None
        if rule.kind == MOST_FREQUENT:
            return lambda owner, codes, _rows: shared(owner, codes)
        trust = self._trust(rule.sources)
        return lambda _owner, _codes, rows: trust[rows]

    def _most_trusted(self, usable: Bools, sources: Sequence[str]) -> Bools:
        """The usable records of the source that is trusted most among those of their cluster."""
        trust, groups = self._trust(sources), self._groups
        best = groups.best(usable, trust[groups.rows[groups.several.places]])
        wanted = np.repeat(np.where(best >= 0, trust[best], -1), groups.sizes)
        trusted = np.zeros(len(usable), np.bool_)
        trusted[groups.rows] = trust[groups.rows] == wanted
        return usable & trusted

    def _trust(self, sources: Sequence[str]) -> Ints:
        """How much the source of each record is trusted, 0 for one that is not named."""
        column = self._sources()
        places = pc.index_in(column.values, value_set=pa.array(sources, pa.string()))
        trust = len(sources) - places.fill_null(len(sources)).to_numpy(zero_copy_only=False)
        by_record: Ints = trust.astype(np.int64)[column.codes]
        return by_record
