"""The dialect file, read: checked, and turned into models of drives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from robot.drivers.dialect import Dialect, DriveModel, MoteusDialect
from robot.drivers.dialect_schema import GAINS, DialectFile, ModelTable


def read(document: Mapping[str, Any]) -> dict[tuple[str, str], DriveModel]:
    """Check a parsed dialect file, and return its models by name and firmware.

    Raises:
        ValueError: Something in it is missing, unknown or makes no sense; the message says where.
    """
    try:
        file = DialectFile.model_validate(_spelled_out(document))
    except ValidationError as error:
        raise ValueError(f"dialect file: {_line(error, document)}") from error
    dialects: dict[str, Dialect] = {name: table.dialect(name) for name, table in file.dialect.items()}
    models: dict[tuple[str, str], DriveModel] = {}
    for entry in file.model:
        if entry.dialect not in dialects:
            raise ValueError(
                f"dialect file: model {entry.name!r} has the dialect {entry.dialect!r}, which is not there; "
                f"there are {', '.join(sorted(dialects))}"
            )
        if (entry.name, entry.firmware) in models:
            raise ValueError(f"dialect file: model {entry.name!r} with firmware {entry.firmware!r} is there twice")
        models[entry.name, entry.firmware] = _model(entry, dialects[entry.dialect])
    for name, firmware in models:
        if (name, "") not in models:
            raise ValueError(f"dialect file: model {name!r} has a firmware {firmware!r}, but no entry without one")
    return models


def _spelled_out(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with each command that is the name of a layout replaced by that layout."""
    layouts, dialects = document.get("layout"), document.get("dialect")
    if not isinstance(layouts, dict) or not isinstance(dialects, dict):
        return dict(document)
    whole = {}
    for name, dialect in dialects.items():
        command = dialect.get("command") if isinstance(dialect, dict) else None
        if isinstance(command, str):
            if command not in layouts:
                raise ValueError(
                    f"dialect file: dialect.{name}.command: there is no layout {command!r}; there are "
                    f"{', '.join(layouts)}"
                )
            dialect = dialect | {"command": layouts[command]}
        whole[name] = dialect
    return dict(document) | {"dialect": whole}


def _model(entry: ModelTable, dialect: Dialect) -> DriveModel:
    command, reply = entry.ranges()
    if isinstance(dialect, MoteusDialect) and not all(getattr(command, gain).low == 0.0 for gain in GAINS):
        raise ValueError(
            f"dialect file: model {entry.name!r}: a moteus drive scales its gains from 0; begin them there"
        )
    return DriveModel(entry.name, entry.firmware, dialect, command, reply)


def _line(error: ValidationError, document: Mapping[str, Any]) -> str:
    """The first complaint in one line, with its place."""
    first, *others = error.errors(include_url=False)
    place = ".".join(_place(first["loc"], document))
    message = str(first["msg"]).removeprefix("Value error, ")
    given = "" if first["type"] in ("value_error", "missing") else f", not {first['input']!r}"
    return f"{place}: {message}{given}" + (f" (and {len(others)} more)" if others else "")


def _place(location: tuple[int | str, ...], document: Mapping[str, Any]) -> list[str]:
    """The keys to a place; a model is called by its name, and a dialect's family is left out."""
    match location:
        case ("model", int(index), *rest):
            name = document["model"][index].get("name") if isinstance(document["model"][index], dict) else None
            head = [f"model {index + 1}" if name is None else f"model {name!r}"]
        case ("dialect", str(name), str(), *rest):
            head = ["dialect", name]
        case _:
            head, rest = [], list(location)
    return head + [str(part) for part in rest]
