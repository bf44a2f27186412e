"""The arguments and options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[str],
    typer.Argument(metavar="FILE", help="Files to read; NAME=FILE names the source of a file."),
]
Map = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=COLUMN",
        help="What a column is, where it is not recognised: first_name='Given Name'. Repeat for "
        "more; repeat email= or phone= for several of them.",
    ),
]
Extra = Annotated[
    list[str] | None,
    typer.Option(
        "--extra",
        metavar="COLUMN=KIND",
        help="A further column to compare, as text, exact, date or number: birth_place=text.",
    ),
]
Threshold = Annotated[
    float,
    typer.Option(help="Average match probability from which groups of records are joined."),
]
Review = Annotated[
    tuple[float, float],
    typer.Option(metavar="LOW HIGH", help="Pairs with a probability between go to review.csv."),
]
Region = Annotated[
    str, typer.Option(help="Two-letter country of phone numbers that name no country.")
]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", metavar="FILE", help="A saved model, used as it is."),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit",
        metavar="AMOUNT",
        help="Keep to so much memory, like 2GB: what is large waits in files.",
    ),
]
Out = Annotated[Path, typer.Option(metavar="DIR", help="Folder of the results.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of sentences.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show how each column would be used, and stop.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no sentences.")]
Verbose = Annotated[
    bool, typer.Option("--verbose", "-v", help="Also say how each column was used.")
]
Truth = Annotated[
    Path | None,
    typer.Option("--truth", help="record_id and true_id: report what share of it each key finds."),
]
NewStore = Annotated[
    Path | None,
    typer.Option("--store", metavar="FILE", help="Also make an identity store of the result."),
]
Plots = Annotated[
    bool,
    typer.Option("--plot", help="Also draw weights.png and cluster_sizes.png (extra 'plot')."),
]
