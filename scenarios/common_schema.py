"""What the scenarios of every kind have in common, as it stands in their files."""

import math
from collections.abc import Iterable
from typing import Annotated, Literal, Protocol, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from scenarios.direction import Direction
from scenarios.fault_schema import Fault, Safety, Share
from scenarios.quantity import Duration, Impulse, Instant, NonNegativeRatio
from scenarios.randomize_schema import Randomize
from scenarios.table import Table

CONTROL_PERIOD = 0.002
"""Time from one command to the next [s]."""
LONGEST = 2000.0
"""Longest run [s]."""


class Push(Table):
    """A horizontal force on a part of the body, constant while it lasts, in a direction that turns with what moves."""

    kind: Literal["push"] = "push"
    time: Instant
    """When it begins [s]."""
    duration: Duration = 0.2
    impulse: Impulse
    direction: Direction
    """Where it pushes to: left, right, forward, back, or an angle from forward to the left [rad]."""


def _divides_control_period(step: float) -> float:
    steps = CONTROL_PERIOD / step
    if not math.isclose(steps, max(round(steps), 1), rel_tol=1e-9):
        raise PydanticCustomError(
            "physics_step",
            "{step} s does not divide the control period of {period} s; write 1 ms, 0.5 ms, ...",
            {"step": f"{step:g}", "period": f"{CONTROL_PERIOD:g}"},
        )
    return step


class World(Table):
    """The world and how finely it is computed."""

    friction: NonNegativeRatio = 0.8
    """Coulomb friction of the ground against tyres and soles."""
    physics_step: Annotated[Duration, AfterValidator(_divides_control_period)] = 0.001
    solver_iterations: Annotated[int, Field(ge=1, strict=True)] = 60
    solver_residual: NonNegativeRatio = 1e-3
    """Residual at which the solver's iterations end early."""


class Outage(Table):
    """A time in which the localisation sees nothing."""

    time: Instant
    """When it begins [s]."""
    duration: Duration


class Senses(Table):
    """What the body can feel of the world, and how well."""

    imu: Literal["ideal", "mti_300", "vn_100"] = "mti_300"
    """Part in pelvis and torso, of `robot/sensors.toml`."""
    localization: Literal["ideal", "motion_capture", "rtk_gnss", "lidar_map", "uwb"] = "motion_capture"
    """System that tells where the pelvis is, of the same file."""
    outages: tuple[Outage, ...] = ()
    """When the localisation is lost besides its own drop-outs."""
    noise_scale: NonNegativeRatio = 1.0
    """Factor on every random error of every sensor and drive. With 0 the sensors are ideal: exact, at every tick and
    without delay, and the controller feels the joints as they are. The drives themselves go on by their encoders."""


class CanFaults(Table):
    """What goes wrong with frames on the CAN buses, at random and in both directions: shares of all frames."""

    dropped: Share = 0.0
    duplicated: Share = 0.0
    delayed: Share = 0.0
    """Late by up to `lateness`."""
    corrupted: Share = 0.0
    """With one bit turned behind the CRC's back, as by a broken gateway."""
    lateness: Duration = 0.004


class Can(Table):
    """CAN buses between controller and drives; `bus` chooses them, and the wiring file has their bit rates."""

    host_delay: Annotated[Instant, Field(le=CONTROL_PERIOD)] = 0.0005
    """From a state to the first frame that answers it: computing and sending [s]."""
    turnaround: Annotated[Instant, Field(le=CONTROL_PERIOD)] = 50e-6
    """From the end of a command's frame to the drive's reply being ready [s]."""
    supply_guard: Duration | None = None
    """A node on each bus opens the supply of its drives when it hears no command for so long; left out, what the wiring
    file says of each bus [s]."""
    faults: CanFaults = CanFaults()


def _short_enough(duration: float) -> float:
    if duration > LONGEST:
        raise PydanticCustomError(
            "duration",
            "{asked} s is too long, the log is kept in memory; at most {limit} s",
            {"asked": f"{duration:g}", "limit": f"{LONGEST:g}"},
        )
    return duration


class CommonFile(Table):
    """What stands in every scenario file."""

    summary: Annotated[str, Field(min_length=1, max_length=100)]
    """What is asked, in one line."""
    duration: Annotated[Duration, AfterValidator(_short_enough)]
    """Time after which the run is broken off [s]."""
    senses: Senses = Senses()
    bus: Literal["sim", "can"] = "sim"
    """How commands reach the drives: handed over in the simulation, or in frames on CAN buses."""
    can: Can = Can()
    safety: Safety = Safety()
    policy: Annotated[str, Field(min_length=1)] | None = None
    """A learned policy on top of the controller: path to an ONNX file, in the scenario's folder or the working one."""
    faults: tuple[Fault, ...] = ()
    """What goes wrong on the way from the controller to the drives, besides the shares of `can.faults`."""
    randomize: Randomize = Field(default_factory=dict)
    """From what a sweep draws the values of keys; a plain run goes without it."""

    @model_validator(mode="after")
    def _on_buses(self) -> Self:
        asked = ["safety.supervised"] * self.safety.supervised + ["faults"] * bool(self.faults)
        if asked and self.bus != "can":
            raise PydanticCustomError(
                "fault", "{what}: there are no buses and no drives to speak of with bus = 'sim'; write bus = 'can'",
                {"what": asked[0]},
            )  # fmt: skip
        require_within(self.duration, self.faults, "fault", "faults")
        return self


class Timed(Protocol):
    """Something that begins at a time of the run."""

    @property
    def time(self) -> float:
        """When [s]."""
        ...


def require_within(limit: float, items: Iterable[Timed], kind: str, path: str) -> None:
    """See that everything begins before a time limit [s].

    Args:
        limit: The time limit.
        items: What begins.
        kind: Of the complaint.
        path: The key of the list.

    Raises:
        PydanticCustomError: Something begins too late.
    """
    for index, item in enumerate(items):
        if item.time >= limit:
            raise PydanticCustomError(
                kind,
                "{path}.{index} begins at {time} s, after the time limit of {limit} s",
                {"path": path, "index": index, "time": f"{item.time:g}", "limit": f"{limit:g}"},
            )
