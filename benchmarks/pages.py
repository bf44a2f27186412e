"""Writes the tables of the pages from the frozen results: ``python -m benchmarks.pages``.

The pages are docs/accuracy.md, docs/performance.md and peers/README.md beside this file. Lists of
several seeds are one row there: their mean, and ± half the way from the lowest to the highest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import results
from benchmarks.calibration import FEWEST_PLOTTED, Bin, calibration_error
from benchmarks.speed import CALLED

_BENCHMARKS = Path(__file__).parent
_DOCS = _BENCHMARKS.parent / "docs"
PAGES = (_DOCS / "accuracy.md", _DOCS / "performance.md", _BENCHMARKS / "peers" / "README.md")

#: Sets of one kind of data stand together; others come after them.
_ORDER = (
    "generated-10k", "generated-100k", "generated-1m", "contacts", "crm", "kyc", "fake_1000",
    "febrl3", "febrl3-number", "febrl4", "febrl4-number", "historical", "register", "organisations",
)  # fmt: skip

_PEERS = ("splink", "recordlinkage", "goldenmatch", "dedupe")

_SHARES = ("precision", "recall")

#: From here on three digits would make equals of those who are not.
_NEAR_ONE = 0.99

#: Edges of the bands of probability in which it is held against the truth.
_BANDS = (0.05, 0.5, 0.9, 0.99, 1.0)

#: Changes of F1 up to this are not shown.
_NOISE = 0.001


def main() -> None:
    """Rewrites the pages."""
    for page in PAGES:
        page.write_text(filled(page.read_text(encoding="utf-8")), encoding="utf-8")
        print(f"wrote {page}")


def filled(text: str) -> str:
    """A page with the tables of the frozen results between their markers."""
    for name, (file, made) in _TABLES.items():
        opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, marked, rest = text.partition(opening)
        if marked:
            frozen = results.frozen(file)
            body = "\n".join(made(frozen)) + "\n" if frozen else ""
            text = before + marked + body + closing + rest.partition(closing)[2]
    return text


def _quality(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("set", "precision", "recall", "F1", "ceiling", "B-cubed F1", "exact",
                     "mixed", "expected", "off")  # fmt: skip
    for name, seeds in _by_set(frozen):
        figures = {each: [row[each] for row in seeds] for each in seeds[0]}
        yield _row(
            name,
            *(f"{fmean(figures[share]):.3f}" for share in ("precision", "recall")),
            _spread(figures["f1"]),
            f"{fmean(figures['ceiling_f1']):.3f}",
            f"{fmean(figures['bcubed_f1']):.3f}",
            f"{fmean(figures['exact_share']):.1%}",
            f"{fmean(figures['false_merge_clusters']):,.0f}",
            ", ".join(f"{fmean(figures['expected_' + each]):.3f}" for each in _SHARES),
            f"{fmean(figures['calibration_error']):.3f}",
        )


def _peers(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("set", "ours", *_PEERS)
    for name, seeds in _by_set(frozen):
        ours = [row["matcher"]["own"]["f1"] for row in seeds]
        reached = [_f1s(seeds, peer, "best") for peer in _PEERS]
        top = max(fmean(f1s) for f1s in (ours, *reached) if f1s)
        cells = [_peer_cell(seeds, peer, top) for peer in _PEERS]
        yield _row(name, _bold(_spread(ours), fmean(ours) == top), *cells)


def _peer_cell(seeds: Sequence[Mapping[str, Any]], peer: str, top: float) -> str:
    rows = [row[peer] for row in seeds if peer in row]
    if not rows:
        return ""
    best, own = _f1s(seeds, peer, "best"), _f1s(seeds, peer, "own")
    if not best:
        return _why_not(rows[0])
    stated = _spread(own) if own else "-"
    some = "" if len(best) == len(seeds) else f", {len(best)} of {len(seeds)} seeds"
    return f"{stated} ({_bold(_spread(best), fmean(best) == top)}{some})"


def _why_not(row: Mapping[str, Any]) -> str:
    return next(how if how == "failed" else f"{how} {why}" for how, why in row.items())


def _f1s(seeds: Sequence[Mapping[str, Any]], peer: str, threshold: str) -> list[float]:
    found = [row.get(peer, {}).get(threshold) for row in seeds]
    return [each["f1"] for each in found if each]


def _costs(frozen: Mapping[str, Any]) -> Iterator[str]:
    """What each took on a set; of several seeds the mean."""
    yield from _head("set", "ours", *_PEERS)
    for name, seeds in _by_set(frozen):
        yield _row(name, *(_cost_cell(seeds, peer) for peer in ("matcher", *_PEERS)))


def _cost_cell(seeds: Sequence[Mapping[str, Any]], peer: str) -> str:
    rows = [row[peer] for row in seeds if peer in row]
    done = [row for row in rows if "seconds" in row]
    if not done:
        return _why_not(rows[0]) if rows else ""
    return f"{_mean(done, 'seconds', '.1f')} s, {_mean(done, 'peak_mb', ',.0f')} MB"


def _peers_whole(frozen: Mapping[str, Any]) -> Iterator[str]:
    """Every figure of every peer, at its own threshold but for the best F1."""
    yield from _head(
        "set", "", "precision", "recall", "F1", "B-cubed F1", "best F1", "at", "keys", "pairs",
        "true pairs among them", "seconds", "CPU seconds", "peak MB", "load",
    )  # fmt: skip
    for name, seeds in _by_set(frozen):
        for peer in ("matcher", *_PEERS):
            rows = [row[peer] for row in seeds if peer in row]
            done = [row for row in rows if "seconds" in row]
            if rows and not done:
                yield _row(name, peer, _why_not(rows[0]), *[""] * 12)
            elif done:
                yield _row(name, "ours" if peer == "matcher" else peer, *_whole_cells(done))


def _whole_cells(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    own, best = ([row[each] for row in rows if row.get(each)] for each in ("own", "best"))
    yield from (_mean(own, each, ".3f") for each in _SHARES)
    yield _spread([row["f1"] for row in own]) if own else ""
    yield _mean(own, "bcubed_f1", ".3f")
    yield _spread([row["f1"] for row in best]) if best else ""
    yield ", ".join(dict.fromkeys(row["setting"] for row in best))
    yield ", ".join(dict.fromkeys(row["keys"] for row in rows if "keys" in row))
    formats = {
        "pairs": ",.0f", "blocking_recall": ".3f", "seconds": ".1f", "cpu_seconds": ".1f",
        "peak_mb": ",.0f", "load": ".1f",
    }  # fmt: skip
    yield from (_mean(rows, each, shown) for each, shown in formats.items())


def _mean(rows: Sequence[Mapping[str, Any]], figure: str, shown: str) -> str:
    """The mean of a figure over the rows that have it, empty where none has."""
    found = [row[figure] for row in rows if row.get(figure) is not None]
    return format(fmean(found), shown) if found else ""


def _by_set(frozen: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Each set with its rows, one for each seed."""
    found: dict[str, list[Any]] = {}
    for name, row in frozen.items():
        found.setdefault(name.partition("/")[0], []).append(row)
    known = [name for name in _ORDER if name in found]
    for name in (*known, *(name for name in found if name not in _ORDER)):
        yield name, found[name]


