"""The VAN id of everyone on a sign-up sheet who is in the voter file."""

import tempfile
from pathlib import Path

import matcher
from matcher.demo import write_exports

with tempfile.TemporaryDirectory() as folder:
    exports = {Path(path).stem: path for path in write_exports(folder)}
    linked = matcher.link(exports["signup_sheet"], exports["van_my_voters"])

clusters = linked.clusters
voters = clusters[clusters["source"] == "van"].drop_duplicates("cluster_id")
signups = clusters[clusters["source"] == "signup_sheet"]
found = signups.merge(voters, on="cluster_id", suffixes=("_signup", "_voter"))

print(f"{len(found)} of {len(signups)} sign-ups are in the voter file")
print(found[["record_id_signup", "record_id_voter"]].head(5).to_string(index=False))
