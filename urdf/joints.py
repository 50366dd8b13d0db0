"""Whether every joint says what it needs, and nothing that the project does not do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from urdf.description import KINDS, Description, Fault, Joint

_UNIT = 1e-3
"""How far the length of an axis may be from one [1]."""


def joint_faults(body: Description) -> Iterator[Fault]:
    """What is wrong with each joint, one fault a joint."""
    for joint in body.joints:
        what = _wrong(joint)
        if what is not None:
            yield Fault(f"joint {joint.name!r}", what)


def _wrong(joint: Joint) -> str | None:
    if joint.kind not in KINDS:
        return f"is of type {joint.kind!r}, {', '.join(KINDS)} are supported"
    if joint.mimic is not None:
        return f"follows {joint.mimic!r} by <mimic>, which no engine here obeys: model the drive that moves it"
    if joint.kind == "fixed":
        return None
    for key, value in (("damping", joint.damping), ("friction", joint.friction)):
        if value != 0.0:
            return f"has <dynamics {key}> {value:g}, a hidden loss: put it into the drive or parameter file"
    length = float(np.linalg.norm(joint.axis))
    if abs(length - 1.0) > _UNIT:
        return f"has the axis {_listed(joint.axis)} of length {length:g}, it must be a unit vector"
    return _limits(joint)


def _limits(joint: Joint) -> str | None:
    length, force = ("m", "N") if joint.kind == "prismatic" else ("rad", "Nm")
    for key, value, unit in (("effort", joint.effort, force), ("velocity", joint.velocity, f"{length}/s")):
        if value is None:
            return f"has no <limit {key}>, it needs one above zero [{unit}]"
        if value <= 0.0:
            return f"has the {key} limit {value:g} {unit}, it must be above zero"
    if joint.kind == "continuous":
        return None
    for key, value in (("lower", joint.lower), ("upper", joint.upper)):
        if value is None:
            return f"has no <limit {key}>, a {joint.kind} joint needs one [{length}]"
    assert joint.lower is not None
    assert joint.upper is not None
    if joint.lower >= joint.upper:
        return f"has lower {joint.lower:g} {length} and upper {joint.upper:g} {length}, lower must be below upper"
    return None


def _listed(vector: np.ndarray) -> str:
    return f"({', '.join(f'{x:g}' for x in vector)})"
