"""Where the files of another body are: on a path, or in an installed Python package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from scenarios.robot_schema import RobotTable

_PACKAGE = "package://"


def body_files(table: RobotTable) -> tuple[Path, Path]:
    """The URDF and the parameter file of a body.

    Raises:
        ValueError: One of them is not there, or its package is not installed.
    """
    return _file(table.urdf, "robot.urdf"), _file(table.parameters, "robot.parameters")


def placed(table: RobotTable, folder: Path) -> RobotTable:
    """The same table with absolute paths; what is there in a folder goes before what is in the working directory."""
    return table.replaced(urdf=in_folder(table.urdf, folder), parameters=in_folder(table.parameters, folder))


def in_folder(place: str, folder: Path) -> str:
    """An absolute path; what is there in a folder goes before what is in the working directory."""
    if place.startswith(_PACKAGE):
        return place
    beside = folder / place
    return str((beside if beside.is_file() else Path(place)).absolute())


def _file(place: str, key: str) -> Path:
    if place.startswith(_PACKAGE):
        return _in_package(place, key)
    file = Path(place)
    if not file.is_file():
        raise ValueError(f"{key}: there is no file {place!r}; write a path, or {_PACKAGE}NAME/... for one in a package")
    return file


def _in_package(place: str, key: str) -> Path:
    name, _, rest = place.removeprefix(_PACKAGE).partition("/")
    if not name.isidentifier() or not rest:
        raise ValueError(f"{key}: {place!r} names no file of a Python package; write {_PACKAGE}NAME/path/in/it")
    spec = find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        hint = name.replace("_", "-")
        raise ValueError(f"{key}: {place!r}: there is no Python package {name!r} here; try: pip install {hint}")
    folders = [Path(folder) for folder in spec.submodule_search_locations]
    for folder in folders:
        if (folder / rest).is_file():
            return folder / rest
    raise ValueError(f"{key}: {place!r}: the package {name!r} has no file {rest!r}; it is in {folders[0]}")
