"""The baselines: one JSON file per scenario, with a section for each tier that it was accepted for."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

import orjson
from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from scenarios.bench.tiers import Statistic
from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.metric import Better
from scenarios.table import Table
from scenarios.trial import TrialEnd

BASELINES = Path(__file__).parents[1] / "baselines"

Finite = Annotated[float, Field(allow_inf_nan=False)]
Width = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class MetricBaseline(Table):
    """What is expected of one metric, in its unit."""

    value: Finite
    """Mean of the calibration."""
    unit: str
    better: Better
    sigma: Width
    """Standard deviation of a single ride; of an ensemble, of the statistic."""
    tolerance: Width
    """How far a repetition may be from the value."""
    floor: Width
    """What the tolerance is at least."""


class Repetition(Table):
    """How many trials are judged together."""

    statistic: Statistic
    """What is judged of them."""
    seeds: Annotated[int, Field(ge=1)]
    """How many seeds."""
    samples: Annotated[int, Field(ge=1)] | None = None
    """How many worlds are drawn for each seed, in an ensemble."""

    @property
    def size(self) -> int:
        """How many trials there are."""
        return self.seeds * (self.samples or 1)


class Calibration(Table):
    """What a baseline was derived from."""

    trials: Annotated[int, Field(ge=1)]
    """How many rides."""
    seeds: tuple[int, ...]
    """Their seeds, each once; of an ensemble, those of the first and the last sample."""
    state_hashes: dict[str, str]
    """Of the first repetition, by the names of its trials, or one of a whole ensemble: same bits, same motion."""


class TierBaseline(Table):
    """What is expected of a scenario as a tier rides it."""

    changes: tuple[str, ...]
    """How the tier changes the scenario."""
    without: tuple[str, ...]
    """Criteria that it leaves out."""
    repetition: Repetition
    end: TrialEnd
    """How every ride ends, unless it falls in an ensemble."""
    calibration: Calibration
    metrics: Annotated[dict[str, MetricBaseline], Field(min_length=1)]
    provenance: dict[str, Any]
    """Versions, bodies, commit, sources and processor of the calibration."""


class ScenarioBaseline(Table):
    """The file of one scenario."""

    scenario: str
    tiers: dict[str, TierBaseline]

    @model_validator(mode="after")
    def _some_tier(self) -> Self:
        if not self.tiers:
            raise PydanticCustomError("band", "tiers: at least one must be there")
        return self


Baselines = Mapping[str, ScenarioBaseline]


def read_baselines(folder: Path = BASELINES, *, new: bool = False) -> dict[str, ScenarioBaseline]:
    """Read every baseline of a folder, by its scenario.

    Args:
        folder: Where they are.
        new: Whether the folder may be one that does not exist yet, which has none.

    Raises:
        BadInput: It is no folder, or a file in it cannot be read, or is no baseline.
    """
    if not folder.is_dir() and not (new and not os.path.lexists(folder)):
        said = "is no folder" if folder.exists() else "there is no such folder"
        raise BadInput(f"--baselines {folder}: {said}; name the folder of the baselines")
    return {file.stem: _read(file) for file in sorted(folder.glob("*.json"))}


def _read(file: Path) -> ScenarioBaseline:
    try:
        data = orjson.loads(file.read_bytes())
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from None
    except orjson.JSONDecodeError as error:
        raise BadInput(f"{file}: is no JSON: {error}; restore it, or accept it anew") from None
    try:
        baseline = ScenarioBaseline.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"{file}: {complaint(error, data if isinstance(data, dict) else {})}") from None
    if baseline.scenario != file.stem:
        raise BadInput(f"{file}: scenario: {baseline.scenario!r} is not the name of the file")
    return baseline


def write_baselines(folder: Path, baselines: Baselines) -> None:
    """Put these baselines in place of all that a folder has; either the whole folder changes or nothing does.

    What else lies in the folder stays.

    Raises:
        BadInput: The folder cannot be written.
    """
    with atomic_folder(folder) as partial:
        if folder.is_dir():
            shutil.copytree(folder, partial, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.json"))
        for name, baseline in baselines.items():
            (partial / f"{name}.json").write_bytes(_document(baseline))


def _document(baseline: ScenarioBaseline) -> bytes:
    """The file's text, with a line for each metric."""
    document = baseline.model_dump(mode="json", exclude_none=True)
    document["tiers"] = dict(sorted(document["tiers"].items()))
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
    return re.sub(r"(?<=: )\{\s*\"value\":[^{}]*\}", _one_line, text).encode()


def _one_line(match: re.Match[str]) -> str:
    return re.sub(r"\s*\n\s*", " ", match[0])
