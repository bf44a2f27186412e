"""Splink, tuned for speed, on the product's own CSV file: the time that its users would wait.

It does the whole work itself: reads, normalises in SQL, trains on small samples, predicts and
clusters; its files are written when the time is taken. Levels that are slow in DuckDB
(Damerau–Levenshtein, its own email comparison) are left out. Run with a folder that holds
``contacts.csv``, and a folder for ``said.json`` (version, pairs, clusters, and the seconds of each
stage) and ``clusters.parquet``.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

#: Pairs above this are one person; its documentation's usual choice.
_THRESHOLD = 0.95
_PAIRS_OF_U = 1_000_000
_PAIRS_OF_EM = 200_000
_SEED = 1

_KEYS = (
    ("email",),
    ("phone",),
    ("last_name", "postal_code"),
    ("address", "postal_code"),
    ("first_name", "last_name"),
    ("birth_date", "last_name"),
    ("birth_date", "first_name"),
)
_TRAINED_ON = (("first_name", "last_name"), ("first_name", "postal_code"))

#: A careful user's cleaning, without what only a library of ours knows.
_NORMALISED = r"""
create table contacts as
select
    record_id as id,
    nullif(regexp_replace(strip_accents(lower(first_name)), '[^a-z ]', '', 'g'), '') as first_name,
    nullif(regexp_replace(strip_accents(lower(last_name)), '[^a-z]', '', 'g'), '') as last_name,
    case when mailbox not in ('none@none.com', 'test@test.com', 'na@na.com', '')
        then mailbox end as email,
    case when length(digits) >= 10 and right(digits, 7) <> '5555555'
        then right(digits, 10) end as phone,
    nullif(trim(regexp_replace(regexp_replace(lower(concat_ws(' ', address_line1, address_line2)),
        '[^a-z0-9 ]', '', 'g'),
        '\b(street|st|avenue|ave|road|rd|drive|dr|lane|ln|court|ct|boulevard|blvd|place|pl)\b', '',
        'g')), '') as address,
    lower(trim(city)) as city,
    lpad(regexp_extract(postal_code, '^\d+'), 5, '0') as postal_code,
    strftime(coalesce(try_strptime(birth_date, '%Y-%m-%d'), try_strptime(birth_date, '%m/%d/%Y')),
        '%Y-%m-%d') as birth_date
from (
    select *, lower(trim(email)) as mailbox, regexp_replace(phone, '\D', '', 'g') as digits
    from read_csv(?, all_varchar = true)
)
"""


def main() -> None:
    """Does the work and says how long each stage took."""
    run(_comparisons(), _train)


def run(compared: list[Any], train: Callable[[Any], None]) -> None:
    """The whole work with some comparisons, trained in some way."""
    logging.disable(logging.WARNING)
    folder, answers = (Path(given) for given in sys.argv[1:3])
    seconds: dict[str, float] = {}
    with _timed("read and normalise", seconds):
        connection = duckdb.connect()
        connection.execute(_NORMALISED, [str(folder / "contacts.csv")])
    with _timed("train", seconds):
        database = DuckDBAPI(connection)
        linker = Linker(database.register("contacts"), _settings(compared))
        train(linker)
    with _timed("predict", seconds):
        found = linker.inference.predict(threshold_match_probability=_THRESHOLD)
    with _timed("cluster", seconds):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            found, threshold_match_probability=_THRESHOLD
        )
    counted = database.query_sql(
        f"select (select count(*) from {found.physical_name}) as pairs, "
        f"(select count(distinct cluster_id) from {clusters.physical_name}) as clusters"
    ).as_pandas_dataframe()
    said = {
        "version": version("splink"),
        "matching_pairs": int(counted["pairs"].iloc[0]),
        "clusters": int(counted["clusters"].iloc[0]),
        "stages": seconds,
    }
    connection.execute(
        f"copy (select id as record_id, cluster_id from {clusters.physical_name})"
        f" to '{answers / 'clusters.parquet'}'"
    )
    (answers / "said.json").write_text(json.dumps(said), encoding="utf-8")


@contextmanager
def _timed(stage: str, seconds: dict[str, float]) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[stage] = round(time.perf_counter() - began, 3)


def _settings(compared: list[Any]) -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=compared,
        blocking_rules_to_generate_predictions=[block_on(*key) for key in _KEYS],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        max_iterations=10,
    )


def _comparisons() -> list[Any]:
    rare: dict[str, Any] = {
        "first_name": comparisons.JaroWinklerAtThresholds("first_name", [0.92, 0.8]),
        "last_name": comparisons.JaroWinklerAtThresholds("last_name", [0.92, 0.8]),
        "email": comparisons.JaroWinklerAtThresholds("email", [0.93]),
        "phone": comparisons.ExactMatch("phone"),
    }
    location = comparisons.CustomComparison(
        [
            levels.NullLevel("address"),
            levels.ExactMatchLevel("address", term_frequency_adjustments=True),
            levels.JaroWinklerLevel("address", 0.92),
            levels.ExactMatchLevel("postal_code"),
            levels.ExactMatchLevel("city"),
            levels.ElseLevel(),
        ],
        output_column_name="location",
    )
    named = [each.configure(term_frequency_adjustments=True) for each in rare.values()]
    return [*named, location, comparisons.LevenshteinAtThresholds("birth_date", [1])]


def _train(linker: Any) -> None:
    certain = [block_on("email", "first_name"), block_on("phone", "first_name")]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS_OF_U, seed=_SEED)
    for rule in _TRAINED_ON:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), max_pairs=_PAIRS_OF_EM
        )


if __name__ == "__main__":
    main()
