"""SQL over a result: which two tools know the same people?"""

import tempfile

import duckdb

import matcher
from matcher.demo import write_exports

with tempfile.TemporaryDirectory() as folder:
    clusters = matcher.dedupe(write_exports(folder)).clusters

with duckdb.connect() as connection:
    connection.register("crosswalk", clusters)
    overlap = connection.sql(
        """
        SELECT one.source AS one, other.source AS other, count(DISTINCT cluster_id) AS people
        FROM crosswalk AS one JOIN crosswalk AS other USING (cluster_id)
        WHERE one.source < other.source
        GROUP BY ALL ORDER BY people DESC, one, other
        """
    ).df()

print(overlap.to_string(index=False))
