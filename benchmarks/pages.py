"""Writes the tables of docs/accuracy.md and docs/performance.md from the frozen results.

``python -m benchmarks.pages``
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import results

_DOCS = Path(__file__).parents[1] / "docs"
PAGES = (_DOCS / "accuracy.md", _DOCS / "performance.md")

_PEERS = ("splink", "recordlinkage", "goldenmatch", "dedupe")

#: Changes of F1 up to this are not shown.
_NOISE = 0.001


def main() -> None:
    """Rewrites the pages."""
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"wrote {page}")


def filled(text: str) -> str:
    """A page with the tables of the frozen results between their markers."""
    for name, made in _TABLES.items():
        frozen = results.frozen(name)
        body = "\n".join(made(frozen)) + "\n" if frozen else ""
        opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, marked, rest = text.partition(opening)
        if marked:
            text = before + marked + body + closing + rest.partition(closing)[2]
    return text


def _quality(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("set", "precision", "recall", "F1", "ceiling", "B-cubed F1", "exact",
                     "mixed", "expected", "off")  # fmt: skip
    for name, row in frozen.items():
        yield _row(
            name,
            *(f"{row[share]:.3f}" for share in ("precision", "recall", "f1")),
            f"{row['ceiling_f1']:.3f}" if "ceiling_f1" in row else "",
            f"{row['bcubed_f1']:.3f}",
            f"{row['exact_share']:.1%}",
            f"{row['false_merge_clusters']:,}",
            f"{row['expected_precision']:.3f}, {row['expected_recall']:.3f}"
            if "expected_precision" in row
            else "",
            f"{row['calibration_error']:.3f}" if "calibration_error" in row else "",
        )


def _peers(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("set", "ours", *_PEERS)
    for name, row in frozen.items():
        ours = row["matcher"]["own"]["f1"]
        own = [(row.get(peer, {}).get("own") or {}).get("f1") for peer in _PEERS]
        reached = [(row.get(peer, {}).get("best") or {}).get("f1", 0.0) for peer in _PEERS]
        top = max(ours, *reached)
        cells = [_peer_cell(row.get(peer), f1, top) for peer, f1 in zip(_PEERS, own, strict=True)]
        yield _row(name, _bold(f"{ours:.3f}", ours == top), *cells)


def _peer_cell(row: Mapping[str, Any] | None, own: float | None, top: float) -> str:
    if row is None:
        return ""
    if "best" not in row:
        return next(f"{how} {why}" if how == "unfinished" else how for how, why in row.items())
    best = row["best"]["f1"]
    stated = "-" if own is None else f"{own:.3f}"
    return f"{stated} ({_bold(f'{best:.3f}', best == top)})"


def _bold(text: str, wanted: bool) -> str:
    return f"**{text}**" if wanted else text


def _ablation(frozen: Mapping[str, Any]) -> Iterator[str]:
    whole = frozen["everything"]
    yield from _head("without", *whole, "pairs compared")
    yield _row("(F1 with everything)", *(f"{f1:.3f}" for f1 in whole.values()), "")
    idle = []
    for part, row in frozen.items():
        changes = {name: row[name] for name in whole}
        if part == "everything":
            continue
        if all(abs(change) <= _NOISE for change in changes.values()):
            idle.append(part)
            continue
        cells = (f"{each:+.3f}" if abs(each) > _NOISE else "" for each in changes.values())
        yield _row(part, *cells, f"{row['pairs']:+.0%}" if abs(row["pairs"]) >= 0.005 else "")
    yield ""
    yield f"Left out alone, none of these changes any set by more than {_NOISE}: {', '.join(idle)}."


def _labels(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("set", "F1", "50 answers", "200 answers")
    for name, row in frozen.items():
        yield _row(name, f"{row['f1']:.3f}", f"{row['50']:+.4f}", f"{row['200']:+.4f}")


def _names(frozen: Mapping[str, Any]) -> Iterator[str]:
    groups = list(next(iter(frozen.values())))
    yield from _head("F1", *groups)
    for judge, row in frozen.items():
        yield _row(judge, *(f"{row[group]['f1']:.3f}" for group in groups))


def _speed(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head(
        "records", "seconds", "CPU seconds", "peak MB", "Splink, seconds", "times ours"
    )
    for rows, row in _by_size(frozen):
        theirs = row["splink"]["seconds"] if "splink" in row else None
        yield _row(
            f"{rows:,}",
            f"{row['seconds']:.2f}",
            f"{row['cpu_seconds']:.2f}",
            f"{row['peak_mb']:,}",
            *(("", "") if theirs is None else (f"{theirs:.1f}", f"{theirs / row['seconds']:.1f}")),
        )


def _growth(frozen: Mapping[str, Any]) -> Iterator[str]:
    runs = dict(_by_size(frozen))
    yield from _head("seconds (peak MB until then)", *(f"{rows:,}" for rows in runs))
    stages = dict.fromkeys(stage for run in runs.values() for stage in run["stages"])
    for stage in stages:
        yield _row(
            stage,
            *(
                f"{run['stages'][stage]:.2f} ({run['stage_peak_mb'][stage]:,})"
                if stage in run["stages"]
                else ""
                for run in runs.values()
            ),
        )
    outside = (run["seconds"] - sum(run["stages"].values()) for run in runs.values())
    yield _row("start, summary and end", *(f"{seconds:.2f}" for seconds in outside))
    whole = (f"{run['seconds']:.2f} ({run['peak_mb']:,})" for run in runs.values())
    yield _row("whole process", *whole)


def _floor(frozen: Mapping[str, Any]) -> Iterator[str]:
    rows, stages = list(_by_size(frozen))[-1]
    yield from _head(f"{rows:,} records", "seconds", "floor", "times", "the floor is")
    for stage, found in stages.items():
        yield _row(stage, *_times(found["seconds"], found["floor"]), found["what"])
    seconds, floor = (
        sum(found[each] for found in stages.values()) for each in ("seconds", "floor")
    )
    yield _row("all", *_times(seconds, floor), "")


def _times(seconds: float, floor: float) -> Sequence[str]:
    return f"{seconds:.2f}", f"{floor:.2f}", f"{seconds / floor:.1f}" if floor else ""


def _by_size(frozen: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
    """Results whose names are numbers of records, the smallest first."""
    for rows in sorted(map(int, frozen)):
        yield rows, frozen[str(rows)]


def _head(*cells: str) -> Sequence[str]:
    return _row(*cells), "|" + "---|" * len(cells)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cells) + " |"


_TABLES = {
    "quality": _quality,
    "peers": _peers,
    "ablation": _ablation,
    "labels": _labels,
    "names": _names,
    "speed": _speed,
    "growth": _growth,
    "floor": _floor,
}

if __name__ == "__main__":
    main()
