"""The results of a run of a tier: every trial with all of its metrics, and where it came from; one JSON file."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.trial import TrialResult


@dataclass(frozen=True, slots=True)
class BenchResults:
    """What was measured.

    Attributes:
        tier: Which tier was run.
        trials: Every trial, in the order of the tier.
        provenance: Versions, bodies, commit and sources, as :func:`scenarios.provenance.origin` gives them.
        jobs: How many processes there were.
        wall_seconds: How long it took [s]; never judged.
        confirmation: Trials by which what lay outside of its band was looked at once more, with other seeds.
        only: Scenarios to which the run was confined, in the order of the tier; none where all of it was ridden.
    """

    tier: str
    trials: tuple[TrialResult, ...]
    provenance: Mapping[str, Any]
    jobs: int
    wall_seconds: float
    confirmation: tuple[TrialResult, ...] = ()
    only: tuple[str, ...] = ()

    def covers(self, scenario: str) -> bool:
        """Whether a scenario of the tier was to be ridden."""
        return not self.only or scenario in self.only

    def part(self, scenarios: Sequence[str]) -> "BenchResults":
        """These results as if the run had been confined to some of its scenarios."""
        trials = tuple(trial for trial in self.trials if trial.scenario in scenarios)
        again = tuple(trial for trial in self.confirmation if trial.scenario in scenarios)
        return replace(self, trials=trials, confirmation=again, only=tuple(scenarios))

    @property
    def command(self) -> str:
        """What rides the same again, less its seeds."""
        return " ".join((f"draisine bench run {self.tier}", *(f"--only {name}" for name in self.only)))


_RESULTS = TypeAdapter(BenchResults)


def write_results(file: Path, results: BenchResults) -> None:
    """Write results; a metric that is no finite number is null.

    Raises:
        OSError: The file cannot be written.
    """
    document = asdict(results)
    for trial in (*document["trials"], *document["confirmation"]):
        trial["metrics"] = {name: value if math.isfinite(value) else None for name, value in trial["metrics"].items()}
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_SERIALIZE_NUMPY
    file.write_bytes(orjson.dumps(document, option=option))


def read_results(file: Path) -> BenchResults:
    """Read results back; those without ``only``, from before there were parts, are of a whole tier.

    Raises:
        BadInput: There is no such file, or it is no results of a bench.
    """
    try:
        document = orjson.loads(file.read_bytes())
        for trial in (*document["trials"], *document["confirmation"]):
            trial["metrics"] = {name: math.nan if value is None else value for name, value in trial["metrics"].items()}
        return _RESULTS.validate_python(document)
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}; 'draisine bench run' writes it") from None
    except ValidationError as error:
        raise BadInput(f"{file}: is not the results of 'draisine bench run' ({complaint(error, document)})") from None
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{file}: is not the results of 'draisine bench run' ({error})") from None
