"""Changes to a scenario from the command line: ``--set course.radius=4``, ``--set disturbances.0.impulse="30 N·s"``."""

import tomllib
from collections.abc import Iterable, Sequence
from typing import Any

from scenarios.errors import BadInput


def apply_overrides(data: dict[str, Any], overrides: Iterable[str]) -> list[str]:
    """Write each ``key=value`` into the tables of a scenario, in place; the validation that follows judges it.

    Args:
        data: Tables as read from a scenario file.
        overrides: A dotted path and a TOML value each; a number in the path counts into a list, and what is no TOML
            value is taken as a string.

    Returns:
        The paths that were written to.

    Raises:
        BadInput: There is no "=", the value is longer or deeper than can be read, or the path leads through something
            that is not a table.
    """
    paths = []
    for override in overrides:
        path, equals, text = override.partition("=")
        keys = [key.strip() for key in path.split(".")]
        if not equals or not all(keys):
            raise BadInput(f"--set {override!r}: write key=value, such as course.radius=4")
        put(data, keys, _value(text, path), f"--set {override!r}")
        paths.append(".".join(keys))
    return paths


def _value(text: str, path: str) -> object:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text.strip()
    except (ValueError, RecursionError):  # more digits, or lists in lists, than Python takes
        raise BadInput(f"--set {path}={text[:20]}...: the value is too long or too deep; write a shorter one") from None


def put(data: dict[str, Any], keys: Sequence[str], value: object, said: str) -> None:
    """Write a value into tables at a path, in place; tables that are missing on the way are made.

    Args:
        data: Tables as read from a scenario file.
        keys: The path; a number counts into a list.
        value: What to write.
        said: How a message names the wish.

    Raises:
        BadInput: The path leads through something that is not a table, or past the end of a list.
    """
    here: Any = data
    for depth, key in enumerate(keys):
        where = ".".join(keys[:depth])
        last = depth == len(keys) - 1
        if isinstance(here, list):
            if not key.isdecimal() or int(key) >= len(here):
                raise BadInput(f"{said}: {where} is a list of {len(here)}, count from 0; {key!r} is not in it")
            index: Any = int(key)
        elif isinstance(here, dict):
            index = key
            if not last:
                here.setdefault(key, {})
        else:
            raise BadInput(f"{said}: {where} is not a table, it has no key {key!r}")
        if last:
            here[index] = value
        else:
            here = here[index]
