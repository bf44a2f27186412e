"""Pictures: match weights of a model, the waterfall of one pair, sizes of clusters.

Drawn by Altair (extra ``plot``); a chart saves itself as PNG, SVG or interactive HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matcher.errors import MissingExtra, OptionError, OutputError

if TYPE_CHECKING:
    import pandas as pd

#: Told apart by colour-blind people too.
_FOR, _AGAINST, _NEUTRAL = "#2b6ca3", "#c8641f", "#5b6770"
_LABELS_WIDE = 420
_FORMATS = (".html", ".png", ".svg", ".json")
_HOW: Mapping[str, Mapping[str, Any]] = {".png": {"scale_factor": 2}, ".html": {"inline": True}}


class Step(NamedTuple):
    """A step of a waterfall.

    Attributes:
        name: stands beside it.
        detail: is shown to who points at it.
        weight: how far it goes, in bits.
    """

    name: str
    detail: str
    weight: float


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
        ending = target.suffix.lower()
        if ending not in _FORMATS:
            raise OptionError(f"{target.name} does not end in one of {', '.join(_FORMATS)}.")
        # An HTML file holds all that it needs: it opens without a network and tells nobody.
        how = _HOW.get(ending, {})
        try:
            self.altair.save(str(target), format=ending[1:], **how)
        except OSError as error:
            raise OutputError(f"The picture cannot be written to {target}: {error}.") from error
        except (ImportError, ValueError) as error:
            if find_spec("vl_convert") is None:
                raise _missing() from error
            raise
        return target

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        return self.altair._repr_mimebundle_(*args, **kwargs)


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise _missing() from error
    return altair


def _missing() -> MissingExtra:
    return MissingExtra("Pictures need the extra 'plot': pip install 'campaign-matcher[plot]'.")


def weights_chart(levels: pd.DataFrame) -> Chart:
    """One bar per level: its weight in bits, comparison by comparison.

    Args:
        levels: as ``Model.table`` has them.
    """
    alt = _altair()
    rows = [{**row, "place": place} for place, row in enumerate(levels.to_dict("records"))]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar()
        .encode(
            x=alt.X("weight:Q", title="against one person  ←  bits  →  for one person"),
            y=alt.Y("level:N", sort=alt.EncodingSortField("place"), title=None, axis=_label_axis()),
            color=alt.condition("datum.weight > 0", alt.value(_FOR), alt.value(_AGAINST)),
            tooltip=["comparison:N", "level:N", "m:Q", "u:Q", "h:Q", "weight:Q", "frequency:N"],
        )
        .properties(width=420)
    )
    names = list(dict.fromkeys(levels["comparison"]))
    header = alt.Header(labelAngle=0, labelAlign="left", labelFontWeight="bold", title=None)
    chart = (
        bars.facet(row=alt.Row("comparison:N", sort=names, header=header), spacing=8)
        .resolve_scale(y="independent")
        .properties(
            title=_title("Evidence of each level", "log2 m/u; of a shared value on average")
        )
    )
    return Chart(chart)


def waterfall_chart(title: str, below: str, steps: Sequence[Step]) -> Chart:
    """From the first step to the total, downwards; ``below`` stands under the title."""
    alt = _altair()
    rows = _bars(steps)
    y = alt.Y("step:N", sort=alt.EncodingSortField("place"), title=None, axis=_label_axis())
    base = alt.Chart(alt.Data(values=rows)).encode(y=y)
    bars = base.mark_bar().encode(
        x=alt.X("begin:Q", title="log2 odds of one person, in bits"),
        x2="end:Q",
        color=alt.Color(
            "kind:N",
            legend=None,
            scale=alt.Scale(domain=["for", "against", "start"], range=[_FOR, _AGAINST, _NEUTRAL]),
        ),
        tooltip=["step:N", "detail:N", "weight:Q"],
    )
    labels = base.mark_text(dx=4, align="left").encode(
        x="right:Q", text=alt.Text("weight:Q", format="+.1f")
    )
    zero = alt.Chart(alt.Data(values=[{"x": 0}])).mark_rule(color="#999").encode(x="x:Q")
    return Chart(
        (zero + bars + labels).properties(
            width=460, height=26 * len(rows), title=_title(title, below)
        )
    )


def sizes_chart(clusters: npt.NDArray[np.int64]) -> Chart:
    """How many people have one record, two, three, …, by the cluster of each record."""
    alt = _altair()
    sizes = np.bincount(clusters)
    counts = np.bincount(sizes[sizes > 0])
    rows = [{"records": int(size), "people": int(counts[size])} for size in np.flatnonzero(counts)]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("records:O", title="records of one person", axis=alt.Axis(labelAngle=0)),
        y=alt.Y("people:Q", title="people", axis=alt.Axis(format=",d", tickMinStep=1)),
        tooltip=["records:O", alt.Tooltip("people:Q", format=",d")],
    )
    counted = base.mark_text(dy=-7).encode(text=alt.Text("people:Q", format=",d"))
    chart = (base.mark_bar(color=_FOR) + counted).properties(
        width=max(280, 52 * len(rows)), height=280, title=_title("People by number of records")
    )
    return Chart(chart)


def _bars(steps: Sequence[Step]) -> list[dict[str, Any]]:
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
    right = max(begin, end)
    return {
        "step": step, "detail": detail, "kind": kind,
        "begin": begin, "weight": weight, "end": end, "right": right,
    }  # fmt: skip


def _label_axis() -> Any:
    """Names of levels are sentences: they must not be cut."""
    return _altair().Axis(labelLimit=_LABELS_WIDE)


def _title(text: str, below: str = "") -> Any:
    return _altair().TitleParams(text, subtitle=below, anchor="start", offset=12, limit=900)
