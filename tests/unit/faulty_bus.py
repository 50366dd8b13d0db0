"""A fake bus with drives in which things go wrong, and a supervised bus before it."""

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from robot import Exchange, FakeBus, GuardedBus, JointCommand, JointLimits, RobotState
from robot.command import Array
from robot.drive_status import FAULTS, POWERS, DriveStatus
from robot.drivers import Fault, Power
from robot.safety.modes import RobotMode
from robot.safety.records import FaultRecord
from robot.safety.supervised_bus import SupervisedBus
from robot.safety.supervision import Supervision
from robot.safety.torque_limit import torque_asked
from scenarios.safety import load_safety

COUNT = 4
PERIOD = 0.002
NAMES = ("hip", "knee", "left_wrist", "right_wrist")
BUSES = ("leg", "leg", "arm", "arm")
LIMITS = JointLimits(
    lower=np.array([-1.0, 0.0, -0.5, -0.5]),
    upper=np.array([1.0, 2.0, 0.5, 0.5]),
    velocity=np.array([10.0, 12.0, 5.0, 5.0]),
    effort=np.array([100.0, 80.0, 6.0, 6.0]),
    names=NAMES,
)
STIFFNESS_MAX = np.array([400.0, 400.0, 60.0, 60.0])
DAMPING_MAX = np.array([40.0, 40.0, 6.0, 6.0])
STOP_DAMPING = np.array([4.0, 4.0, 0.6, 0.6])
START = np.array([0.2, 0.5, -0.1, 0.1])
HOLD = np.array([40.0, 80.0, 6.0, 6.0])
FILE = load_safety()
FIELDS = ("position", "velocity", "torque", "stiffness", "damping")


class FaultyBus(FakeBus):
    """Drives that can be switched, whose state can be spoilt, and that keep what they were sent.

    `spoil` gets each state before it is given out. `heard` is the time at which each drive was heard last, in ticks
    before the state; drives in `cut` are heard no more.
    """

    def __init__(self, time_constant: float = 0.02) -> None:
        super().__init__(START, period=PERIOD, time_constant=time_constant)
        self.sent: list[JointCommand] = []
        self.seen: list[RobotState] = []
        self.power = np.full(COUNT, POWERS.index(Power.OFF), dtype=np.uint8)
        self.fault = np.full(COUNT, FAULTS.index(Fault.NONE), dtype=np.uint8)
        self.motor = np.full(COUNT, 40.0)
        self.driver = np.full(COUNT, 35.0)
        self.voltage = np.full(COUNT, 48.0)
        self.current = np.zeros(COUNT)
        self.age = np.zeros(COUNT)
        self.cut = np.zeros(COUNT, dtype=bool)
        self.spoil: Callable[[RobotState], RobotState] = lambda state: state
        self.asked: list[str] = []

    def enable(self) -> None:
        self.asked.append("enable")
        self.power[:] = np.where(self.fault == 0, POWERS.index(Power.ON), POWERS.index(Power.FAULT))

    def disable(self) -> None:
        self.asked.append("disable")
        self.power[:] = POWERS.index(Power.OFF)

    def clear(self) -> None:
        self.asked.append("clear")
        self.fault[:] = FAULTS.index(Fault.NONE)

    def open(self) -> RobotState:
        return self._given(super().open())

    def exchange(self, command: JointCommand) -> Exchange:
        self.sent.append(command)
        state, applied = super().exchange(command)
        return Exchange(self._given(state), applied)

    def _given(self, state: RobotState) -> RobotState:
        self.age = np.where(self.cut, self.age + PERIOD, 0.0)
        status = DriveStatus(
            self.age.copy(), self.power.copy(), self.fault.copy(), self.fault.astype(np.int64), self.motor.copy(),
            self.driver.copy(), self.voltage.copy(), self.current.copy(),
        )  # fmt: skip
        state = self.spoil(dataclasses.replace(state, drives=status))
        self.seen.append(state)
        return state


class Rig:
    """A supervised bus, the drives behind it, and who runs it."""

    def __init__(self, **changes: Any) -> None:
        """Open it; limits, settings and the body can be changed by name."""
        self.drives = FaultyBus(changes.pop("time_constant", 0.02))
        limits = {name: changes.pop(name) for name in list(changes) if name in FILE.limits.__dataclass_fields__}
        clock = changes.pop("clock", None)
        settings = Supervision(
            dataclasses.replace(FILE.limits, **limits),
            FILE.source,
            "planner",
            PERIOD,
            HOLD,
            STOP_DAMPING,
            BUSES,
        )
        settings = dataclasses.replace(settings, **changes)
        guard = GuardedBus(
            self.drives, LIMITS, stiffness_max=STIFFNESS_MAX, damping_max=DAMPING_MAX, stop_damping=STOP_DAMPING
        )
        self.bus = SupervisedBus(guard, settings, switch=self.drives, clock=clock)
        self.state = self.bus.open()

    def command(self, **numbers: Any) -> JointCommand:
        """A command for the newest state: the pose of the start, held, but for the numbers that are given."""
        held = JointCommand(self.state.time, START, np.zeros(COUNT), np.zeros(COUNT), HOLD, STOP_DAMPING)
        changes: dict[str, Any] = {
            name: value if name == "time" else np.array(value) + np.zeros(COUNT) for name, value in numbers.items()
        }
        return dataclasses.replace(held, **changes)

    def tick(self, command: JointCommand | None = None, times: int = 1) -> np.ndarray:
        """Exchange, and return the reasons of the last one."""
        for _ in range(times):
            self.state, applied = self.bus.exchange(self.command() if command is None else command)
        return applied.reasons

    def follow(self, times: int, **numbers: Any) -> np.ndarray:
        """Exchange fresh commands with these numbers, and return the reasons of the last one."""
        for _ in range(times):
            reasons = self.tick(self.command(**numbers))
        return reasons

    def go(self, mode: RobotMode, *, settled: bool = True) -> "Rig":
        """Go the way to a mode; settled waits until all that is asked is there."""
        for step in (RobotMode.DAMPING, RobotMode.READY, RobotMode.ACTIVE):
            if step <= mode:
                self.bus.request(step)
                self.tick()
        if settled and mode in (RobotMode.READY, RobotMode.ACTIVE):
            self.tick(times=round(FILE.limits.enable_time / PERIOD) + 1)
        return self

    def mode(self) -> RobotMode:
        """The mode now."""
        return self.bus.mode

    def faults(self) -> tuple[FaultRecord, ...]:
        """The faults that are latched."""
        return self.bus.machine.faults

    def lost(self) -> tuple[int, ...]:
        """The joints that are out of service."""
        return self.bus.lost

    @property
    def last(self) -> JointCommand:
        """What the drives were sent last."""
        return self.drives.sent[-1]


def whole_torque(command: JointCommand, state: RobotState) -> Array:
    """Torque that drives make of a command at a state, shape (n,) [Nm]."""
    block = np.array([getattr(command, field) for field in FIELDS])
    return torque_asked(block, state.joint_position, state.joint_velocity)


def is_damping(command: JointCommand, joints: object = slice(None)) -> bool:
    """Whether a command only resists motion."""
    return not any(getattr(command, field)[joints].any() for field in ("velocity", "torque", "stiffness"))
