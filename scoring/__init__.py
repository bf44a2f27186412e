"""How alike two records are: columns in, levels, weights, probabilities and reasons out. Pure."""

from scoring.compare import NAMES_IN_USE, Comparer
from scoring.contact_model import CONTACT_MODEL, EXTRA_KINDS, extra_comparison
from scoring.estimation import Learning, Patterns, count_patterns, estimate
from scoring.evidence import Evidence
from scoring.frequency import Frequencies, Rarities, RarityOf, holders_by_chance
from scoring.levels import MISSING, Comparison, Fit, Frequency, Level, Rates, Weights
from scoring.one_to_one import settle, stands_once
from scoring.weighing import (
    LIKELY,
    Universe,
    Weighed,
    contradiction,
    odds_and_households,
    odds_to_probability,
    probability_of,
    steps,
    weigh,
)

__all__ = [
    "CONTACT_MODEL",
    "EXTRA_KINDS",
    "LIKELY",
    "MISSING",
    "NAMES_IN_USE",
    "Comparer",
    "Comparison",
    "Evidence",
    "Fit",
    "Frequencies",
    "Frequency",
    "Learning",
    "Level",
    "Patterns",
    "Rarities",
    "RarityOf",
    "Rates",
    "Universe",
    "Weighed",
    "Weights",
    "contradiction",
    "count_patterns",
    "estimate",
    "extra_comparison",
    "holders_by_chance",
    "odds_and_households",
    "odds_to_probability",
    "probability_of",
    "settle",
    "stands_once",
    "steps",
    "weigh",
]
