"""Does a store hold what it should? Every invariant is looked at; nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matcher.errors import StoreError
from matcher.normalise import normalise
from matcher.records import EXTRA_PREFIX, RawRecords
from matcher.store.fingerprints import NamedRecords
from matcher.store.frozen import FrozenModel
from matcher.store.ids import interaction_id
from matcher.store.interactions.keeping import load_contacts
from matcher.store.interactions.linking import differing
from matcher.store.ledger import Ledger
from matcher.store.loading import HANGING, as_read, identifier_rows, take_in
from matcher.store.resolving import resolve
from matcher.store.returning import fingerprints
from matcher.store.rules import RULES
from matcher.store.schema import TABLES, VIEWS
from matcher.store.session import Session
from matcher.store.state import State

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]

#: So many ids are named of each problem.
_NAMED = 20


@dataclass(frozen=True)
class Problem:
    """One rule that is broken.

    Attributes:
        rule: its name: ``tables``, ``damage``, ``one person``, ``history``, ``partition``,
            ``decisions``, ``consent``, ``erasure``, ``numbers``, ``references``, ``identifiers``,
            ``interactions``.
        broken: what is wrong, in words.
        remedy: what to do.
        count: how many are at fault.
        ids: some of them.
    """

    rule: str
    broken: str
    remedy: str
    count: int
    ids: Sequence[str]

    def __str__(self) -> str:
        more = f", and {self.count - len(self.ids):,} more" if self.count > len(self.ids) else ""
        named = f" ({', '.join(self.ids)}{more})" if self.ids else ""
        return f"{self.rule}: {self.broken}{named}; {self.remedy}."


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes:
        problems: rules that are broken; none where all is well.
        records: live ones.
        persons: that have records.
        deep: whether the records were resolved anew and compared.
    """

    problems: Sequence[Problem]
    records: int
    persons: int
    deep: bool

    @property
    def ok(self) -> bool:
        """Whether all is well."""
        return not self.problems

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as ``--json`` prints them."""
        return {"ok": self.ok, **asdict(self)}

    def to_frame(self) -> pd.DataFrame:
        """One row per problem: ``rule, broken, remedy, count, ids``."""
        import pandas as pd

        columns = ["rule", "broken", "remedy", "count", "ids"]
        return pd.DataFrame([asdict(problem) for problem in self.problems], columns=columns)

    def __str__(self) -> str:
        looked = f"{self.records:,} records of {self.persons:,} persons"
        if self.ok:
            return f"all is well: {looked}{', resolved anew' if self.deep else ''}"
        found = [f"{len(self.problems):,} rules are broken; {looked}", *map(str, self.problems)]
        return "\n".join(found)


def check(session: Session, *, deep: bool = False) -> Report:
    """Looks at every invariant; see ``matcher.store.Store.check``."""
    with session.reading() as ledger:
        problems: list[Problem] = []
        counts = (0, 0)
        try:
            problems += _tables(ledger)
            if not problems:
                for problem in _inside(session, ledger, deep):
                    problems.append(problem)  # one by one: those before an error are kept
                counts = ledger.rows(
                    "SELECT count(*), count(DISTINCT person) FROM current_membership"
                )[0]
        except StoreError as error:
            problems.append(Problem("damage", str(error).rstrip("."), "restore a backup", 1, ()))
    return Report(problems, *counts, deep)


def _inside(session: Session, ledger: Ledger, deep: bool) -> Iterator[Problem]:
    """What is wrong in tables that are there."""
    yield from _broken_rules(ledger)
    yield from _came_back(session, ledger)
    if deep:
        yield from _disagreements(session, ledger)


def _problem(rule: str, broken: str, remedy: str, ids: Sequence[str]) -> Iterator[Problem]:
    if len(ids):
        yield Problem(rule, broken, remedy, len(ids), tuple(ids[:_NAMED]))


def _tables(ledger: Ledger) -> Iterator[Problem]:
    """Tables and views are there, as this version makes them."""
    here, expected = _made(ledger), _as_made()
    remedy = "restore a backup, or open the store once for writing with this campaign-matcher"
    wrong = sorted(name for name, made in expected.items() if here.get(name) != made)
    yield from _problem(
        "tables", "tables or views are missing, or not as they were made", remedy, wrong
    )


_MADE = """
SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY column_index)
FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal GROUP BY table_name
UNION ALL
SELECT 'definition of ' || view_name, sql FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal"""


def _made(ledger: Ledger) -> dict[str, str]:
    return dict(ledger.rows(_MADE))


def _as_made() -> dict[str, str]:
    """The same of a new store."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        for statement in (*TABLES.values(), *VIEWS.values()):
            connection.execute(statement)
        return dict(connection.execute(_MADE).fetchall())


