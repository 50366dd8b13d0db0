"""One judge for all: how well a library's configurations serve the tasks, and whether they keep the limits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pinocchio as pin

import robot
import urdf
from benchmarks.peers.problem import FEET, FRAMES, HANDS, PERIOD, TORSO, Array, Problem, moved, stance
from robot import RobotModel

_URDF = Path(urdf.__file__).with_name("humanoid.urdf")
_DRIVES = Path(robot.__file__).with_name("drives.toml")
_SLACK = 1e-6
"""By how much a limit may be passed: what QP solvers hold as fulfilled [rad]."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Greatest errors over all ticks.

    Attributes:
        foot: Distance of a sole from its place [m].
        foot_turn: Angle of a sole from its axes [rad].
        torso_turn: The same of the torso [rad].
        hand: Distance of a hand from its target [m].
        hand_turn: [rad].
        com: Distance of the centre of mass from its target [m].
        posture: RMS of the joints' distance from the posture, over all joints and ticks [rad].
        position_limits: By how much a position limit is passed at most; 0 when it is kept [rad].
        velocity_limits: The same of a velocity limit [rad/s].
    """

    foot: float
    foot_turn: float
    torso_turn: float
    hand: float
    hand_turn: float
    com: float
    posture: float
    position_limits: float
    velocity_limits: float


def make_problem() -> Problem:
    """The problem for the project's own humanoid: it stands with bent knees, both soles on the ground."""
    text = _URDF.read_text(encoding="utf-8")
    model = RobotModel.from_urdf(text, _DRIVES.read_text(encoding="utf-8"), str(_URDF))
    limits = model.limits
    posture = stance(model.joint_names, limits.lower, limits.upper)
    floating, q = model.pinocchio_floating, np.concatenate((np.zeros(6), (1.0,), posture))
    data = floating.createData()
    pin.framesForwardKinematics(floating, data, q)
    q[2] -= min(data.oMf[floating.getFrameId(foot)].translation[2] for foot in FEET)
    pin.framesForwardKinematics(floating, data, q)
    placed = [data.oMf[floating.getFrameId(name)] for name in FRAMES]
    com = pin.centerOfMass(floating, data, q)
    positions, coms = moved(np.array([frame.translation for frame in placed]), com)
    return Problem(
        urdf=_bare(text),
        joints=model.joint_names,
        lower=limits.lower,
        upper=limits.upper,
        velocity=limits.velocity,
        base=q[:7],
        posture=posture,
        positions=positions,
        rotations=np.array([frame.rotation for frame in placed]),
        com=coms,
    )


def judge(problem: Problem, places: Array) -> Errors:
    """Look at configurations (pelvis position, quaternion x y z w, joints), shape (T, 7 + n)."""
    model = pin.buildModelFromXML(problem.urdf, pin.JointModelFreeFlyer())
    data = model.createData()
    frames = [model.getFrameId(name) for name in FRAMES]
    offset, turn = np.zeros((len(places), len(FRAMES))), np.zeros((len(places), len(FRAMES)))
    com = np.zeros(len(places))
    for tick, q in enumerate(places):
        pin.framesForwardKinematics(model, data, q)
        for index, frame in enumerate(frames):
            placed = data.oMf[frame]
            offset[tick, index] = np.linalg.norm(placed.translation - problem.positions[tick, index])
            turn[tick, index] = np.linalg.norm(pin.log3(problem.rotations[index].T @ placed.rotation))
        com[tick] = np.linalg.norm(pin.centerOfMass(model, data, q) - problem.com[tick])
    joints = places[:, 7:]
    speed = np.abs(np.diff(joints, axis=0, prepend=problem.posture[None])) / PERIOD
    feet, hands, torso = (
        [FRAMES.index(name) for name in FEET],
        [FRAMES.index(name) for name in HANDS],
        FRAMES.index(TORSO),
    )
    return Errors(
        foot=float(offset[:, feet].max()),
        foot_turn=float(turn[:, feet].max()),
        torso_turn=float(turn[:, torso].max()),
        hand=float(offset[:, hands].max()),
        hand_turn=float(turn[:, hands].max()),
        com=float(com.max()),
        posture=float(np.sqrt(np.mean((joints - problem.posture) ** 2))),
        position_limits=_passed(np.maximum(problem.lower - joints, joints - problem.upper)),
        velocity_limits=_passed(PERIOD * (speed - problem.velocity)) / PERIOD,
    )


def _passed(excess: Array) -> float:
    worst = float(excess.max())
    return worst if worst > _SLACK else 0.0


def _bare(text: str) -> str:
    """A URDF without what is seen and touched."""
    root = ElementTree.fromstring(text)
    for link in root.iter("link"):
        for shape in (*link.findall("visual"), *link.findall("collision")):
            link.remove(shape)
    return ElementTree.tostring(root, encoding="unicode")
