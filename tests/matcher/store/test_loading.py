"""What a file says as a whole is kept with its records, and holds when they are read back."""

from __future__ import annotations

from pathlib import Path

from matcher.store import Store

_NAMES = (
    "Chez Panisse", "Golden Dragon", "Little Italy Restaurant", "Villa Roma", "Katz Deli",
    "Blue Moon Cafe", "Union Square Grill", "Tres Hermanas", "Nonna Rosa Pizzeria", "Pho Saigon",
    "Harbor Seafood", "Old Mill Diner", "Bombay Palace", "Le Petit Bistro", "Smoky Joe",
    "Cedar Steakhouse", "El Farolito", "Sunrise Bakery", "Jade Garden", "Corner Pizza",
    "Hilltop Catering", "Marios", "Riverside Hotel", "Tandoor House", "Oyster Bar Grill",
)  # fmt: skip
_DINERS = [
    {"name": name, "phone": f"212-34{n % 7}-{1100 + 37 * n:04d}", "zip": f"{10001 + n}"}
    for n, name in enumerate(_NAMES)
]
_PEOPLE = [
    {"full_name": f"{first} {last}", "phone": f"646-34{n % 7}-{2100 + 41 * n:04d}", "zip": "10002"}
    for n, (first, last) in enumerate(
        (first, last) for first in ("Ana", "Ben", "Cleo") for last in ("Okafor", "Reyes", "Lund")
    )
]


def organisations(store: Store) -> set[str]:
    people = store.people()
    return set(people.person_id[people.entity_type == "organization"])


def test_a_list_of_organisations_stays_one(tmp_path: Path) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        store.ingest(_DINERS)
        store.ingest(_PEOPLE)
        before = organisations(store)
        assert len(before) == len(_DINERS)
    with Store(tmp_path / "s.duckdb") as store:
        assert organisations(store) == before
        again = store.ingest([_DINERS[0]])
        assert (again.records_new, again.records_same) == (0, 1)
        assert store.check(deep=True).ok


def test_people_are_not_taken_for_organisations_because_of_another_list(tmp_path: Path) -> None:
    with Store(tmp_path / "s.duckdb") as store:
        for row in [*_DINERS, *_PEOPLE]:  # one by one: nobody knows that it is a list
            store.ingest([row])
        before = organisations(store)
        assert 0 < len(before) < len(_DINERS)
    with Store(tmp_path / "s.duckdb") as store:
        assert store.check(deep=True).ok
        assert organisations(store) == before


def test_what_is_read_back_is_what_was_in_memory(tmp_path: Path) -> None:
    first = [
        {"record_id": str(n), "name": f"Ana Okafor{n}", "email": f"a{n}@example.org"}
        for n in range(6)
    ]
    with Store(tmp_path / "s.duckdb") as store:
        store.ingest(first)
        store.ingest([{"record_id": "2", "name": "Ana Okafor2", "phone": "646-340-2100"}])
        last = store.ingest([{"record_id": "9", "name": "Ben Reyes", "zip": "10002"}])
        store.undo(f"R{last.run}", by="maria")
        before = store.people()
    with Store(tmp_path / "s.duckdb") as store:
        assert store.people().equals(before)
        again = store.ingest(
            [*first, {"record_id": "9", "name": "Ben Reyes", "zip": "10002", "city": "New York"}]
        )
        assert (again.records_new, again.records_changed, again.records_same) == (0, 2, 5)
        assert store.check(deep=True).ok
