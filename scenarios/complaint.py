"""One readable line from what pydantic found wrong in a scenario file."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core.core_schema import ErrorType


def complaint(error: ValidationError, data: Mapping[str, Any]) -> str:
    """Say what is wrong first, with its key path: ``course.radius: '5 kg' is a mass; write a length: ...``.

    Args:
        error: What validation raised.
        data: The tables that were validated.
    """
    first, *others = error.errors(include_url=False)
    return _line(first["loc"], first, data) + (f" (and {len(others)} more)" if others else "")


def _line(location: tuple[int | str, ...], details: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    path = _key_path(location, data)
    kind, context = details["type"], details.get("ctx", {})
    if kind == "union_tag_invalid":
        return f"{path}.kind: there is no {context['tag']!r}; there is: {context['expected_tags']}".removeprefix(".")
    if kind == "union_tag_not_found":
        return f"{path}.kind: is missing"
    if kind == "unknown_key":
        return f"{path}.{context['key']}: unknown key; {context['hint']}".removeprefix(".")
    if kind == "too_short":
        return f"{path}: at least {context['min_length']} must be there"
    if kind == "missing":
        return f"{path}: is missing"
    message = str(details["msg"])
    if kind not in _PYDANTIC:
        return f"{path}: {message}" if path else message
    if kind in ("model_type", "model_attributes_type"):
        message = "a table is asked"
    return f"{path}: {details['input']!r} is wrong: {message[0].lower()}{message[1:]}"


_PYDANTIC = frozenset(get_args(ErrorType))
"""Kinds of errors of pydantic itself; those of this project's models have whole sentences for messages."""


def _key_path(location: tuple[int | str, ...], data: Mapping[str, Any]) -> str:
    """Join a location as a user would write it, without the tags of unions that pydantic puts in."""
    parts: list[str] = []
    here: Any = data
    tagged = False
    for part in location:
        if not tagged and isinstance(here, Mapping) and here.get("kind") == part:
            tagged = True
            continue
        tagged = False
        parts.append(str(part))
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
        else:
            here = None
    return ".".join(parts)
