"""What `draisine bench loop` runs: the standing controller and every layer below it, held where it stands."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import can
import numpy as np
from numpy.typing import NDArray

from controllers.balance.controller import BalanceController
from controllers.balance.goal import Goal
from robot import RobotModel, RobotState
from robot.body_senses import BodySenses, StillSenses
from robot.can_bus import DriveBus
from robot.safety.supervised_bus import SupervisedBus
from robot.wiring import CanBus, Wiring
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.foot_assembly import state_at_rest
from scenarios.foot_body import load_foot_body
from scenarios.foot_start import stand
from scenarios.realtime.bring_up import DONE, BringUp
from scenarios.realtime.control_loop import ControlLoop
from scenarios.realtime.flight_recorder import FlightRecorder
from scenarios.realtime.monotonic_clock import MonotonicClock
from scenarios.safety import guarded, patient, supervision
from sim.ground import Ground

Array = NDArray[np.float64]

_PATIENCE = 10.0
"""What a machine that others use as well may stand still without an end of the measurement [s]."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A robot that stands still.

    Attributes:
        model: Its model.
        controller: Who lets it stand.
        state: What it feels; it is where it is for ever.
    """

    model: RobotModel
    controller: BalanceController
    state: RobotState

    @classmethod
    def at_ease(cls) -> Standing:
        """This project's robot, on both feet."""
        robot = load_foot_body(None)
        controller = BalanceController(robot.model, robot.body, (Goal(inf),), CONTROL_PERIOD)
        start = stand(robot.model, controller.standing, 0.0, Ground(), robot.body.frames)
        return cls(robot.model, controller, state_at_rest(robot.model, robot.body, start))

    def senses(self) -> StillSenses:
        """Its IMUs and its localisation."""
        state = self.state
        return StillSenses(BodySenses(state.pelvis_imu, state.torso_imu, state.localization))


class LoopHost:
    """The computer in the robot: controller, safety layer, guard and the bus of the drives."""

    def __init__(
        self, standing: Standing, wiring: Wiring, link: Callable[[CanBus], can.BusABC], clock: MonotonicClock
    ) -> None:
        """Put it together; nothing is opened yet.

        Args:
            standing: The robot.
            wiring: Which drive is where.
            link: Opens a bus.
            clock: The one to go by.
        """
        self.standing, self.wiring, self._clock = standing, wiring, clock
        model = standing.model
        drives = DriveBus(
            wiring, link, standing.senses(), clock, period=CONTROL_PERIOD, stop_damping=model.drives.damping
        )  # fmt: skip
        settings = supervision(model, CONTROL_PERIOD, tuple(wire.bus for wire in wiring.wires))
        self.bus = SupervisedBus(guarded(drives, model), patient(settings, _PATIENCE), switch=drives, clock=clock.now)

    def bring_up(self) -> RobotState:
        """Open the buses and go on until the controller commands.

        Raises:
            RuntimeError: A mode is refused, or something stands against it.
        """
        up = BringUp(self.bus, 5)
        state = self.loop(1).run(self.bus.open(), None, up)
        if up.why != DONE:
            raise RuntimeError(f"the loop does not come up: {up.why}")
        return state

    def warm_up(self, state: RobotState, ticks: int) -> RobotState:
        """Go on for some ticks without garbage of before, after which all caches are full."""
        gc.collect()
        return self.loop(1).run(state, ticks)

    def loop(self, kept: int) -> ControlLoop:
        """The loop, with a recorder that keeps so many ticks."""
        recorder = FlightRecorder(kept, self.standing.model.size)
        return ControlLoop(self.standing.controller, self.bus, self._clock, CONTROL_PERIOD, recorder)

    def close(self) -> None:
        """Stop and leave the buses; closing twice does nothing."""
        self.bus.stop()
        self.bus.close()
