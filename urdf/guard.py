"""The model guard: a body whose URDF cannot be right is refused before anything computes with it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from urdf.description import Description, Fault, read
from urdf.joints import joint_faults
from urdf.masses import MassBounds, mass_faults
from urdf.shapes import ShapeBounds, shape_faults
from urdf.tree import grow, name_faults
from urdf.xml_writer import LINE_LIMIT


def require_sound(text: str, source: str = "the URDF", folder: Path | None = None) -> None:
    """Let a sound body pass; the result is kept for each text, so that asking again costs nothing.

    Args:
        text: The URDF.
        source: What to call it in the message, such as a file's path.
        folder: Where mesh files are looked for; they are not looked for where none is given.

    Raises:
        ValueError: The body cannot be right; in one line the first fault, with its link or joint and value, and how
            many more there are.
    """
    faults = inspect(text, folder)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise ValueError(f"{source}: {faults[0]}{more}")


@lru_cache(maxsize=64)
def inspect(text: str, folder: Path | None = None) -> tuple[Fault, ...]:
    """All that is wrong with a body, in the order in which it is best mended; nothing if it is sound.

    What cannot be read hides what would be wrong with it, and a body that is no tree has no masses to compare.
    """
    body, faults = read(text)
    if body is None:
        return tuple(faults)
    faults += _long_lines(text)
    faults += name_faults(body)
    if faults:
        return tuple(faults)
    tree, faults = grow(body)
    if tree is None:
        return tuple(faults)
    return (
        *joint_faults(body),
        *mass_faults(tree, MassBounds()),
        *shape_faults(tree, ShapeBounds(), folder),
    )


def summary(text: str) -> str:
    """Size of a sound body: ``12 links, 11 joints, 12.40 kg``; joints that are fixed are not counted."""
    body = _sound(text)
    moving = sum(joint.kind != "fixed" for joint in body.joints)
    return f"{len(body.links)} links, {moving} moving joints, {sum(link.mass for link in body.links):.2f} kg"


def _sound(text: str) -> Description:
    require_sound(text)
    body, _ = read(text)
    assert body is not None
    return body


def _long_lines(text: str) -> list[Fault]:
    """Lines that PyBullet would break in two [bytes]."""
    lengths = ((number, len(line.encode())) for number, line in enumerate(text.split("\n"), 1))
    return [
        Fault(f"line {number}", f"has {length} bytes, PyBullet reads only lines shorter than {LINE_LIMIT}: break it")
        for number, length in lengths
        if length >= LINE_LIMIT
    ]
