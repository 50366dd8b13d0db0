"""How balance and walking see a body: its frames, how it stands at ease, and how stiff its joints are held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from robot import parameter_file
from robot.frames import BodyFrames
from robot.model import RobotModel
from robot.walk_sizes import WalkSizes

Array = NDArray[np.float64]

_ONE = ("pelvis", "torso", "imu", "torso_imu")
_TWO = ("soles", "hands")
_LENGTHS = ("sole_length", "sole_width")
_GAINS = ("stiffness", "damping", "weight")
_STRAIGHT = 0.9
"""Least cosine of the angle between an axis of a sole and where it should point, in the posture at ease."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body's parameters for balance and walking; arrays are in the order of the robot model.

    Attributes:
        pelvis: Root link.
        torso: Link that should stay upright.
        imu: Frame of the pelvis' inertial measurement unit.
        torso_imu: Frame of the torso's.
        soles: Frames in the middle of the left and of the right sole, x forward, z up.
        hands: Frames that reach, left and right.
        held: Joints that carry no load of the whole body.
        sole_half: Half the length and half the width of a sole [m].
        posture: How it stands at ease, shape (n,) [rad].
        stiffness: Of the drives around their reference, shape (n,) [Nm/rad].
        damping: Shape (n,) [Nm·s/rad].
        posture_weight: Cost of a joint's error of acceleration towards the posture, shape (n,) [s²/rad].
        folded: How it folds when it falls, shape (n,) [rad]; within the joints' limits.
        walk: Its size, by which its steps are set.
    """

    pelvis: str
    torso: str
    imu: str
    torso_imu: str
    soles: tuple[str, str]
    hands: tuple[str, str]
    held: tuple[str, ...]
    sole_half: tuple[float, float]
    posture: Array
    stiffness: Array
    damping: Array
    posture_weight: Array
    folded: Array
    walk: WalkSizes

    @property
    def frames(self) -> BodyFrames:
        """The names that a world needs."""
        return BodyFrames(self.torso, self.imu, self.torso_imu, self.soles, self.hands)

    @classmethod
    def parse(cls, text: str, model: RobotModel) -> Body:
        """Read the parameters of a body from a file's text (TOML); `robot/humanoid.toml` says what stands in it.

        The tables of the drives and of the URDF's adaptation may stand in the same file.

        Raises:
            ValueError: It is no TOML, something is missing, unknown or no number, a frame or joint does not exist, or a
                joint is in none or in several of the groups of [[joints]].
        """
        document = parameter_file.parse(text, "body file")
        parameter_file.require_known(document, "body file")
        for key in (*_ONE, *_TWO, *_LENGTHS, "joints"):
            if key not in document:
                raise ValueError(f"body file: {key!r} is missing")
        frames = {key: _frame(document[key], key, model) for key in _ONE}
        pairs = {key: _pair(document[key], key, model) for key in _TWO}
        length, width = (_positive(document[key], key) for key in _LENGTHS)
        held = tuple(
            name for pattern in document.get("held", ()) for name in _matching(pattern, "held", model.joint_names)
        )
        posture = _angles(document, "posture", np.zeros(model.size), model.joint_names)
        limits = model.limits
        beyond = (posture < limits.lower) | (posture > limits.upper)
        if beyond.any():
            index = int(np.argmax(beyond))
            raise ValueError(
                f"body file: [posture] has {model.joint_names[index]} at {posture[index]} rad, its limits are "
                f"{limits.lower[index]:.4g} and {limits.upper[index]:.4g} rad"
            )
        folded = np.clip(_angles(document, "folded", posture, model.joint_names), limits.lower, limits.upper)
        stiffness, damping, weight = _gains(document["joints"], model.joint_names).T.copy()
        _require_carried(frames, model)
        sole_half = 0.5 * length, 0.5 * width
        leg, apart = _leg(pairs["soles"], posture, model)
        walk = WalkSizes.of(_table(document, "walk"), leg, apart, sole_half, model.mass)
        return cls(
            frames["pelvis"], frames["torso"], frames["imu"], frames["torso_imu"], pairs["soles"], pairs["hands"], held,
            sole_half, posture, stiffness, damping, weight, folded, walk,
        )  # fmt: skip


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = document.get(key, {})
    if not isinstance(table, dict):
        raise ValueError(f"body file: {key!r} must be a table [{key}]")
    return table


def _angles(document: Mapping[str, Any], key: str, base: Array, names: Sequence[str]) -> Array:
    """Joint positions of a table of patterns, and those of `base` where it has nothing, shape (n,) [rad]."""
    angles = base.copy()
    for pattern, angle in _table(document, key).items():
        for name in _matching(pattern, f"[{key}]", names):
            angles[names.index(name)] = _number(angle, f"[{key}] {pattern}")
    return angles


def _require_carried(frames: Mapping[str, str], model: RobotModel) -> None:
    """See that each IMU is fixed to the link whose motion it is to measure."""
    joint = {key: model.pinocchio.frames[model.frame_id(name)].parentJoint for key, name in frames.items()}
    if joint["pelvis"] != 0:
        raise ValueError(f"body file: pelvis: {frames['pelvis']!r} is not fixed to the root link of the URDF")
    for imu, link in (("imu", "pelvis"), ("torso_imu", "torso")):
        if joint[imu] != joint[link]:
            raise ValueError(f"body file: {imu}: {frames[imu]!r} is not fixed to the {link} {frames[link]!r}")


def _leg(soles: tuple[str, str], posture: Array, model: RobotModel) -> tuple[float, float]:
    """Height of the left leg's first joint over its sole with all joints at zero; distance of the soles at ease [m]."""
    pinocchio = model.pinocchio
    data = pinocchio.createData()
    left, right = (model.frame_id(sole) for sole in soles)
    pin.framesForwardKinematics(pinocchio, data, np.zeros(model.size))
    chain = pinocchio.supports[pinocchio.frames[left].parentJoint].tolist()
    if len(chain) < 2:
        raise ValueError(f"body file: soles: no joint moves {soles[0]!r} against the root link")
    leg = float(data.oMi[chain[1]].translation[2] - data.oMf[left].translation[2])
    if leg <= 0.0:
        raise ValueError(f"body file: soles: {soles[0]!r} is {-leg:.3g} m above its leg's first joint with all at zero")
    pin.framesForwardKinematics(pinocchio, data, posture)
    for sole, frame in zip(soles, (left, right), strict=True):
        if min(data.oMf[frame].rotation[0, 0], data.oMf[frame].rotation[2, 2]) < _STRAIGHT:
            raise ValueError(
                f"body file: soles: x of {sole!r} must point forward and z up when the body stands at ease"
            )
    across = data.oMf[left].translation - data.oMf[right].translation
    if across[1] <= 0.0:
        raise ValueError(f"body file: soles: {soles[0]!r} is not to the left of {soles[1]!r}")
    return leg, float(np.linalg.norm(across[:2]))


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