def _spread(figures: Sequence[float]) -> str:
    """The mean, with ± half the way from the lowest to the highest; near 1 with a digit more."""
    mean = fmean(figures)
    digits = 3 if mean < _NEAR_ONE else 4
    if len(figures) == 1:
        return f"{mean:.{digits}f}"
    return f"{mean:.{digits}f} ± {(max(figures) - min(figures)) / 2:.{digits}f}"


def _bold(text: str, wanted: bool) -> str:
    return f"**{text}**" if wanted else text


def _calibration(frozen: Mapping[str, Any]) -> Iterator[str]:
    """What probabilities were worth: of the pairs of a band the mean stated, and the true share."""
    bands = [f"{low:g} to {high:g}" for low, high in pairwise(_BANDS)]
    judges = ("splink", "recordlinkage")
    yield from _head("set", *bands, "off", *(f"off: {peer}" for peer in judges))
    for name, seeds in _by_set(frozen):
        told = [Bin(*row) for each in seeds for row in each["matcher"].get("reliability", ())]
        if told:
            yield _row(
                name,
                *(_band(told, low, high) for low, high in pairwise(_BANDS)),
                f"{calibration_error(told):.3f}",
                *(
                    _mean([row[peer] for row in seeds if peer in row], "calibration_error", ".3f")
                    for peer in judges
                ),
            )


