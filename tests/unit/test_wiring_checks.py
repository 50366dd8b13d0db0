"""What the wiring file's checks look at besides the file: the body's axes, and what replies can say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from robot import RobotModel
from robot.drivers import Range
from robot.wiring.mounting import require_axes
from robot.wiring.reach import require_reach
from robot.wiring.wiring import Wiring
from scenarios.assembly import load_robot
from scenarios.wiring import load_wiring

MODEL: RobotModel = load_robot()
WIRING: Wiring = load_wiring(MODEL)
STIFFNESS, DAMPING = MODEL.drives.stiffness, MODEL.drives.damping


@pytest.mark.parametrize(
    ("pitch", "roll", "message"),
    [
        ("left_ankle_roll_joint", "left_ankle_pitch_joint", "is not the next one after 'left_ankle_roll_joint'"),
        ("left_hip_pitch_joint", "left_hip_roll_joint", "miss each other by 0.0657 m"),
        ("left_knee_joint", "left_ankle_pitch_joint", "'left_ankle_pitch_joint' must turn about x, but it is a"),
        ("left_hip_yaw_joint", "left_knee_joint", "'left_hip_yaw_joint' must turn about y, but it is a JointModelRZ"),
        ("waist_roll_joint", "left_shoulder_pitch_joint", "is turned against 'waist_roll_joint' at zero"),
        ("left_ankle_pitch_joint", "left_ankle_rol_joint", "no joint 'left_ankle_rol_joint'"),
    ],
)
def test_joints_that_are_no_universal_joint_are_refused(pitch: str, roll: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        require_axes("left_ankle", pitch, roll, MODEL)


def test_ankles_and_waist_are_universal_joints() -> None:
    for name in ("left_ankle", "right_ankle", "waist"):
        require_axes(name, f"{name}_pitch_joint", f"{name}_roll_joint", MODEL)


def test_replies_must_say_the_limits_too() -> None:
    wires = list(WIRING.wires)
    place = MODEL.index("left_knee_joint")
    model = wires[place].model
    wires[place] = replace(wires[place], model=replace(model, reply=model.reply._replace(velocity=Range(-10.0, 10.0))))
    with pytest.raises(ValueError, match=r"'left_knee_joint': the velocity in frames of .* goes over ±10 rad/s"):
        require_reach(replace(WIRING, wires=tuple(wires)), STIFFNESS, DAMPING)


def test_a_singularity_within_the_range_is_found_where_no_point_of_the_grid_is_close_to_it(monkeypatch) -> None:
    mounted = WIRING.linkages[2]
    first, second = mounted.linkage.cranks
    crossed = type(mounted.linkage)("waist", (replace(first, anchor=(-0.05, -0.03, 0.0)), second))
    wiring = replace(WIRING, linkages=(*WIRING.linkages[:2], replace(mounted, linkage=crossed)))
    monkeypatch.setattr("robot.wiring.reach.CONDITION_MOST", float("inf"))
    with pytest.raises(ValueError, match="'waist': there is a singular position between zero and pitch"):
        require_reach(wiring, STIFFNESS, DAMPING)
