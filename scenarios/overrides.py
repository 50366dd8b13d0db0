"""Changes to a scenario from the command line: ``--set course.radius=4``, ``--set disturbances.0.impulse="30 N·s"``."""

import tomllib
from collections.abc import Iterable
from typing import Any

from scenarios.errors import BadInput


def apply_overrides(data: dict[str, Any], overrides: Iterable[str]) -> None:
    """Write each ``key=value`` into the tables of a scenario, in place; the validation that follows judges it.

    Args:
        data: Tables as read from a scenario file.
        overrides: A dotted path and a TOML value each; a number in the path counts into a list, and what is no TOML
            value is taken as a string.

    Raises:
        BadInput: There is no "=", or the path leads through something that is not a table.
    """
    for override in overrides:
        path, equals, text = override.partition("=")
        keys = [key.strip() for key in path.split(".")]
        if not equals or not all(keys):
            raise BadInput(f"--set {override!r}: write key=value, such as course.radius=4")
        _put(data, keys, _value(text), override)


def _value(text: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()


def _put(data: dict[str, Any], keys: list[str], value: object, override: str) -> None:
    here: Any = data
    for depth, key in enumerate(keys):
        where = ".".join(keys[:depth])
        last = depth == len(keys) - 1
        if isinstance(here, list):
            if not key.isdecimal() or int(key) >= len(here):
                raise BadInput(
                    f"--set {override!r}: {where} is a list of {len(here)}, count from 0; {key!r} is not in it"
                )
            index: Any = int(key)
        elif isinstance(here, dict):
            index = key
            if not last:
                here.setdefault(key, {})
        else:
            raise BadInput(f"--set {override!r}: {where} is not a table, it has no key {key!r}")
        if last:
            here[index] = value
        else:
            here = here[index]
