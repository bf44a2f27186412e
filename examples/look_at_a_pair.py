"""The pair whose answer would teach most: its evidence, and the people it may or may not be."""

import tempfile

import matcher
from matcher.demo import write_exports

with tempfile.TemporaryDirectory() as folder:
    result = matcher.dedupe(write_exports(folder))

pair = result.review.iloc[0]
explanation = result.explain(pair["record_id_left"], pair["record_id_right"])
print(explanation)

strongest = max(explanation.reasons, key=lambda reason: abs(reason.weight))
print(f"\nWhat says most: {strongest.comparison} ({strongest.level}, {strongest.weight:+.1f} bits)")
