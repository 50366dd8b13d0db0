"""The tiers: which rides a run of the bench is made of, from ``tiers.toml``."""

import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.schema import Scenario
from scenarios.suggest import suggestion
from scenarios.table import Table
from scenarios.trial import Trial

TIERS = Path(__file__).with_name("tiers.toml")
Statistic = Literal["mean", "ensemble"]
"""What is judged of a repetition: means over its seeds, or rates and percentiles over its samples."""


class Ride(Table):
    """A scenario of the library as a tier rides it."""

    changes: tuple[str, ...] = ()
    """``key=value`` each."""
    without: tuple[str, ...] = ()
    """Criteria that the changed ride cannot keep, by their metric."""


class Tier(Table):
    """A number of rides that are run and judged together."""

    about: str
    seeds: Annotated[int, Field(ge=1, strict=True)]
    """How many seeds a repetition has."""
    samples: Annotated[int, Field(ge=10, strict=True)] | None = None
    """How many worlds are drawn for each seed; left out, the world is the scenario's own."""
    rides: Annotated[dict[str, Ride], Field(min_length=1)]
    """Each ride by its scenario."""

    @property
    def statistic(self) -> Statistic:
        """What is judged of a repetition."""
        return "mean" if self.samples is None else "ensemble"

    @property
    def size(self) -> int:
        """How many trials of each ride a repetition has."""
        return self.seeds * (self.samples or 1)

    @property
    def calibration_seeds(self) -> str:
        """Seeds from which baselines are made, as the command line takes them: ten repetitions, or one ensemble."""
        return f"0-{(1 if self.samples else 10) * self.seeds - 1}"


def load_tiers(file: Path = TIERS) -> dict[str, Tier]:
    """Read every tier.

    Raises:
        BadInput: The file cannot be read, or a key or a value is wrong.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: {error}") from None
    try:
        return TypeAdapter(dict[str, Tier]).validate_python(data)
    except ValidationError as error:
        raise BadInput(f"{file.name}: {complaint(error, data)}") from None


def load_tier(name: str, only: Sequence[str] = ()) -> Tier:
    """One tier by its name, or a part of it with the rides in the tier's order.

    Args:
        name: Of the tier.
        only: Rides of the part, by their scenarios; the whole tier where none is named.

    Raises:
        BadInput: There is no such tier, or no such ride in it.
    """
    tiers = load_tiers()
    if name not in tiers:
        raise BadInput(f"there is no tier {name!r}; {suggestion(name, tiers)}")
    tier = tiers[name]
    refuse_unknown(only, tier.rides, f"the tier {name}")
    return tier.replaced(rides={ride: tier.rides[ride] for ride in tier.rides if ride in only}) if only else tier


def refuse_unknown(only: Sequence[str], rides: Collection[str], whole: str) -> None:
    """Refuse a name given by ``--only`` that is not among the rides, and say which they are.

    Raises:
        BadInput: There is such a name.
    """
    for name in only:
        if name not in rides:
            hints = dict.fromkeys((suggestion(name, rides), f"there is: {', '.join(rides)}"))
            raise BadInput(f"--only: {name!r} is not in {whole}; {' '.join(hints)}")


def trials_of(tier: Tier, seeds: Sequence[int] | None = None) -> list[Trial]:
    """The trials of a tier, ride by ride and seed by seed.

    Args:
        tier: Which one.
        seeds: Of several repetitions, in groups of as many as the tier has; the tier's own where none are given.

    Raises:
        BadInput: A ride cannot be loaded, or the seeds do not fill the repetitions.
    """
    numbers = range(tier.seeds) if seeds is None else seeds
    if not numbers or len(numbers) % tier.seeds:
        raise BadInput(
            f"--seeds: {len(numbers)} seeds are no whole repetitions of {tier.seeds}; "
            f"write a multiple of {tier.seeds}, such as 0-{5 * tier.seeds - 1}"
        )
    return [trial for name, ride in tier.rides.items() for seed in numbers for trial in _trials(tier, name, ride, seed)]


def _trials(tier: Tier, name: str, ride: Ride, seed: int) -> list[Trial]:
    """The trials of one ride and one seed: a single one, or one for each sample."""
    if tier.samples is None:
        scenario = _without(load(name, ride.changes), ride)
        return [Trial(f"{name}-seed{seed}", scenario, seed, ride.changes)]
    from scenarios.randomize import draw

    trials = []
    for sample in range(tier.samples):
        scenario, changes, _ = draw(name, ride.changes, seed, sample)
        # Jitter and noise of their own for each sample, and no seed twice in ensembles of neighbouring seeds.
        noise = seed * tier.samples + sample
        trials.append(Trial(f"{name}-seed{seed}-sample{sample}", _without(scenario, ride), noise, changes))
    return trials


def _without(scenario: Scenario, ride: Ride) -> Scenario:
    """A scenario less the criteria that its changed ride cannot keep.

    Raises:
        BadInput: There is no such criterion.
    """
    asked = {criterion.metric for criterion in scenario.criteria}
    unknown = next((metric for metric in ride.without if metric not in asked), None)
    if unknown is not None:
        raise BadInput(f"{TIERS.name}: {scenario.name} has no criterion {unknown!r}; {suggestion(unknown, asked)}")
    return scenario.replaced(criteria=tuple(c for c in scenario.criteria if c.metric not in ride.without))