def _broken_rules(ledger: Ledger) -> Iterator[Problem]:
    import duckdb

    for rule in RULES:
        try:
            ids = sorted(str(found) for (found,) in ledger.rows(rule.query))
        except duckdb.Error:  # what is there makes no sense; the transaction is lost with it
            raise StoreError(f"it cannot be told whether {rule.broken}") from None
        yield from _problem(rule.name, rule.broken, rule.remedy, ids)


#: Records that came for the first time after somebody was forgotten.
_NEWER = """SELECT * FROM record WHERE record IN (
    SELECT record FROM record GROUP BY record
    HAVING min(run) > (SELECT min(run) FROM current_forgotten)) ORDER BY version"""


def _came_back(session: Session, ledger: Ledger) -> Iterator[Problem]:
    """No record came after somebody was forgotten that is that person's."""
    known = fingerprints(ledger, session.salt)
    held = ledger.table(_NEWER) if known.kept else pa.table({})
    if not held.num_rows:
        return
    records, _ = normalise(
        RawRecords(as_read(held)), default_region=session.region, extra=session.extras, apart=True
    )
    found = known.found(NamedRecords(records, held["name"].to_numpy()), np.arange(held.num_rows))
    first = dict(ledger.rows("SELECT record, min(run) FROM record GROUP BY record"))
    numbers = held["record"].to_pylist()
    ids = {
        held["record_id"][row].as_py()
        for row, (_, runs) in found.items()
        if first[numbers[row]] > min(runs)
    }
    remedy = "forget them again, or take them in with bring_back=True"
    yield from _problem("erasure", "records are of persons who were forgotten", remedy, sorted(ids))


def _disagreements(session: Session, ledger: Ledger) -> Iterator[Problem]:
    """Who is who, and the identifiers, follow from the records."""
    model, state = ledger.model(), State()
    extra = {name.removeprefix(EXTRA_PREFIX): kind for name, kind in model.model.extras.items()}
    state.decisions = ledger.decisions()
    state.make_room(int(ledger.rows("SELECT coalesce(max(record), -1) + 1 FROM membership")[0][0]))
    held = ledger.table("SELECT * FROM current_record ORDER BY version")
    slots = take_in(state, held, session.region, extra)
    if not len(slots):
        return
    population = state.population
    found = resolve(population, model, state.decided(), population.live)
    members = ledger.table("SELECT record, person FROM current_membership")
    state.set_persons(members["record"].to_numpy(), members["person"].to_numpy())
    records = state.records(found.slots)
    wrong = _unlike(found.clusters, state.persons(records))
    yield from _problem(
        "partition",
        "persons are not what their records and decisions say",
        "store.retrain() resolves every record anew; if it stays, tell us",
        [f"P{person}" for person in np.unique(state.persons(records)[wrong]).tolist()],
    )
    hanging = ledger.table(HANGING)
    state.set_components(hanging["record"].to_numpy(), hanging["component"].to_numpy())
    alone = _unlike(found.components, population.components(found.slots))
    yield from _problem(
        "components",
        "which records hang together is not what they and decisions say",
        "store.retrain() resolves every record anew; if it stays, tell us",
        state.record_ids(found.slots[alone]),
    )
    yield from _identifiers(ledger, state, slots)
    yield from _links(ledger, state, model, session.region, extra)


def _links(
    ledger: Ledger, state: State, model: FrozenModel, region: str, extra: Mapping[str, str]
) -> Iterator[Problem]:
    """Whom interactions were with follows from their contacts and the records of persons."""
    wrong = differing(state, load_contacts(ledger, region, extra), model)
    yield from _problem(
        "interactions",
        "links are not what the contacts and the persons say",
        "store.link_interactions() looks at every interaction anew; if it stays, tell us",
        [interaction_id(number) for number in wrong.tolist()],
    )


def _unlike(one: Ints, other: Ints) -> npt.NDArray[np.bool_]:
    """The places whose group in one partition is not a group in the other."""
    both = np.unique(np.stack([one, other]), axis=1)
    twice = [side[1:][side[1:] == side[:-1]] for side in map(np.sort, both)]
    unlike: npt.NDArray[np.bool_] = np.isin(one, twice[0]) | np.isin(other, twice[1])
    return unlike


def _identifiers(ledger: Ledger, state: State, slots: Ints) -> Iterator[Problem]:
    """The emails, phones, addresses and ids of live records are what the records say."""
    made = identifier_rows(state.population.records(slots), state.versions(slots))
    kept = ledger.table(
        "SELECT version, kind, value, place FROM identifier"
        " SEMI JOIN current_version USING (version)"
    )
    said = set(_quads(pa.table(made))) if "kind" in made else set()
    wrong = said ^ set(_quads(kept))
    yield from _problem(
        "identifiers",
        "emails, phones, addresses or ids are not what the records say",
        "restore a backup, or take the records in again",
        sorted({f"version {version}" for version, *_ in wrong}),
    )


def _quads(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    columns = (table[name].to_pylist() for name in ("version", "kind", "value", "place"))
    return zip(*columns, strict=True)
