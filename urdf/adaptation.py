"""What a parameter file changes in somebody else's URDF before anything reads it: declared, and nothing else.

A URDF that comes from elsewhere is not edited. What it lacks or has too much stands in the body's parameter file:

- `[urdf]`: `root`, the link that becomes the root; `rigid`, patterns of joints that are fixed at zero;
  `own_collisions = false`, which takes the collision shapes away that the URDF brings; and `own_losses = false`, which
  takes the damping and friction of its joints away, for these are told of the drives;
- `[[frames]]`: massless frames, each with `name`, `link`, `xyz` [m] and `rpy` [rad];
- `[[collisions]]`: shapes in the place of a link's own, each with `links` and one of `box` (three lengths), `capsule`,
  `cylinder` (radius, length) or `sphere` (radius) [m], and `xyz` [m] and `rpy` [rad].

Paths of meshes that begin with `package://` are written from the URDF's folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from math import isfinite
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

Element = ElementTree.Element

TABLES = ("urdf", "frames", "collisions")
"""Tables of a parameter file that are read here."""
_URDF = ("root", "rigid", "own_collisions", "own_losses")
_FRAME = ("name", "link", "xyz", "rpy")
_SIZES = {"box": 3, "capsule": 2, "cylinder": 2, "sphere": 1}
_COLLISION = ("links", *_SIZES, "xyz", "rpy")
_ORIGIN = (0.0, 0.0, 0.0)
_PACKAGE = "package://"


def adapted(urdf: str, parameters: str, folder: Path) -> str:
    """The text of a URDF with what a parameter file declares; the same text where it declares nothing.

    Args:
        urdf: The text of the URDF.
        parameters: The text of the parameter file (TOML).
        folder: Where the URDF is.

    Raises:
        ValueError: One of the two cannot be read, or a change cannot be made; in one line.
    """
    try:
        document = tomllib.loads(parameters)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"body file: no TOML: {error}") from error
    if not any(table in document for table in TABLES):
        return urdf
    try:
        robot = ElementTree.fromstring(urdf)
    except ElementTree.ParseError as error:
        raise ValueError(f"the URDF is not well-formed XML: {error}") from error
    changes = document.get("urdf", {})
    if not isinstance(changes, dict):
        raise ValueError("body file: [urdf] must be a table")
    _require_known(changes, _URDF, "[urdf]")
    if "root" in changes:
        _take_root(robot, changes["root"])
    _fix_joints(robot, changes.get("rigid", []))
    if not _kept(changes, "own_collisions"):
        _strip(robot.iterfind("link"), "collision")
    if not _kept(changes, "own_losses"):
        _strip(robot.iterfind("joint"), "dynamics")
    for number, frame in enumerate(_list(document, "frames"), start=1):
        _add_frame(robot, frame, f"[[frames]] number {number}")
    _collide(robot, _list(document, "collisions"))
    for mesh in robot.iter("mesh"):
        mesh.set("filename", _from_folder(mesh.get("filename", ""), folder))
    return ElementTree.tostring(robot, encoding="unicode")


def _take_root(robot: Element, root: object) -> None:
    """Leave out all that a link does not carry, which must be frames without mass."""
    links = _links(robot)
    if root not in links:
        raise ValueError(f"body file: [urdf] root: no link {root!r}; the URDF has {', '.join(links)}")
    carried = {str(root)}
    joints = robot.findall("joint")
    grown = True
    while grown:
        new = {_end(joint, "child") for joint in joints if _end(joint, "parent") in carried} - carried
        carried |= new
        grown = bool(new)
    for name, link in links.items():
        if name not in carried:
            if any(link.find(tag) is not None for tag in ("inertial", "collision", "visual")):
                raise ValueError(f"body file: [urdf] root: {root!r} does not carry {name!r}, which is no mere frame")
            robot.remove(link)
    for joint in joints:
        if not {_end(joint, "parent"), _end(joint, "child")} <= carried:
            robot.remove(joint)


def _fix_joints(robot: Element, patterns: object) -> None:
    if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
        raise ValueError(f"body file: [urdf] rigid must be a list of patterns, not {patterns!r}")
    joints = robot.findall("joint")
    for pattern in patterns:
        found = [joint for joint in joints if fnmatchcase(joint.get("name", ""), pattern)]
        if not found:
            names = ", ".join(joint.get("name", "") for joint in joints if joint.get("type") != "fixed")
            raise ValueError(f"body file: [urdf] rigid: no joint matches {pattern!r}; the URDF has {names}")
        for joint in found:
            joint.set("type", "fixed")
        for tag in ("axis", "limit", "mimic", "dynamics"):
            _strip(found, tag)


def _add_frame(robot: Element, frame: Mapping[str, Any], where: str) -> None:
    _require_known(frame, _FRAME, where)
    name, parent = frame.get("name"), frame.get("link")
    if not isinstance(name, str) or not name:
        raise ValueError(f"body file: {where} needs a 'name'")
    links = _links(robot)
    if parent not in links:
        raise ValueError(f"body file: {where}, {name!r}: no link {parent!r}; the URDF has {', '.join(links)}")
    if name in links:
        raise ValueError(f"body file: {where}: the URDF has a link {name!r} already, choose another name")
    ElementTree.SubElement(robot, "link", name=name).tail = "\n"
    joint = ElementTree.SubElement(robot, "joint", name=f"{name}_fixed", type="fixed")
    joint.tail = "\n"
    ElementTree.SubElement(joint, "parent", link=parent)
    ElementTree.SubElement(joint, "child", link=name)
    _place(joint, frame, f"{where}, {name!r}")


def _collide(robot: Element, shapes: Sequence[Mapping[str, Any]]) -> None:
    """Give links the shapes that are declared, and take away what they had."""
    links = _links(robot)
    told = [(shape, f"[[collisions]] number {number}") for number, shape in enumerate(shapes, start=1)]
    for shape, where in told:
        _require_known(shape, _COLLISION, where)
        names = shape.get("links")
        if not isinstance(names, list) or not names:
            raise ValueError(f"body file: {where} needs 'links', a list of names")
        for name in names:
            if name not in links:
                raise ValueError(f"body file: {where}: no link {name!r}; the URDF has {', '.join(links)}")
        _strip((links[name] for name in names), "collision")
    for shape, where in told:
        kinds = [kind for kind in _SIZES if kind in shape]
        if len(kinds) != 1:
            raise ValueError(f"body file: {where} needs one of {', '.join(_SIZES)}, it has {len(kinds)}")
        (kind,) = kinds
        size = _numbers(shape[kind], _SIZES[kind], f"{where}: {kind}")
        for name in shape["links"]:
            collision = ElementTree.SubElement(links[name], "collision")
            collision.tail = "\n"
            _place(collision, shape, where)
            geometry = ElementTree.SubElement(collision, "geometry")
            if kind == "box":
                attributes = {"size": _written(size)}
            else:
                attributes = dict(zip(("radius", "length"), map(repr, size), strict=False))
            ElementTree.SubElement(geometry, kind, attributes)


def _place(element: Element, table: Mapping[str, Any], where: str) -> None:
    xyz, rpy = (_numbers(table.get(key, _ORIGIN), 3, f"{where}: {key}") for key in ("xyz", "rpy"))
    ElementTree.SubElement(element, "origin", xyz=_written(xyz), rpy=_written(rpy))


def _kept(changes: Mapping[str, Any], key: str) -> bool:
    kept = changes.get(key, True)
    if not isinstance(kept, bool):
        raise ValueError(f"body file: [urdf] {key} must be true or false, not {kept!r}")
    return kept


def _strip(elements: Iterable[Element], tag: str) -> None:
    for element in elements:
        for child in element.findall(tag):
            element.remove(child)


def _from_folder(file: str, folder: Path) -> str:
    """A mesh file's path from the URDF's folder; a package is the folder of its name above the URDF."""
    if not file.startswith(_PACKAGE):
        return file
    package, _, rest = file.removeprefix(_PACKAGE).partition("/")
    for above in (folder, *folder.parents):
        if above.name == package:
            return os.path.relpath(above / rest, folder)
    return file


def _links(robot: Element) -> dict[str, Element]:
    return {link.get("name", ""): link for link in robot.iterfind("link")}


def _end(joint: Element, tag: str) -> str:
    element = joint.find(tag)
    return "" if element is None else element.get("link", "")


def _list(document: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ValueError(f"body file: {key!r} must be a list of [[{key}]] tables")
    return tables


def _require_known(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ValueError(f"body file: {where}: there is no key {key!r}; there are {', '.join(known)}")


def _numbers(value: Any, count: int, where: str) -> tuple[float, ...]:
    values: Sequence[Any] = value if isinstance(value, list | tuple) else [value]
    if len(values) != count or not all(
        isinstance(v, int | float) and not isinstance(v, bool) and isfinite(v) for v in values
    ):
        wanted = "a finite number" if count == 1 else f"{count} finite numbers"
        raise ValueError(f"body file: {where} must be {wanted}, not {value!r}")
    return tuple(float(v) for v in values)


def _written(numbers: Iterable[float]) -> str:
    return " ".join(map(repr, numbers))
