"""Distributions over the values of a scenario's keys, as they stand in its `[randomize]` table."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from scenarios.table import Table

Scalar = bool | int | float | str
Kind = Literal["uniform", "log_uniform", "normal", "choice"]
_KINDS: tuple[Kind, ...] = ("uniform", "log_uniform", "normal", "choice")
_OTHERS = ", ".join(_KINDS[1:-1]) + f" or {_KINDS[-1]}"
_SIGMAS = 3.0
"""Where a normal distribution is cut off that names no ends [standard deviations]."""


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("randomize", "{message}", {"message": message})


def _scalar(value: object) -> Scalar:
    if not isinstance(value, bool | int | float | str):
        raise _fault(f"{value!r} is no number and no string")
    return value


def _bound(value: object) -> float | str:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _fault(f'{value!r} is no number and no string such as "4 ms"')
    return value


def _pair(value: object) -> tuple[float | str, float | str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _fault(f"{value!r} is wrong; write two values, such as [0.9, 1.1]")
    first, second = value
    return _bound(first), _bound(second)


def _choices(value: object) -> tuple[Scalar, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _fault(f'{value!r} is wrong; write a list of values, such as ["vn_100", "mti_300"]')
    return tuple(_scalar(choice) for choice in value)


_BOUND = {"anyOf": [{"type": "number"}, {"type": "string"}]}
Bound = Annotated[float | str, PlainValidator(_bound), WithJsonSchema(_BOUND)]
Pair = Annotated[
    tuple[float | str, float | str],
    PlainValidator(_pair),
    WithJsonSchema({"type": "array", "items": _BOUND, "minItems": 2, "maxItems": 2}),
]
Choices = Annotated[
    tuple[Scalar, ...],
    PlainValidator(_choices),
    WithJsonSchema({"type": "array", "items": {"type": ["number", "string", "boolean"]}, "minItems": 1}),
]


class Distribution(Table):
    """How the values of a key are distributed, in one of four ways; numbers are in SI or have a unit, as the key's."""

    uniform: Pair | None = None
    """From the one to the other."""
    log_uniform: Pair | None = None
    """From the one to the other, both above 0, the logarithm being uniform."""
    normal: Pair | None = None
    """Mean and standard deviation, cut off at `min` and `max`."""
    min: Bound | None = None
    """Of a normal distribution; three standard deviations below its mean where it is left out."""
    max: Bound | None = None
    """Of a normal distribution; three standard deviations above its mean where it is left out."""
    choice: Choices | None = None
    """One of them, each as likely."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind for kind in _KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise _fault(f"exactly one of {', '.join(_KINDS)} is asked, found {found}")
        if given != ["normal"] and not (self.min is None and self.max is None):
            raise _fault(f"'min' and 'max' belong to a normal distribution; {given[0]} has its own ends")
        return self

    @property
    def kind(self) -> Kind:
        """Which of the four it is."""
        return next(kind for kind in _KINDS if getattr(self, kind) is not None)

    @property
    def values(self) -> tuple[Scalar, ...]:
        """The ends of its support in order, or all of its choices; in SI once the scenario is loaded."""
        if self.choice is not None:
            return self.choice
        if self.normal is not None:
            mean, sigma = (float(value) for value in self.normal)
            low = mean - _SIGMAS * sigma if self.min is None else self.min
            high = mean + _SIGMAS * sigma if self.max is None else self.max
            return low, high
        ends = self.uniform or self.log_uniform
        assert ends is not None
        return ends


def _flat(tables: object, path: str = "") -> Mapping[str, Any]:
    """Bring nested tables of distributions, as dotted keys give them, to one table by dotted paths."""
    if not isinstance(tables, Mapping):
        raise _fault(f"{tables!r} is wrong; a table is asked, with a distribution for each key")
    flat: dict[str, Any] = {}
    for key, value in tables.items():
        here = f"{path}.{key}" if path else str(key)
        if isinstance(value, Distribution) or (isinstance(value, Mapping) and set(value) & set(_KINDS)):
            below: Mapping[str, Any] = {here: value}
        elif isinstance(value, Mapping) and value:
            below = _flat(value, here)
        else:
            raise _fault(f"{here}: {value!r} is no distribution; write {{ uniform = [0.9, 1.1] }}, or {_OTHERS}")
        for place, distribution in below.items():
            if place in flat:
                raise _fault(f"{place} is there twice")
            flat[place] = distribution
    return flat


def _nested(schema: dict[str, Any]) -> None:
    """Let a JSON schema take the tables that dotted keys give, too."""
    schema["additionalProperties"] = {"anyOf": [schema["additionalProperties"], {"type": "object"}]}


Randomize = Annotated[dict[str, Distribution], BeforeValidator(_flat), Field(json_schema_extra=_nested)]
