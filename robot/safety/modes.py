"""The modes of the robot's drives as a whole, as data: what each one does, and from which it may come."""

from __future__ import annotations

from enum import IntEnum

from robot.mode_table import ModeRow, ModeTable


class RobotMode(IntEnum):
    """What the drives are doing as a whole."""

    OFF = 0
    IDLE = 1
    DAMPING = 2
    READY = 3
    ACTIVE = 4
    FAULT = 5


TABLE = ModeTable[RobotMode]((
    ModeRow(
        RobotMode.OFF, "the bus is closed, nothing goes out", (RobotMode.IDLE, RobotMode.DAMPING, RobotMode.FAULT),
        "at the start; when the bus is closed, READY and ACTIVE by way of DAMPING",
    ),
    ModeRow(
        RobotMode.IDLE, "the drives are heard, the joints are free",
        (RobotMode.OFF, RobotMode.DAMPING, RobotMode.FAULT),
        "when the bus is opened; on request; when a fault is cleared that came with the drives off",
    ),
    ModeRow(
        RobotMode.DAMPING, "the drives are on, every joint resists its motion and holds nothing",
        (RobotMode.IDLE, RobotMode.READY, RobotMode.ACTIVE, RobotMode.FAULT),
        "on request; at a controlled stop; when a fault is cleared",
    ),
    ModeRow(
        RobotMode.READY, "the pose that was measured is held, with a stiffness that grows from zero",
        (RobotMode.DAMPING, RobotMode.ACTIVE), "on request, if every drive is on and nothing would stop it",
    ),
    ModeRow(
        RobotMode.ACTIVE, "the source with the lease commands, brought in by degrees", (RobotMode.READY,),
        "on request, if a source has the lease",
    ),
    ModeRow(
        RobotMode.FAULT, "every joint resists its motion, until the causes are gone and it is cleared",
        tuple(RobotMode)[:-1], "at a fault or an emergency stop",
    ),
))  # fmt: skip
