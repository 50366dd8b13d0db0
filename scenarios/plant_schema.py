"""How robot and bicycle really are, where that is not what their models say, as it stands in a scenario file."""

from math import pi
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from scenarios.quantity import Angle, Instant, Length, NonNegativeMass, NonNegativeRatio, PositiveLength
from scenarios.table import Table


def _within(low: float, high: float, what: str) -> AfterValidator:
    """Refuse a number outside of what makes sense; `what` names the range with its unit."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise PydanticCustomError(
                "plant", "{value} makes no sense here; {what}", {"value": f"{value:g}", "what": what}
            )
        return value

    return AfterValidator(check)


_Place = Annotated[Length, _within(-0.5, 0.5, "from -0.5 to 0.5 m")]
_Shift = Annotated[Length, _within(-0.1, 0.1, "from -0.1 to 0.1 m")]


_IN_HAND: dict[str, dict[str, float]] = {
    "left_hand": {"x": 0.0, "y": -0.022, "z": -0.085, "radius": 0.05},
    "right_hand": {"x": 0.0, "y": 0.022, "z": -0.085, "radius": 0.05},
}
"""Where a hand holds something, in the frame of its link [m]."""


class Payload(Table):
    """A ball that is fixed to the robot and touches nothing; by default where a backpack is, and without mass.

    In a hand, place and radius are by default those of something small that it grips.
    """

    mass: Annotated[NonNegativeMass, _within(0.0, 30.0, "from 0 to 30 kg")] = 0.0
    link: Literal["torso", "pelvis", "left_hand", "right_hand"] = "torso"
    x: _Place = -0.15
    """Of its centre, in the link's frame: forward [m]."""
    y: _Place = 0.0
    """To the left [m]."""
    z: _Place = 0.2
    """Up [m]."""
    radius: Annotated[PositiveLength, _within(0.01, 0.3, "from 0.01 to 0.3 m")] = 0.12

    @model_validator(mode="before")
    @classmethod
    def _in_the_grip(cls, data: object) -> object:
        """Put what is in a hand into its grip where nothing else is said."""
        link = data.get("link") if isinstance(data, dict) else None
        return {**_IN_HAND[link], **data} if isinstance(data, dict) and link in _IN_HAND else data


class CentreOfMass(Table):
    """How far the torso's centre of mass is from where the model has it, in the torso's frame [m]."""

    x: _Shift = 0.0
    y: _Shift = 0.0
    z: _Shift = 0.0


class RobotPlant(Table):
    """What the robot has and no controller is told; by default what its model says."""

    robot_mass: Annotated[NonNegativeRatio, _within(0.5, 2.0, "a ratio from 0.5 to 2")] = 1.0
    """Factor on mass and inertia of all links, rotors left out."""
    torso_com: CentreOfMass = CentreOfMass()
    payload: Payload = Payload()
    joint_friction: Annotated[NonNegativeRatio, _within(0.0, 10.0, "a ratio from 0 to 10")] = 1.0
    """Factor on Coulomb and viscous friction of all joints."""
    motor_strength: Annotated[NonNegativeRatio, _within(0.2, 2.0, "a ratio from 0.2 to 2")] = 1.0
    """True torque of all motors over what their currents should give."""
    command_delay: Annotated[Instant, _within(0.0, 0.1, "from 0 to 100 ms")] = 0.0
    """Added to the delay of every drive, rounded to steps of the physics [s]."""
    sensor_delay: Annotated[Instant, _within(0.0, 0.2, "from 0 to 200 ms")] = 0.0
    """Added to the delay of both IMUs and the localisation, rounded to control periods [s]; the joints are felt as
    early as ever."""


class Plant(RobotPlant):
    """What the world of a ride has and no controller is told; by default what the models say."""

    bicycle_mass: Annotated[NonNegativeRatio, _within(0.3, 3.0, "a ratio from 0.3 to 3")] = 1.0
    """Factor on mass and inertia of all parts."""
    trail: Annotated[Length, _within(-0.05, 0.05, "from -0.05 to 0.05 m")] = 0.0
    """Added to the trail by another fork offset: the steer axis moves, the wheels stay [m]."""
    steer_axis_tilt: Annotated[Angle, _within(-pi / 18, pi / 18, "from -10 to 10 deg (0.175 rad)")] = 0.0
    """Added to the tilt of the steer axis, the trail being kept [rad]."""
    wheelbase: Annotated[Length, _within(-0.1, 0.1, "from -0.1 to 0.1 m")] = 0.0
    """Added to the wheelbase; front wheel, fork and steer axis move, the grips stay [m]."""
    wheel_radius: Annotated[Length, _within(-0.01, 0.01, "from -0.01 to 0.01 m")] = 0.0
    """Added to the radius of both wheels; the frame stays at its height [m]."""
