"""A cause for each watch that stops a robot, and how long it takes from there to a safe command."""

import dataclasses
import math
from collections.abc import Callable

import numpy as np

from robot import JointCommand
from robot.drive_status import FAULTS, POWERS
from robot.drivers import Fault, Power
from robot.safety.modes import RobotMode
from robot.safety.watches import Watch
from tests.unit.faulty_bus import COUNT, LIMITS, START, Rig, is_damping

Command = Callable[[], JointCommand]


def _state(rig: Rig, **numbers: object) -> None:
    """From now on states have these numbers."""
    rig.drives.spoil = lambda state: dataclasses.replace(state, **numbers)  # type: ignore[arg-type]


def _second(value: float) -> np.ndarray:
    """Zero, but for the second joint."""
    return np.where(np.arange(COUNT) == 1, value, 0.0)


def emergency_stop(rig: Rig) -> None:
    rig.bus.emergency_stop()


def bus_stopped(rig: Rig) -> None:
    rig.bus.stop()


def controller_silent(rig: Rig) -> Command:
    last = rig.command()
    rig.tick(last)
    return lambda: last


def state_stale(rig: Rig) -> None:
    _state(rig, time=rig.state.time)


def command_not_finite(rig: Rig) -> Command:
    return lambda: rig.command(torque=math.nan)


def state_not_finite(rig: Rig) -> None:
    _state(rig, joint_velocity=_second(math.nan))


def bus_silent(rig: Rig) -> None:
    rig.drives.cut[:2] = True


def drive_silent(rig: Rig) -> None:
    rig.drives.cut[1] = True


def drive_fault(rig: Rig) -> None:
    rig.drives.fault[1] = FAULTS.index(Fault.ENCODER)


def drive_off(rig: Rig) -> None:
    rig.drives.power[1] = POWERS.index(Power.OFF)


def position_beyond(rig: Rig) -> None:
    _state(rig, joint_position=LIMITS.upper + 0.06)


def velocity_beyond(rig: Rig) -> None:
    _state(rig, joint_velocity=_second(-1.3 * LIMITS.velocity[1]))


def torque_beyond(rig: Rig) -> None:
    _state(rig, joint_torque=_second(1.3 * LIMITS.effort[1]))


def encoder_stuck(rig: Rig) -> Command:
    """The reading stays, and the command goes on by 0.01 rad a tick."""
    reading, ticks = rig.state.joint_position[1], iter(range(1, 1000))
    rig.drives.spoil = lambda state: dataclasses.replace(
        state, joint_position=np.where(np.arange(COUNT) == 1, reading, state.joint_position)
    )
    return lambda: rig.command(position=START + _second(0.01 * next(ticks)))


def imu_stuck(rig: Rig) -> None:
    _state(rig, torso_imu=rig.state.torso_imu)


def current_high(rig: Rig) -> None:
    rig.drives.current[1] = 61.0


def voltage_low(rig: Rig) -> None:
    rig.drives.voltage[:] = 30.0


def voltage_high(rig: Rig) -> None:
    rig.drives.voltage[:] = 60.0


def motor_hot(rig: Rig) -> None:
    rig.drives.motor[1] = 120.0


def driver_hot(rig: Rig) -> None:
    rig.drives.driver[1] = 90.0


CAUSES: dict[Watch, Callable[[Rig], Command | None]] = {
    Watch[cause.__name__.upper()]: cause
    for cause in (
        emergency_stop, bus_stopped, controller_silent, state_stale, command_not_finite, state_not_finite, bus_silent,
        drive_silent, drive_fault, drive_off, position_beyond, velocity_beyond, torque_beyond, encoder_stuck,
        imu_stuck, current_high, voltage_low, voltage_high, motor_hot, driver_hot,
    )
}  # fmt: skip
"""What brings each watch about, between two exchanges; it returns what is commanded from then on, if that matters."""


def ticks_to_safe(watch: Watch, wait: int) -> tuple[int, Rig]:
    """Number of exchanges from a cause to the first command that only damps, that one counted; and the rig then.

    Args:
        watch: The watch.
        wait: Exchanges before the cause, after everything has settled.
    """
    rig = Rig(enable_time=0.02).go(RobotMode.ACTIVE, settled=False)
    rig.tick(times=12 + wait)
    assert not is_damping(rig.last)
    command = CAUSES[watch](rig) or rig.command
    for tick in range(1, 100):
        rig.tick(command())
        if is_damping(rig.last):
            return tick, rig
    raise AssertionError(f"{watch.name} does not lead to damping")
