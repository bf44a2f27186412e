"""What each part is worth: the change of F1, set by set, when it is left out.

::

    python -m benchmarks.ablation                           every part on every set
    python -m benchmarks.ablation --sets kyc --parts EM     these only
    python -m benchmarks.ablation --together --parts A B    both at once: one may replace another
    python -m benchmarks.ablation --freeze                  and make this the committed result

A negative number is what the part earns. ``pairs`` is the change of compared pairs, over all sets
together, which is what a key costs. A part that moves no set by more than 0.001 earns nothing
there is to see on these sets, which is not to say that no set would need it.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from rich import box
from rich.table import Table

import matcher
from benchmarks import results
from benchmarks.datasets import Dataset, available, load
from benchmarks.parts import Part, parts, together
from benchmarks.quality import matched_by_default

#: Changes up to this are noise.
_NOISE = 0.001

_WHOLE = "everything"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    options = _options(arguments)
    names = options.sets or [name for name, by_default in available().items() if by_default]
    sets = [dataset for name in names for dataset in load(name, 1)]
    chosen = {name: part for name, part in parts().items() if name in (options.parts or parts())}
    if options.together:
        chosen = {"all of these": together([*chosen.values()])}
    console = results.console()
    measured = {_WHOLE: {dataset.name: judge(dataset) for dataset in sets}}
    for name, part in chosen.items():
        console.print(f"[dim]without {name} …[/dim]")
        measured[name] = leave_out(part, sets)
    table = changes(measured)
    console.print(_table(table))
    console.print("earns nothing here:", ", ".join(earn_nothing(table)) or "none of them")
    console.print(f"written to {results.save('ablation', table, freeze=options.freeze)}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--sets", nargs="+", choices=available(), metavar="SET")
    parser.add_argument("--parts", nargs="+", choices=parts(), metavar="PART")
    parser.add_argument("--together", action="store_true", help="leave the parts out at once")
    parser.add_argument("--freeze", action="store_true")
    return parser.parse_args(arguments)


def judge(dataset: Dataset) -> dict[str, float]:
    """F1 by pairs, and how many pairs were compared."""
    result = matched_by_default(dataset)
    judged = matcher.evaluate(result.clusters, dataset.truth[["record_id", "true_id"]])
    return {"f1": judged.f1, "pairs": float(len(result.matched.candidates))}


def leave_out(part: Part, sets: Sequence[Dataset]) -> dict[str, dict[str, float]]:
    """The figures of every set without one part."""
    with part():
        return {dataset.name: judge(dataset) for dataset in sets}


def changes(
    measured: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> dict[str, dict[str, float]]:
    """F1 with everything, and per part the change without it, with that of the pairs compared."""
    whole = measured[_WHOLE]
    table = {_WHOLE: {name: round(figures["f1"], 4) for name, figures in whole.items()}}
    pairs = sum(figures["pairs"] for figures in whole.values())
    for part, figures in measured.items():
        if part == _WHOLE:
            continue
        table[part] = {name: round(figures[name]["f1"] - whole[name]["f1"], 4) for name in whole}
        now = sum(each["pairs"] for each in figures.values())
        table[part]["pairs"] = round(now / max(pairs, 1) - 1, 4)
    return table


def earn_nothing(table: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Parts without which no set falls by more than noise."""
    return [
        part
        for part, row in table.items()
        if part != _WHOLE
        and all(change >= -_NOISE for name, change in row.items() if name != "pairs")
    ]


def _table(changed: Mapping[str, Mapping[str, float]]) -> Table:
    table = Table(title="F1, and its change without …", box=box.SIMPLE, padding=(0, 1, 0, 0))
    table.add_column("without", no_wrap=True)
    sets = list(changed[_WHOLE])
    for name in (*sets, "pairs"):
        table.add_column(name, justify="right", no_wrap=True)
    for part, row in changed.items():
        shown = [_change(row[name], whole=part == _WHOLE) for name in sets]
        table.add_row(part, *shown, f"{row['pairs']:+.1%}" if "pairs" in row else "")
    return table


def _change(value: float, *, whole: bool) -> str:
    if whole:
        return f"{value:.4f}"
    return f"{value:+.4f}" if abs(value) > _NOISE else "[dim]·[/dim]"


if __name__ == "__main__":
    main()
