"""What a scenario demands of one metric."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from scenarios.metric import Metric
from scenarios.metrics import METRICS
from scenarios.metrics_foot import FOOT_METRICS
from scenarios.suggest import suggestion
from scenarios.table import Table

Bound = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Criterion(Table):
    """A band that a metric must lie in, its ends included; plain numbers in the metric's own unit."""

    known: ClassVar[Mapping[str, Metric]] = METRICS
    """The metrics that a criterion can be about."""

    metric: str
    min: Bound | None = None
    max: Bound | None = None

    @field_validator("metric")
    @classmethod
    def _is_known(cls, name: str) -> str:
        if name not in cls.known:
            hint = suggestion(name, cls.known)
            raise PydanticCustomError("metric", "no metric {name}; {hint}", {"name": repr(name), "hint": hint})
        return name

    @model_validator(mode="after")
    def _band(self) -> Self:
        if self.min is None and self.max is None:
            raise PydanticCustomError("band", "{metric} needs 'min' or 'max' or both", {"metric": self.metric})
        if self.min is not None and self.max is not None and self.min > self.max:
            raise PydanticCustomError(
                "band",
                "{metric}: min {min} is above max {max}",
                {"metric": self.metric, "min": self.min, "max": self.max},
            )
        return self

    def violation(self, value: float | None) -> str | None:
        """Say how a value breaks the criterion; None when it holds. A missing or NaN value breaks it."""
        if value is None or value != value:
            return f"{self.metric} is missing" if value is None else f"{self.metric} is not a number"
        unit = self.known[self.metric].unit
        unit = "" if unit == "1" else f" {unit}"
        if self.min is not None and value < self.min:
            return f"{self.metric} = {value:.4g}{unit}, at least {self.min:g} is asked"
        if self.max is not None and value > self.max:
            return f"{self.metric} = {value:.4g}{unit}, at most {self.max:g} is asked"
        return None


class FootCriterion(Criterion):
    """The same for a run on foot."""

    known: ClassVar[Mapping[str, Metric]] = FOOT_METRICS
