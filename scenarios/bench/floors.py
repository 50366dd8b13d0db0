"""The least tolerance of a metric, from ``floors.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.table import Table

FLOORS = Path(__file__).with_name("floors.toml")
Floor = Annotated[float, Field(ge=0.0, allow_inf_nan=False)]


class Floors(Table):
    """What is not worth an alarm."""

    relative: Floor
    """Part of the baseline's absolute value."""
    metrics: dict[str, Floor]
    """Resolution by the metric's name, in its own unit."""
    units: dict[str, Floor]
    """Resolution by the unit, of metrics that are not named."""

    def of(self, metric: str, unit: str, value: float) -> float:
        """The least tolerance of a metric, in its unit.

        Args:
            metric: Its name; of a percentile ``name.p75``, the name before the dot counts.
            unit: Its unit; one that is not listed has no resolution.
            value: Its baseline.
        """
        name = metric.partition(".")[0]
        return self.relative * abs(value) + self.metrics.get(name, self.units.get(unit, 0.0))


@cache
def load_floors() -> Floors:
    """Read the file.

    Raises:
        BadInput: It is not right.
    """
    data = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    try:
        return Floors.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"{FLOORS.name}: {complaint(error, data)}") from None
