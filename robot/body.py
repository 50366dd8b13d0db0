"""How balance and walking see a body: its frames, how it stands at ease, and how stiff its joints are held."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from robot.model import RobotModel

Array = NDArray[np.float64]

_ONE = ("pelvis", "torso", "imu")
_TWO = ("soles", "hands")
_LENGTHS = ("sole_length", "sole_width")
_TABLES = ("held", "posture", "joints")
_GAINS = ("stiffness", "damping", "weight")


@dataclass(frozen=True, slots=True)
class Body:
    """A body's parameters for balance and walking; arrays are in the order of the robot model.

    Attributes:
        pelvis: Root link.
        torso: Link that should stay upright.
        imu: Frame of the pelvis' inertial measurement unit.
        soles: Frames in the middle of the left and of the right sole, x forward, z up.
        hands: Frames that reach, left and right.
        held: Joints that carry no load of the whole body.
        sole_half: Half the length and half the width of a sole [m].
        posture: How it stands at ease, shape (n,) [rad].
        stiffness: Of the drives around their reference, shape (n,) [Nm/rad].
        damping: Shape (n,) [Nm·s/rad].
        posture_weight: Cost of a joint's error of acceleration towards the posture, shape (n,) [s²/rad].
    """

    pelvis: str
    torso: str
    imu: str
    soles: tuple[str, str]
    hands: tuple[str, str]
    held: tuple[str, ...]
    sole_half: tuple[float, float]
    posture: Array
    stiffness: Array
    damping: Array
    posture_weight: Array

    @classmethod
    def parse(cls, text: str, model: RobotModel) -> Body:
        """Read the parameters of a body from a file's text (TOML); `robot/humanoid.toml` says what stands in it.

        Raises:
            ValueError: It is no TOML, something is missing, unknown or no number, a frame or joint does not exist, or a
                joint is in none or in several of the groups of [[joints]].
        """
        document = tomllib.loads(text)
        known = {*_ONE, *_TWO, *_LENGTHS, *_TABLES}
        for key in document:
            if key not in known:
                raise ValueError(f"body file: there is no key {key!r}; there are {', '.join(sorted(known))}")
        for key in (*_ONE, *_TWO, *_LENGTHS, "joints"):
            if key not in document:
                raise ValueError(f"body file: {key!r} is missing")
        frames = {key: _frame(document[key], key, model) for key in _ONE}
        pairs = {key: _pair(document[key], key, model) for key in _TWO}
        length, width = (_positive(document[key], key) for key in _LENGTHS)
        held = tuple(
            name for pattern in document.get("held", ()) for name in _matching(pattern, "held", model.joint_names)
        )
        posture = np.zeros(model.size)
        for pattern, angle in document.get("posture", {}).items():
            for name in _matching(pattern, "[posture]", model.joint_names):
                posture[model.index(name)] = _number(angle, f"[posture] {pattern}")
        limits = model.limits
        beyond = (posture < limits.lower) | (posture > limits.upper)
        if beyond.any():
            index = int(np.argmax(beyond))
            raise ValueError(
                f"body file: [posture] has {model.joint_names[index]} at {posture[index]} rad, its limits are "
                f"{limits.lower[index]:.4g} and {limits.upper[index]:.4g} rad"
            )
        gains = _gains(document["joints"], model.joint_names)
        return cls(
            frames["pelvis"], frames["torso"], frames["imu"], pairs["soles"], pairs["hands"], held,
            (0.5 * length, 0.5 * width), posture, *gains.T.copy(),
        )  # fmt: skip


def _frame(value: object, key: str, model: RobotModel) -> str:
    if not isinstance(value, str):
        raise ValueError(f"body file: {key!r} must be the name of a frame, not {value!r}")
    try:
        model.frame_id(value)
    except ValueError as error:
        raise ValueError(f"body file: {key}: {error}") from None
    return value


def _pair(value: object, key: str, model: RobotModel) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"body file: {key!r} must be two names, left and right, not {value!r}")
    return _frame(value[0], key, model), _frame(value[1], key, model)


def _number(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not np.isfinite(value):
        raise ValueError(f"body file: {what} must be a finite number, not {value!r}")
    return float(value)


def _positive(value: object, what: str) -> float:
    number = _number(value, what)
    if number <= 0.0:
        raise ValueError(f"body file: {what} is {number}, it must be above zero")
    return number


def _matching(pattern: object, where: str, names: Sequence[str]) -> list[str]:
    found = [name for name in names if isinstance(pattern, str) and fnmatchcase(name, pattern)]
    if not found:
        raise ValueError(f"body file: {where}: no joint matches {pattern!r}; the body has {', '.join(names)}")
    return found


def _gains(groups: Any, names: Sequence[str]) -> Array:
    """Stiffness, damping and posture weight of each joint, shape (n, 3)."""
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise ValueError("body file: 'joints' must be a list of [[joints]] tables")
    gains = np.full((len(names), len(_GAINS)), np.nan)
    for number, group in enumerate(groups, start=1):
        missing = [key for key in ("names", *_GAINS) if key not in group]
        if missing:
            raise ValueError(f"body file: [[joints]] number {number} lacks {missing[0]!r}")
        values = [_positive(group[key], f"[[joints]] number {number}: {key}") for key in _GAINS]
        for pattern in group["names"]:
            for name in _matching(pattern, f"[[joints]] number {number}", names):
                row = names.index(name)
                if not np.isnan(gains[row, 0]):
                    raise ValueError(f"body file: {name} is in more than one of [[joints]]")
                gains[row] = values
    unmatched = np.isnan(gains[:, 0])
    if unmatched.any():
        raise ValueError(f"body file: {names[int(np.argmax(unmatched))]} is in none of [[joints]]")
    return gains
