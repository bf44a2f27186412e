"""A store learns its model anew from what it holds: asked for, shown before, ids kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from blocking import find_candidates
from blocking.pairs import unpack
from matcher.model import Model
from matcher.nicknames import formal_names
from matcher.pipeline import Scale, count_values, fit_scale
from matcher.records import EXTRA_PREFIX
from matcher.sampling import random_pairs
from matcher.stages import Stages
from matcher.store.changes import Changes
from matcher.store.frozen import STORE_KEYS, FrozenModel
from matcher.store.interactions.following import link_all
from matcher.store.regrouping import Happened
from matcher.store.saving import changes_of, save
from matcher.store.session import Session
from scoring import Comparer, Universe
from scoring.supervision import Labelled, learn_from_labels

Ints = npt.NDArray[np.int64]


def retrain(
    session: Session, stages: Stages, *, dry_run: bool, by: str | None, note: str | None
) -> Changes:
    """Learns a new version of the model and resolves everything by it.

    Args:
        session: of the store.
        stages: tells of the progress.
        dry_run: only says what would change.
        by: who asks for it.
        note: what to remember of it.
    """
    with session.writing():
        with stages.stage("open"):
            live = session.state.population.live
        with stages.stage("learn"):
            learnt = _learn(session, live)
        return adopt(session, learnt, stages, dry_run=dry_run, by=by, note=note)


def adopt(
    session: Session,
    model: FrozenModel,
    stages: Stages,
    *,
    dry_run: bool = False,
    by: str | None = None,
    note: str | None = None,
) -> Changes:
    """Resolves everything by another version of the model; to be called inside ``writing``."""
    before, session.model = session.kept, model
    records = session.state.records(session.state.population.live)
    with stages.stage("resolve"):
        regrouped = session.regroup(Happened(touched=records))
    run = session.run("retrain", by, note, records=len(records))
    if dry_run:
        session.restore(before)
        return changes_of(session, 0, regrouped, np.zeros(0, np.int64))
    with stages.stage("save"), session.ledger.transaction():
        number = session.ledger.add_run(run)
        session.ledger.add_model(model, number)
        followed = save(session, regrouped, number)
        followed += link_all(session, number)
    return changes_of(session, number, regrouped, np.zeros(0, np.int64), followed=followed)


def _learn(session: Session, live: Ints) -> FrozenModel:
    extras = {EXTRA_PREFIX + name: kind for name, kind in session.extras.items()}
    return FrozenModel.learnt(session.kept.model.version + 1, _scale(session, live, extras), extras)


def _scale(session: Session, live: Ints, extras: dict[str, str]) -> Scale:
    """The model that fits the live records, by the estimation of a batch."""
    population = session.state.population
    records, order = population.records(live), population.order(live)
    start = Model.shipped().with_extras(extras)
    comparer = Comparer(records, start.weights, formal_names(), start.extras)
    pairs = find_candidates(records, order, fixed=STORE_KEYS)
    evidence = comparer.compare(pairs.left, pairs.right)
    drawn = comparer.compare(*random_pairs(order))
    universe = Universe.within(len(live))
    counted = count_values(comparer, universe)
    learnt = fit_scale(comparer, evidence, drawn, counted, universe)
    return _refined(session, learnt, live)


def _refined(session: Session, scale: Scale, live: Ints) -> Scale:
    """The same, moved by what people decided of pairs of these records."""
    decided = session.state.decided()
    packed = np.concatenate([decided.same, decided.different])
    if not len(packed):
        return scale
    left, right = (np.searchsorted(live, side) for side in unpack(packed))
    evidence = scale.comparer.compare(left, right)
    weighed = scale.weigh(evidence)
    same = np.arange(len(packed)) < len(decided.same)
    levels = evidence.levels
    judged = Labelled(levels, weighed.probability, weighed.household_probability, same)
    return replace(scale, weights=learn_from_labels(scale.weights, judged))
