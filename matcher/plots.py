"""Pictures: match weights of a model, the waterfall of one pair, sizes of clusters.

Drawn by Altair (extra ``plot``); a chart saves itself as PNG, SVG or interactive HTML.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from matcher.errors import MissingExtra, OptionError, OutputError

if TYPE_CHECKING:
    from matcher.explain import Explanation
    from matcher.model import Model
    from matcher.pipeline import Matched

_FOR, _AGAINST, _NEUTRAL = "#2a7f62", "#b5483a", "#5b6770"
_FORMATS = (".html", ".png", ".svg", ".json")


@dataclass(frozen=True)
class Chart:
    """A picture. Shows itself in a notebook.

    Attributes:
        altair: the chart as Altair holds it, to change or combine.
    """

    altair: Any

    def save(self, path: str | Path) -> Path:
        """Writes the picture; the ending decides: ``.html`` (interactive), ``.png``, ``.svg``.

        Raises:
            OptionError: the ending is another.
            OutputError: the file cannot be written.
        """
        target = Path(path)
        if target.suffix.lower() not in _FORMATS:
            raise OptionError(f"{target.name} does not end in one of {', '.join(_FORMATS)}.")
        try:
            self.altair.save(
                str(target), **({"scale_factor": 2} if target.suffix == ".png" else {})
            )
        except OSError as error:
            raise OutputError(f"The picture cannot be written to {target}: {error}.") from error
        return target

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        return self.altair._repr_mimebundle_(*args, **kwargs)


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise MissingExtra(
            "Pictures need the extra 'plot': pip install 'campaign-matcher[plot]'."
        ) from error
    return altair


def weights_chart(model: Model) -> Chart:
    """One bar per level: its weight in bits, comparison by comparison."""
    alt = _altair()
    rows = model.table().to_dict("records")
    for place, row in enumerate(rows):
        row["place"] = place
    chart = (
        alt.Chart(alt.Data(values=rows), title="Evidence of each level, in bits (log2 m/u)")
        .mark_bar()
        .encode(
            x=alt.X("weight:Q", title="against the same person  ←  bits  →  for the same person"),
            y=alt.Y("level:N", sort=alt.EncodingSortField("place"), title=None),
            color=alt.condition("datum.weight > 0", alt.value(_FOR), alt.value(_AGAINST)),
            tooltip=["comparison:N", "level:N", "m:Q", "u:Q", "h:Q", "weight:Q"],
        )
        .properties(width=420)
        .facet(
            row=alt.Row(
                "comparison:N",
                sort=[comparison.name for comparison in model.weights.comparisons],
                header=alt.Header(labelAngle=0, labelAlign="left", title=None),
            )
        )
        .resolve_scale(y="independent")
    )
    return Chart(chart)


def waterfall_chart(explanation: Explanation) -> Chart:
    """From the prior to the total, one step per comparison."""
    alt = _altair()
    steps = [("prior", "", explanation.prior)]
    steps += [
        (reason.comparison, f"{reason.level}: {reason.left} | {reason.right}", reason.weight)
        for reason in explanation.reasons
        if reason.level != "missing"
    ]
    rows = _bars(steps)
    title = (
        f"{explanation.record_id_left} and {explanation.record_id_right}: "
        f"same person {explanation.probability:.1%}, "
        f"same household {explanation.household_probability:.1%}"
    )
    base = alt.Chart(alt.Data(values=rows), title=title).encode(
        x=alt.X(
            "step:N", sort=alt.EncodingSortField("place"), title=None, axis=alt.Axis(labelAngle=-35)
        ),
    )
    bars = base.mark_bar().encode(
        y=alt.Y("begin:Q", title="log2 odds, in bits"),
        y2="end:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["for", "against", "start"], range=[_FOR, _AGAINST, _NEUTRAL]),
        ),
        tooltip=["step:N", "detail:N", "weight:Q"],
    )
    labels = base.mark_text(dy=-6).encode(y="top:Q", text=alt.Text("weight:Q", format="+.1f"))
    zero = alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color="#999").encode(y="y:Q")
    return Chart((bars + labels + zero).properties(width=60 * len(rows), height=320))


def _bars(steps: Sequence[tuple[str, str, float]]) -> list[dict[str, Any]]:
    """Each step begins where the one before ended; the total stands on the ground."""
    rows: list[dict[str, Any]] = []
    total = 0.0
    for name, detail, weight in steps:
        kind = "start" if not rows else "for" if weight > 0 else "against"
        rows.append(_bar(name, detail, kind, total, weight))
        total += weight
    rows.append(_bar("total", "", "start", 0.0, total))
    return [{**row, "place": place} for place, row in enumerate(rows)]


def _bar(step: str, detail: str, kind: str, begin: float, weight: float) -> dict[str, Any]:
    end = begin + weight
    top = max(begin, end)
    return {
        "step": step, "detail": detail, "kind": kind,
        "begin": begin, "weight": weight, "end": end, "top": top,
    }  # fmt: skip


def sizes_chart(matched: Matched) -> Chart:
    """How many people have one record, two, three, …."""
    alt = _altair()
    sizes = np.bincount(matched.clusters)
    counts = np.bincount(sizes[sizes > 0])
    rows = [{"records": int(size), "people": int(counts[size])} for size in np.flatnonzero(counts)]
    chart = (
        alt.Chart(alt.Data(values=rows), title="People by number of records")
        .mark_bar(color=_FOR)
        .encode(
            x=alt.X("records:O", title="records of one person", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("people:Q", title="people"),
            tooltip=["records:O", "people:Q"],
        )
        .properties(width=max(240, 28 * len(rows)), height=280)
    )
    return Chart(chart)
