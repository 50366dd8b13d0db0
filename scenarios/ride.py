"""What the assembly of a scenario hands to the runner: bus, controller, the world behind the bus, and the context."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from controllers.controller import Controller
from robot import Bus
from scenarios.context import RunContext, SafetyReport
from scenarios.run_log import RunLog

if TYPE_CHECKING:
    from sim.disturbance import Push


class RideController(Controller, Protocol):
    """A controller that does what a scenario asks and tells what it thinks."""

    @property
    def finished(self) -> bool:
        """Whether all that is asked is done."""
        ...

    @property
    def telemetry(self) -> object:
        """An object with a value for each estimate column of the log's layout, by the same names."""
        ...


class RideWorld(Protocol):
    """The world as the judge sees it."""

    @property
    def truth(self) -> object:
        """An object with a value for each truth column of the log's layout, by the names without `truth_`."""
        ...

    @property
    def physics_seconds(self) -> float:
        """Wall time spent inside the physics engine's steps so far [s]."""
        ...

    def disturb(self, push: "Push") -> None:
        """Let something push besides what the scenario declares."""
        ...


class SafetyWatch(Protocol):
    """What is known of the way from the controller to the drives, besides what the controller is told.

    It has a value for each safety column of the log's layout, by the same names.
    """

    def report(self) -> SafetyReport:
        """What has happened so far; the bus must be open."""
        ...


@dataclass(frozen=True, slots=True)
class Ride:
    """A scenario ready to be run.

    Attributes:
        bus: The way to the joints, with the safety guard in front.
        controller: The rider, or whoever stands on the feet.
        world: Gives what is behind the bus; asked once the bus is open.
        mechanics: Gives energy [J] and momentum [N·s] of all bodies over a log's rows, from its truth.
        context: What else is needed to judge the run.
        ridden: Gives the context as it is after the run: what the controller has changed of it is in that.
        safety: Looks at the way to the drives; None where nobody does.
    """

    bus: Bus
    controller: RideController
    world: Callable[[], RideWorld]
    mechanics: Callable[[RunLog], tuple[NDArray[np.float64], NDArray[np.float64]]]
    context: RunContext
    ridden: Callable[[RunContext], RunContext] = lambda context: context
    safety: SafetyWatch | None = None
