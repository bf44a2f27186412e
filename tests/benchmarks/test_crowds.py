from __future__ import annotations

from benchmarks import crowds


def test_every_crowd_is_replayed_at_every_size() -> None:
    found = list(crowds.crowds(["nationbuilder"], [4, 2]))
    assert [each.shared for each in found] == [*crowds.CROWDS, *crowds.CROWDS]
    assert {tuple(each.seconds) for each in found} == {(2, 4)}


def test_growth_is_told_by_doubling() -> None:
    crowd = crowds.Crowd("van", "native", "email", {1_000: 1.0, 2_000: 2.5, 4_000: 9.0})
    assert crowd.growth == 3.0
    assert crowds.table([crowd]).row_count == 1