def _band(told: Sequence[Bin], low: float, high: float) -> str:
    inside = [each for each in told if low <= each.low and each.high <= high]
    pairs = sum(each.pairs for each in inside)
    if pairs < FEWEST_PLOTTED:
        return ""
    stated, true = (
        sum(each.pairs * getattr(each, share) for each in inside) / pairs
        for share in ("stated", "true")
    )
    return f"{stated:.3f}: {true:.3f}"


def _apart(frozen: Mapping[str, Any]) -> Iterator[str]:
    """Of kinds of pairs that are hard to tell apart, how many join; pairs of all seeds together."""
    yield from _head("records of", "that have", "pairs", "joined")
    for _, seeds in _by_set(frozen):
        for of, kinds in seeds[0].items():
            for kind in kinds:
                found = [row[of][kind] for row in seeds if kind in row[of]]
                pairs = sum(number for number, _ in found)
                joined = sum(number * share for number, share in found) / pairs
                yield _row(of, kind, f"{pairs:,}", f"{joined:.1%}")


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
        "records", "", "seconds", "times ours", "CPU seconds", "peak MB", "F1 of pairs"
    )
    for rows, row in _by_size(frozen):
        for name, called in {"": "ours", **CALLED}.items():
            run = row.get(name) if name else row
            if run is not None:
                yield _row(
                    f"{rows:,}",
                    called,
                    f"{run['seconds']:.2f}",
                    f"{run['seconds'] / row['seconds']:.1f}" if name else "",
                    f"{run['cpu_seconds']:.2f}",
                    f"{run['peak_mb']:,}",
                    f"{run['f1']:.3f}" if "f1" in run else "",
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


def _adversarial(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("input", "seconds", "CPU seconds", "peak MB", "longest stages")
    for case, run in frozen.items():
        longest = sorted(run["stages"].items(), key=lambda stage: -stage[1])[:2]
        yield _row(
            case,
            f"{run['seconds']:.1f}",
            f"{run['cpu_seconds']:.1f}",
            f"{run['peak_mb']:,}",
            ", ".join(f"{name} {seconds:.1f}" for name, seconds in longest),
        )


def _link(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("records", "seconds", "CPU seconds", "peak MB", "longest stages")
    for name, run in frozen.items():
        left, both = (int(number) for number in name.split(", "))
        longest = sorted(run["stages"].items(), key=lambda stage: -stage[1])[:4]
        yield _row(
            f"{left:,} in {both - left:,}",
            f"{run['seconds']:.2f}",
            f"{run['cpu_seconds']:.2f}",
            f"{run['peak_mb']:,}",
            ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in longest),
        )


def _limits(frozen: Mapping[str, Any]) -> Iterator[str]:
    yield from _head("records", "limit", "peak MB", "seconds", "CPU seconds", "in files, MB")
    for name, run in frozen.items():
        rows, limit = name.split(", ")
        yield _row(
            f"{int(rows):,}",
            limit,
            f"{run['peak_mb']:,}",
            f"{run['seconds']:.0f}",
            f"{run['cpu_seconds']:.0f}",
            f"{run['in_files_mb']:,}",
        )


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


#: Marker in the pages -> frozen file, and what makes the table of it.
_TABLES: dict[str, tuple[str, Callable[[Mapping[str, Any]], Iterator[str]]]] = {
    "quality": ("quality", _quality),
    "peers": ("peers", _peers),
    "peers: costs": ("peers", _costs),
    "peers: all figures": ("peers", _peers_whole),
    "calibration": ("peers", _calibration),
    "apart": ("apart", _apart),
    "ablation": ("ablation", _ablation),
    "labels": ("labels", _labels),
    "names": ("names", _names),
    "speed": ("speed", _speed),
    "growth": ("growth", _growth),
    "adversarial": ("adversarial", _adversarial),
    "link": ("link", _link),
    "limits": ("limits", _limits),
    "floor": ("floor", _floor),
}

if __name__ == "__main__":
    main()
