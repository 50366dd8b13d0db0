"""From a scenario's name or file to a validated scenario."""

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scenarios.body_files import in_folder, placed
from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.foot_schema import FootFile
from scenarios.overrides import apply_overrides
from scenarios.randomize_check import in_si
from scenarios.ride_schema import RideScenario
from scenarios.schema import Scenario, named, validated
from scenarios.suggest import suggestion

LIBRARY = Path(__file__).with_name("library")


def library_names() -> list[str]:
    """Names of the scenarios that come with the project, in alphabetical order."""
    return sorted(file.stem for file in LIBRARY.glob("*.toml"))


def load(reference: str, overrides: Sequence[str] = ()) -> Scenario:
    """Read a scenario.

    Args:
        reference: A name from the library, or a path to a TOML file.
        overrides: Changes, ``key=value`` each, as in :func:`scenarios.overrides.apply_overrides`.

    Raises:
        BadInput: There is no such scenario, its file does not parse, or a key or a value is wrong, of what may be
            drawn as well.
    """
    file = _find(reference)
    data = _read(file)
    fixed = apply_overrides(data, overrides)
    shown = " ".join([str(file) if _is_path(reference) else reference, *(f"--set {change}" for change in overrides)])
    try:
        content = validated(data)
    except ValidationError as error:
        raise BadInput(f"{shown}: {complaint(error, data)}") from None
    try:
        drawn = in_si(data, content.randomize, fixed)
    except BadInput as error:
        raise BadInput(f"{shown}: {error}") from None
    content = content.replaced(randomize=drawn)
    if isinstance(content, FootFile) and content.robot is not None:
        content = content.replaced(robot=placed(content.robot, file.parent))
    if content.policy is not None:
        content = content.replaced(policy=in_folder(content.policy, file.parent))
    return named(file.stem, content)


def load_ride(reference: str, overrides: Sequence[str] = ()) -> RideScenario:
    """Read a scenario that must be a ride.

    Raises:
        BadInput: As :func:`load`, or the scenario is one on foot.
    """
    scenario = load(reference, overrides)
    if not isinstance(scenario, RideScenario):
        raise BadInput(f"{reference}: its kind is {scenario.kind!r}; this takes rides alone, as ride_straight")
    return scenario


def scenario_text(reference: str) -> str:
    """Content of a scenario's file.

    Raises:
        BadInput: There is no such scenario, or its file cannot be read.
    """
    return _text(_find(reference))


def _is_path(reference: str) -> bool:
    return reference.endswith(".toml") or "/" in reference


def _find(reference: str) -> Path:
    if _is_path(reference):
        return Path(reference)
    names = library_names()
    if reference not in names:
        raise BadInput(
            f"there is no scenario {reference!r} (nor a path to a .toml file); {suggestion(reference, names)}"
        )
    return LIBRARY / f"{reference}.toml"


def _read(file: Path) -> dict[str, Any]:
    text = _text(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        line, column = place.groups() if place else (text.count("\n") + 1, len(text) - text.rfind("\n"))
        raise BadInput(f"{file}:{line}:{column}: {message[: place.start()] if place else message}") from None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: is not UTF-8 text, at byte {error.start}") from None
