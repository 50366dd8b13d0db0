"""The safety layer of a robot with drives, put together from the committed safety file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

import robot
from robot import Bus, GuardedBus
from robot.model import RobotModel
from robot.safety import safety_file
from robot.safety.safety_file import SafetyFile
from robot.safety.supervision import Supervision

SAFETY = Path(robot.__file__).parent / "safety" / "safety.toml"


def load_safety() -> SafetyFile:
    """What the safety layer watches for, and who may command."""
    return safety_file.parse(SAFETY.read_text(encoding="utf-8"))


def patient(settings: Supervision, patience: float) -> Supervision:
    """The same supervision, but silence of states, buses, drives and sources is borne for so long [s].

    For a host that cannot keep time, with no robot at the other end.
    """
    limits = replace(settings.limits, state_age=patience, bus_age=patience, drive_age=patience)
    sources = tuple(replace(source, lease=patience) for source in settings.sources)
    return replace(settings, limits=limits, sources=sources)


def guarded(bus: Bus, model: RobotModel) -> GuardedBus:
    """A bus with the safety guard in front."""
    drives = model.drives
    return GuardedBus(
        bus, model.limits, stiffness_max=np.minimum(10.0 * drives.stiffness, drives.stiffness_range),
        damping_max=np.minimum(10.0 * drives.damping, drives.damping_range), stop_damping=drives.damping,
    )  # fmt: skip


def supervision(
    model: RobotModel, period: float, buses: tuple[str, ...] | None = None, expendable: tuple[str, ...] = ()
) -> Supervision:
    """How a robot with drives is supervised.

    Args:
        model: The robot; its pose is held as stiffly as its drives stand at ease.
        period: Time of an exchange [s].
        buses: Name of the bus of each joint's drive; None if that is not known.
        expendable: Patterns of names of joints that may be lost.

    Raises:
        ValueError: The period is not above zero.
    """
    file, drives = load_safety(), model.drives
    return Supervision(
        file.limits, file.source, "planner", period, drives.stiffness, drives.damping, buses, expendable, file.blocked
    )
