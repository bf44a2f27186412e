"""``matcher dedupe``: which records of one or several files are the same person."""

from __future__ import annotations

from pathlib import Path

from matcher.cli import options, parsing
from matcher.cli.printing import print_preview, print_result
from matcher.cli.progress import progress
from matcher.cli.starting import load
from matcher.cli.writing import check_early, write


def dedupe(
    files: options.Files,
    *,
    out: options.Out = Path("matched"),
    mapped: options.Map = None,
    extra: options.Extra = None,
    threshold: options.Threshold = 0.5,
    review: options.Review = (0.1, 0.9),
    region: options.Region = "US",
    model: options.ModelFile = None,
    truth: options.Truth = None,
    store: options.NewStore = None,
    memory_limit: options.MemoryLimit = None,
    dry_run: options.DryRun = False,
    plot: options.Plots = False,
    json: options.Json = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Find which records are the same person, within one file or across several.

    Writes people.csv, crosswalk.csv, review.csv, rejects.csv and report.json.

    \b
    Examples:
      matcher dedupe contacts.csv
      matcher dedupe action_network.csv nationbuilder.csv van.csv --out matched
      matcher dedupe exports/*.csv --dry-run
      matcher dedupe exports/*.csv --store identity.duckdb
      matcher dedupe gala=guests.csv --map first_name="Guest: first"
      matcher dedupe people.csv --map email="Email" --map email="Email 2"
      matcher dedupe people.parquet --extra birth_place=text --json
    """
    source = parsing.sources(files)
    matching = parsing.matching(
        mapped=mapped,
        extras=extra,
        threshold=threshold,
        review=review,
        region=region,
        model=model,
        memory_limit=memory_limit,
    )
    load()
    if dry_run:
        from matcher.preview import preview

        reports = preview(source, *parsing.reading(matching))
        print_preview(reports, as_json=json)
        return
    check_early(out, plot=plot, store=store)
    with progress(quiet, verbose) as listener:
        import matcher
        from matcher.assignments import read_assignment

        known = None if truth is None else read_assignment(truth)
        result = matcher.dedupe(source, **matching, truth=known, progress=listener)
        written = write(result, out, plot=plot, progress=listener)
        if store is not None:
            result.save(store, listener)
    print_result(result, written, store=store, as_json=json, quiet=quiet)
