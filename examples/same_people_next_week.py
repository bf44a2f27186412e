"""Two weeks of exports into one store: who is new, who changed, and who may be written to."""

import tempfile
from pathlib import Path

import matcher
from matcher.demo import write_exports

with tempfile.TemporaryDirectory() as folder:
    exports = {path.stem: path for path in write_exports(folder)}
    activists = exports["action_network_report"]

    with matcher.open(Path(folder) / "identity.duckdb") as store:
        first = store.ingest(list(exports.values()), by="weekly script")
        print(f"last week: {first.records_new} records, {len(first.created)} people")

        # This week the same export comes again, and somebody has unsubscribed in it.
        text = activists.read_text(encoding="utf-8")
        activists.write_text(text.replace(",subscribed", ",unsubscribed", 1), encoding="utf-8")
        before = set(store.contactable("email")["address"])
        second = store.ingest(activists, by="weekly script")
        print(f"this week: {second.records_changed} changed, {second.records_same} as before")

        (person,) = second.updated
        print(f"{person} now: {len(store.person(person).records)} records")
        after = set(store.contactable("email")["address"])
        print(f"may not be written to any more: {', '.join(sorted(before - after))}")
        assert store.check().ok
