"""How time and memory grow with the number of records, stage by stage.

::

    python -m benchmarks.growth --rows 10000 100000 1000000 --plot growth.png
    python -m benchmarks.growth --rows 10000000 --freeze        ten million: minutes and gigabytes
    python -m benchmarks.growth --rows --plot growth.png        what is frozen, without a run

Each size runs as ``benchmarks.speed`` runs it; the quickest of several runs counts. A frozen result
keeps the sizes that a later run leaves out, so that a large one need not be repeated.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from benchmarks import results, speed

#: The whole process, beside its stages.
WHOLE = "whole process"
#: Of what is frozen, for the documentation.
PICTURE = Path(__file__).parents[1] / "docs" / "growth.svg"

_WIDE, _HIGH = 380, 320
_THICK, _THIN = {"value": 3}, {"value": 1.5}
#: Told apart by colour-blind people too, and one more for each stage (Okabe and Ito; greys).
_COLOURS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7",
            "#999999", "#555555")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--rows", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=1, help="runs of each size")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw it (extra 'plot')")
    parser.add_argument("--freeze", action="store_true", help="keep and draw it, for the pages")
    options = parser.parse_args(arguments)
    console = results.console()
    measured: dict[str, Any] = {}
    for rows in options.rows:
        contacts = speed.contacts_file(rows)
        console.print(f"[dim]{rows:,} rows …[/dim]")
        measured[str(rows)] = speed.compared(contacts, options.runs, splink=False)
    known = by_size(results.frozen("growth") | measured)
    console.print(_table(known))
    console.print(_powers(known))
    if measured:
        console.print(f"written to {results.save('growth', measured, freeze=options.freeze)}")
    for target in [options.plot] * bool(options.plot) + [PICTURE] * options.freeze:
        chart(known).save(str(target), **_sharp(target))
        console.print(f"drawn to {target}")


def by_size(measured: Mapping[str, Any]) -> dict[int, Any]:
    """The runs by number of records, the smallest first."""
    return {rows: measured[str(rows)] for rows in sorted(map(int, measured))}


def points(measured: Mapping[int, Any]) -> Iterator[dict[str, Any]]:
    """``rows, stage, seconds, peak_mb`` of each stage and of the whole process, for a plot.

    ``peak_mb`` of a stage is the largest memory of the process until its end.
    """
    for rows, run in measured.items():
        peaks = run["stage_peak_mb"] | {WHOLE: run["peak_mb"]}
        for stage, seconds in (run["stages"] | {WHOLE: run["seconds"]}).items():
            # A logarithm has no place for what took no time.
            yield {
                "rows": rows,
                "stage": stage,
                "seconds": max(seconds, 0.001),
                "peak_mb": peaks[stage],
            }


def exponent(measured: Mapping[int, Any], figure: str) -> float | None:
    """The power of the number of records with which a figure of the two largest runs grew.

    1 is linear. ``None`` where there are not two.
    """
    sizes = list(measured)[-2:]
    if len(sizes) < 2:
        return None
    before, after = (float(measured[rows][figure]) for rows in sizes)
    return math.log(after / before) / math.log(sizes[1] / sizes[0])


def chart(measured: Mapping[int, Any]) -> Any:
    """Two plots with logarithmic axes, time and memory, with dashed lines of linear growth."""
    import altair

    panels = (
        _panel(altair, measured, "seconds", "seconds"),
        _panel(altair, measured, "peak_mb", "peak memory until the end of it, MB"),
    )
    return altair.hconcat(*panels)


def _panel(altair: Any, measured: Mapping[int, Any], figure: str, title: str) -> Any:
    found = list(points(measured))
    stages = [*dict.fromkeys(point["stage"] for point in found)]
    logarithmic = altair.Scale(type="log", nice=False, padding=8)
    axis = altair.Axis(values=list(measured), format="~s")
    axes = {
        "x": altair.X("rows:Q", title="records", scale=logarithmic, axis=axis),
        "y": altair.Y(f"{figure}:Q", title=title, scale=logarithmic),
    }
    colours = altair.Scale(domain=stages, range=[*_COLOURS[: len(stages) - 1], "black"])
    lines = (
        altair.Chart(altair.Data(values=found))
        .mark_line(point={"size": 40, "filled": True})
        .encode(
            **axes,
            color=altair.Color("stage:N", sort=stages, title=None, scale=colours),
            strokeWidth=altair.condition(f"datum.stage == '{WHOLE}'", _THICK, _THIN),
        )
    )
    straight = altair.Chart(altair.Data(values=_linear(measured, figure)))
    dashed = straight.mark_line(strokeDash=[5, 5], color="#999999", clip=True).encode(**axes)
    return (dashed + lines).properties(width=_WIDE, height=_HIGH)


def _linear(measured: Mapping[int, Any], figure: str) -> list[dict[str, float]]:
    """From the whole process at the largest size straight down, as far as the stages reach."""
    largest = max(measured)
    each = float(measured[largest][figure]) / largest
    least = min(point[figure] for point in points(measured))
    fewest = max(min(measured), least / each)
    return [{"rows": rows, figure: each * rows} for rows in (fewest, largest)]


def _sharp(path: Path) -> dict[str, Any]:
    return {"scale_factor": 2} if path.suffix == ".png" else {}


def _table(measured: Mapping[int, Any]) -> Table:
    table = Table("stage", title="Seconds and peak MB")
    for rows in measured:
        table.add_column(f"{rows:,}", justify="right")
    by_stage: dict[str, dict[int, str]] = {}
    for point in points(measured):
        cell = f"{point['seconds']:.2f}  {point['peak_mb']:>6,}"
        by_stage.setdefault(point["stage"], {})[point["rows"]] = cell
    for stage, cells in by_stage.items():
        table.add_row(stage, *(cells.get(rows, "") for rows in measured))
    return table


def _powers(measured: Mapping[int, Any]) -> str:
    found = {figure: exponent(measured, figure) for figure in ("seconds", "cpu_seconds", "peak_mb")}
    shown = ", ".join(f"{figure} {power:.2f}" for figure, power in found.items() if power)
    return f"Powers of the last step, where 1 is linear: {shown or 'of one size there are none'}"


if __name__ == "__main__":
    main()
