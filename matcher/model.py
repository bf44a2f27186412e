"""The model that a result was made with: readable, storable, drawable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matcher.errors import ModelError, OutputError
from matcher.records import EXTRA_PREFIX
from scoring import (
    CONTACT_MODEL,
    Comparison,
    Fit,
    Frequency,
    Level,
    Rates,
    Weights,
    extra_comparison,
)

if TYPE_CHECKING:
    import pandas as pd

    from matcher.plots import Chart

_FORMAT = "campaign-matcher model"
_VERSION = 2

#: The attribute of a frame of pairs that holds the model they were weighed with, as JSON.
MADE_BY = "matcher model"


@dataclass(frozen=True)
class Model:
    """Comparisons with the shares of their levels, and how common links are.

    Attributes:
        weights: the comparisons and rates; see ``scoring.Weights``.
        extras: further columns that it compares -> ``text``, ``exact``, ``date`` or ``number``.
    """

    weights: Weights
    extras: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def shipped(cls) -> Model:
        """The contact model that comes with the package."""
        found = resources.files("matcher").joinpath("models/contact.json")
        if not found.is_file():
            return cls(CONTACT_MODEL)
        return cls.from_json(found.read_text(encoding="utf-8"), "the shipped contact model")

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Reads a model that ``save`` wrote.

        Raises:
            ModelError: the file is missing, damaged, or of another version.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise ModelError(f"The model file {path} cannot be read: {_reason(error)}.") from error
        except UnicodeDecodeError as error:
            raise ModelError(
                f"{path} is not a model of this program: it is not text. "
                "Give a file that result.model.save() wrote."
            ) from error
        return cls.from_json(text, str(path))

    @classmethod
    def from_json(cls, text: str, name: str) -> Model:
        """A model from its JSON text; ``name`` stands in error messages.

        Raises:
            ModelError: the text is no model, or of another version.
        """
        try:
            content = json.loads(text)
            if content["format"] != _FORMAT:
                raise ValueError(f"its format is {content['format']!r}")
            if content["version"] != _VERSION:
                raise ModelError(
                    f"{name} is a model of version {content['version']}; this program reads "
                    f"version {_VERSION}. Make it again with result.model.save()."
                )
            model = cls(_weights_from(content), dict(content["extras"]))
            model._check()
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise ModelError(
                f"{name} is not a model of this program ({type(error).__name__}: {error}). "
                "Give a file that result.model.save() wrote."
            ) from error
        return model

    def _check(self) -> None:
        """Whether every rule finds its comparison, with the levels that it gives out.

        Raises:
            ValueError: a comparison is missing, has other levels, or is unknown.
        """
        own = {comparison.name: comparison for comparison in self.weights.comparisons}
        needed = {comparison.name: comparison for comparison in CONTACT_MODEL.comparisons}
        needed |= {name: extra_comparison(name, kind) for name, kind in self.extras.items()}
        if len(own) != len(self.weights.comparisons) or own.keys() != needed.keys():
            odd = ", ".join(sorted(own.keys() ^ needed.keys())) or "one of them twice"
            raise ValueError(f"its comparisons are not those of this program: {odd}")
        for name, comparison in needed.items():
            levels = [level.name for level in own[name].levels]
            if levels != [level.name for level in comparison.levels]:
                raise ValueError(f"the levels of {name} are not those of this program")

    def save(self, path: str | Path) -> Path:
        """Writes the model as JSON and returns the path.

        Raises:
            OutputError: the file cannot be written.
        """
        target = Path(path)
        try:
            target.write_text(self.to_json() + "\n", encoding="utf-8")
        except OSError as error:
            raise OutputError(
                f"The model cannot be written to {path}: {_reason(error)}."
            ) from error
        return target

    def to_json(self) -> str:
        """The model as the JSON text that ``from_json`` reads."""
        content = {
            "format": _FORMAT,
            "version": _VERSION,
            "extras": dict(self.extras),
            **asdict(self.weights),
        }
        return json.dumps(content, indent=1)

    @classmethod
    def fit(cls, pairs: Any, labels: Any, start: Model | None = None) -> Model:
        """The model of a result, refined by pairs that a person has judged.

        An answer takes the place of the probability that the model had given: what confirms it
        moves nothing. Fifty answers move little, and never far; see ``scoring.supervision``.

        Args:
            pairs: rows of ``result.pairs`` or ``result.review``, as a pandas or Arrow table or a
                list of dicts.
            labels: one answer per row: ``True`` or ``"same"``, ``False`` or ``"different"``;
                ``"unsure"`` and missing ones are passed over. Or a table of ``record_id_left,
                record_id_right, same``, whose pairs are looked up in ``pairs``.
            start: the model that the pairs come from. The frames of a result know theirs; for
                others the shipped one is the default.

        Raises:
            OptionError: pairs and labels do not fit each other or the model.
        """
        from matcher.labels import judged
        from scoring.supervision import learn_from_labels

        known = getattr(pairs, "attrs", {}).get(MADE_BY)
        if start is None:
            start = cls.from_json(known, "the model of these pairs") if known else cls.shipped()
        labelled = judged(pairs, labels, start.weights)
        made_from = f"{start.weights.made_from}; {len(labelled.same)} labelled pairs"
        learnt = learn_from_labels(start.weights, labelled)
        return cls(replace(learnt, made_from=made_from), start.extras)

    def with_extras(self, extras: Mapping[str, str]) -> Model:
        """This model with a comparison for each further column that it lacks.

        Raises:
            ModelError: it compares one of them in another way.
        """
        for name, kind in extras.items():
            if self.extras.get(name, kind) != kind:
                shown = name.removeprefix(EXTRA_PREFIX)
                raise ModelError(
                    f"The model compares the column {shown!r} as {self.extras[name]}, not as "
                    f"{kind}. Ask for it as {self.extras[name]}, or use a model without it."
                )
        known = {comparison.name for comparison in self.weights.comparisons}
        added = tuple(
            extra_comparison(name, kind) for name, kind in extras.items() if name not in known
        )
        weights = replace(self.weights, comparisons=self.weights.comparisons + added)
        return Model(weights, {**self.extras, **extras})

    def table(self) -> pd.DataFrame:
        """One row per level: comparison, level, m, u, h, weight and household weight in bits."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "comparison": comparison.name,
                    "level": level.name,
                    "m": level.m,
                    "u": level.u,
                    "h": level.h,
                    "weight": level.weight,
                    "household_weight": level.household_weight,
                    "frequency": str(level.frequency),
                }
                for comparison in self.weights.comparisons
                for level in comparison.levels
            ]
        )

    def plot(self) -> Chart:
        """The match weights of all levels as a bar chart; needs the extra ``plot``."""
        from matcher.plots import weights_chart

        return weights_chart(self.table())


def _weights_from(content: Mapping[str, Any]) -> Weights:
    return Weights(
        tuple(_comparison_from(row) for row in content["comparisons"]),
        Rates(**content["rates"]),
        str(content["made_from"]),
        Fit(**content["fit"]),
    )


def _comparison_from(row: Mapping[str, Any]) -> Comparison:
    levels = tuple(
        Level(**{**level, "frequency": Frequency(level["frequency"])}) for level in row["levels"]
    )
    for level in levels:
        if not all(0.0 < share <= 1.0 for share in (level.m, level.u, level.h)):
            raise ValueError(f"a share of {row['name']} / {level.name} is not between 0 and 1")
    return Comparison(**{**row, "levels": levels})


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
