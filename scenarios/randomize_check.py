"""Looks at a `[randomize]` table before anything is drawn from it: every key is there, and takes what may be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.overrides import put
from scenarios.quantity import Quantity
from scenarios.randomize_schema import Distribution, Scalar
from scenarios.schema import ScenarioFile, validated

_UNTOUCHED = ("randomize", "summary", "criteria", "kind")
"""Tables and keys that say nothing of the ride itself."""


def in_si(data: Mapping[str, Any], table: Mapping[str, Distribution], fixed: Iterable[str]) -> dict[str, Distribution]:
    """The distributions with their numbers in SI.

    Args:
        data: The scenario's tables, valid as they are.
        table: Its distributions by key.
        fixed: Keys whose values stand fast; what is at or below them is not drawn, and left out.

    Raises:
        BadInput: A key is not there, its distribution makes no sense for it, or the scenario does not take an end of
            it; in one line.
    """
    plain = {key: value for key, value in data.items() if key != "randomize"}
    held = tuple(fixed)
    return {
        key: _checked(plain, key, distribution)
        for key, distribution in table.items()
        if not any(key == path or key.startswith(f"{path}.") for path in held)
    }


def quantity_at(scenario: BaseModel, path: str) -> Quantity | None:
    """What quantity a key of a scenario is; None for a key that is none, as a name or a count."""
    *tables, last = path.split(".")
    here: Any = scenario
    for name in tables:
        here = here[int(name)] if isinstance(here, tuple) else getattr(here, name)
    return _quantity(type(here).model_fields[last]) if isinstance(here, BaseModel) else None


def _checked(data: dict[str, Any], key: str, distribution: Distribution) -> Distribution:
    if key.split(".")[0] in _UNTOUCHED:
        raise BadInput(f"randomize.{key}: {key.split('.')[0]} is not drawn; name a key of the ride, as world.friction")
    raw = distribution.choice or getattr(distribution, distribution.kind)
    quantity = quantity_at(_with(data, key, raw[0]), key)
    if quantity is None:
        if distribution.choice is None:
            raise BadInput(f"randomize.{key}: it is no quantity; write {{ choice = [...] }}")
        converted = distribution
    else:
        converted = _converted(key, distribution, quantity)
        _require_sense(key, converted)
    for value in converted.values:
        _with(data, key, value)
    return converted


def _with(data: dict[str, Any], key: str, value: Scalar) -> ScenarioFile:
    """The scenario with another value at a key."""
    changed = deepcopy(data)
    try:
        put(changed, key.split("."), value, f"randomize.{key}")
        scenario = validated(changed)
    except ValidationError as error:
        shown = f"{value:g}" if isinstance(value, float) else repr(value)
        raise BadInput(f"randomize.{key}: with {shown}, {complaint(error, changed)}") from None
    return scenario


def _quantity(field: FieldInfo) -> Quantity | None:
    """The quantity that a field is annotated with, or that one of its alternatives is."""
    found = [note for note in field.metadata if isinstance(note, Quantity)]
    for alternative in get_args(field.annotation):
        found += [note for note in getattr(alternative, "__metadata__", ()) if isinstance(note, Quantity)]
    return found[0] if found else None


def _converted(key: str, distribution: Distribution, quantity: Quantity) -> Distribution:
    measured = Quantity(quantity.dimension)
    changes: dict[str, object] = {}
    try:
        for name in ("uniform", "log_uniform", "normal", "choice"):
            values = getattr(distribution, name)
            if values is not None:
                changes[name] = tuple(measured.parse(value) for value in values)
        for name in ("min", "max"):
            value = getattr(distribution, name)
            if value is not None:
                changes[name] = measured.parse(value)
    except ValueError as error:
        raise BadInput(f"randomize.{key}: {error}") from None
    return distribution.replaced(**changes)


def _require_sense(key: str, distribution: Distribution) -> None:
    """See that ends are in order and spreads are positive."""
    if distribution.choice is not None:
        return
    if distribution.normal is not None and float(distribution.normal[1]) <= 0.0:
        raise BadInput(f"randomize.{key}: the standard deviation is {distribution.normal[1]:g}, it must be above 0")
    low, high = (float(value) for value in distribution.values)
    if low >= high:
        raise BadInput(f"randomize.{key}: {low:g} is not below {high:g}; the lower end comes first")
    if distribution.log_uniform is not None and low <= 0.0:
        raise BadInput(f"randomize.{key}: log_uniform begins at {low:g}, it must begin above 0")
