"""A ride that goes on tick by tick, and in which somebody steers, halts and pushes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from controllers.riding.free_leg import Place
from controllers.riding.helm import Helm
from controllers.riding.modes import RideMode
from controllers.riding.rider import Rider
from controllers.rotation import matrix_from_quaternion
from scenarios.assembly import assemble_ride
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.context import RideContext
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.metrics_course import FALL_ROLL
from scenarios.policy_file import with_policy
from scenarios.ride_schema import RideScenario
from sim.disturbance import Push
from sim.truth import Truth

if TYPE_CHECKING:
    from controllers.riding.route import Guide

Array = NDArray[np.float64]
Pushed = Literal["torso", "pelvis", "frame"]
PUSHED: tuple[Pushed, ...] = get_args(Pushed)
"""What can be pushed."""
_LINKS: dict[Pushed, str] = {"torso": "torso_link", "pelvis": "pelvis", "frame": "frame"}
_FASTEST = 4.0
"""Speed above which nobody may ask to ride [m/s]."""
_PUSH_LASTS, _DRAG_LASTS = 0.2, 0.1
"""[s]"""
_AHEAD, _APART = 12.0, 0.25
"""How far ahead the way is shown, and how far apart its points are [m]."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What there is to be seen at a moment; poses as in the log.

    Attributes:
        time: Simulated [s].
        robot: Position [m] and orientation (x, y, z, w) of the pelvis, and angles of the joints [rad].
        bicycle: The same of the bicycle's frame.
        heading: Of the bicycle [rad].
        speed: [m/s].
        roll: Positive to the right [rad].
        mode: What the rider is doing.
        aside: How far the rear wheel is from the way, positive to the left, as the rider knows it [m].
        way: The way ahead, shape (k, 2) [m].
        forces: Forces of the ground on rear and front wheel, and of the feet on left and right pedal where they
            are known, shape (2 or 4, 3) [N].
        acting: Where they act, of that shape [m].
        support: Corners of what it stands on: both wheels, and feet on the ground, shape (2 to 4, 3) [m].
        push: What pushes, in the world, shape (3,) [N].
        fallen: Whether the ride is lost.
    """

    time: float
    robot: tuple[Array, Array, Array]
    bicycle: tuple[Array, Array, Array]
    heading: float
    speed: float
    roll: float
    mode: RideMode
    aside: float
    way: Array
    forces: Array
    acting: Array
    support: Array
    push: Array
    fallen: bool


class LiveRide:
    """A scenario's ride with a helm in front of its course."""

    def __init__(self, reference: str, overrides: Sequence[str] = (), seed: int = 0) -> None:
        """Put the ride together and bring it to its first tick.

        Args:
            reference: Name of a scenario of the library, or path to its file.
            overrides: Changes to it, ``key=value`` each.
            seed: Of jitter and noise.

        Raises:
            BadInput: There is no such scenario, it is no ride, or it cannot be built.
        """
        scenario = load(reference, overrides)
        if not isinstance(scenario, RideScenario):
            raise BadInput(f"{scenario.name} is no ride: a window shows a ride that somebody can steer")
        self.reference, self.overrides, self.seed, self.scenario = reference, tuple(overrides), seed, scenario
        self._open()

    def _open(self) -> None:
        scenario = self.scenario
        helms: list[Helm] = []
        speed = scenario.rider.speed

        def steered(guide: Guide) -> Guide:
            helms.append(Helm(guide, speed, standing=scenario.start.foot is not None))
            return helms[0]

        free = scenario.model_copy(update={"rider": scenario.rider.model_copy(update={"speed": _FASTEST})})
        try:
            ride = assemble_ride(free, self.seed, steered)
            rider = ride.controller
            if scenario.policy is not None:
                ride = with_policy(ride, scenario.policy, scenario.kind)
            state = ride.bus.open()
        except ValueError as error:
            raise BadInput(f"{scenario.name} cannot be built: {error}") from error
        self._ride, self._state = ride, state
        self._controller, self._world = ride.controller, ride.world()
        assert isinstance(rider, Rider)
        assert isinstance(self._world.truth, Truth)
        self._rider, self._truth, self.helm = rider, self._world.truth, helms[0]
        """Where the ride is asked to go."""
        self._controller.reset(self._state)
        self.ticks = 0
        """How many there were."""
        self.fallen = False
        """Whether the ride is lost."""
        self._dragged = 0.0

    @property
    def context(self) -> RideContext:
        """Course, terrain and what stands on it."""
        assert isinstance(self._ride.context, RideContext)
        return self._ride.context

    @property
    def time(self) -> float:
        """Simulated time [s]."""
        return self.ticks * CONTROL_PERIOD

    @property
    def mode(self) -> RideMode:
        """What the rider is doing."""
        return self._rider.task.mode

    def restart(self, overrides: Sequence[str] | None = None) -> None:
        """Begin anew, with other changes to the scenario where some are given.

        Raises:
            BadInput: They cannot be made; the ride goes on as it was.
        """
        before, scenario = self._ride, self.scenario
        if overrides is not None:
            changed = load(self.reference, overrides)
            assert isinstance(changed, RideScenario)
            self.scenario = changed
        try:
            self._open()
        except BadInput:
            self.scenario = scenario
            raise
        self.overrides = self.overrides if overrides is None else tuple(overrides)
        before.bus.stop()
        before.bus.close()

    def tick(self) -> None:
        """Let a control period pass."""
        command = self._controller.step(self._state)
        self._state, _ = self._ride.bus.exchange(command)
        self.ticks += 1
        truth = self._truth
        self.fallen |= truth.body_ground_contact > 0 or abs(truth.roll) > FALL_ROLL

    def shove(self, impulse: float, toward: float, body: Pushed = "torso") -> None:
        """Push for 0.2 s.

        Args:
            impulse: [N·s].
            toward: Direction against the heading, positive to the left [rad].
            body: What is pushed, at its centre of mass.
        """
        force = impulse / _PUSH_LASTS
        self.pull((force * float(np.cos(toward)), force * float(np.sin(toward)), 0.0), body, _PUSH_LASTS)

    def pull(self, force: tuple[float, float, float], body: Pushed, lasts: float) -> None:
        """Pull with a force along the heading (forward, left, up) [N] for some time [s]."""
        self._world.disturb(Push(self.time, lasts, force, _LINKS[body]))

    def drag(self, force: tuple[float, float, float], body: Pushed) -> None:
        """Pull with a force along the heading [N] for a moment, and no more than that however often it is said."""
        if self.time >= self._dragged:
            self._dragged = self.time + _DRAG_LASTS
            self.pull(force, body, _DRAG_LASTS)

    def picture(self) -> Picture:
        """What there is to be seen now."""
        truth, rider = self._truth, self._rider
        telemetry, course = rider.telemetry, self.helm.route.course
        arc = telemetry.estimate_progress + np.arange(0.0, _AHEAD, _APART)
        rows = np.clip(np.rint(arc / course.spacing).astype(np.intp), 0, len(course.points) - 1)
        axes = matrix_from_quaternion(truth.bicycle_orientation)
        pedals = np.array([rider.posture.pedal(side, truth.crank_angle) for side in (0, 1)])
        standing = [leg.point for leg in rider.legs if leg.where is Place.GROUND]
        wheels = np.stack((truth.rear_contact, truth.front_contact))
        feet = truth.bicycle_position + np.array(standing).reshape(-1, 3) @ axes.T
        return Picture(
            time=self.time,
            robot=(
                truth.robot_position.copy(),
                truth.robot_orientation.copy(),
                truth.robot_joint_position.copy(),
            ),
            bicycle=(
                truth.bicycle_position.copy(),
                truth.bicycle_orientation.copy(),
                truth.bicycle_joint_position.copy(),
            ),
            heading=truth.heading,
            speed=truth.speed,
            roll=truth.roll,
            mode=rider.task.mode,
            aside=telemetry.estimate_lateral_error,
            way=course.points[rows],
            forces=np.concatenate((truth.ground_force, -truth.foot_force)).reshape(4, 3),
            acting=np.concatenate((wheels, truth.bicycle_position + pedals @ axes.T)),
            support=np.concatenate((wheels, feet)),
            push=truth.push.copy(),
            fallen=self.fallen,
        )

    def close(self) -> None:
        """End the ride."""
        self._ride.bus.stop()
        self._ride.bus.close()


def around(points: Array) -> Array:
    """Points, shape (k, 3), in the order in which they lie around their middle, seen from above."""
    off = points - points.mean(axis=0)
    return points[np.argsort(np.arctan2(off[:, 1], off[:, 0]))]
