"""What a scenario asks of a body on its feet, one goal after the other, as it stands in its file."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from controllers.balance.goal import Goal
from scenarios.quantity import Angle, AngularSpeed, Duration, Length, PositiveLength, Speed
from scenarios.table import Table

_OVER = 1.0
"""Time of a transition where none is given [s]."""


class Rotation(Table):
    """How torso or grip are turned: roll, pitch and yaw against upright and the heading of the stance [rad]."""

    roll: Angle = 0.0
    pitch: Angle = 0.0
    yaw: Angle = 0.0

    @property
    def angles(self) -> tuple[float, float, float]:
        """Roll, pitch and yaw [rad]."""
        return self.roll, self.pitch, self.yaw


class Walk(Table):
    """Velocity of a walk: forward and to the left [m/s], turning to the left [rad/s]."""

    forward: Speed = 0.0
    left: Speed = 0.0
    turn: AngularSpeed = 0.0


class WalkTo(Table):
    """A pose to walk to, in the world in which the robot starts at the origin: x, y [m], and heading [rad]."""

    x: Length
    y: Length
    heading: Angle = 0.0


class GoalTable(Table):
    """What is asked for a while; what a goal does not name goes back to how the body stands at ease.

    Places are in the stance frame: under the middle between the soles, x along their mean heading, z up.
    """

    for_time: Duration | None = None
    """How long it holds, the transition included [s]; a walk to a pose ends there and has none."""
    over: Duration | None = None
    """Time in which the body goes over to it [s]; 1 s, or all of a shorter goal, where it is left out."""
    pelvis_height: PositiveLength | None = None
    """Of the origin of the pelvis above the soles [m]."""
    torso: Rotation = Rotation()
    left_hand: tuple[Length, Length, Length] | None = None
    """Where the centre of the left grip should be: x, y, z [m]."""
    right_hand: tuple[Length, Length, Length] | None = None
    """The same of the right grip [m]."""
    left_hand_rotation: Rotation | None = None
    """How the left grip should be turned; free where it is left out. All zero is about how it hangs."""
    right_hand_rotation: Rotation | None = None
    """The same of the right grip."""
    lift: Literal["left", "right"] | None = None
    """The foot that is lifted; the body stands on the other one."""
    walk: Walk | None = None
    walk_to: WalkTo | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        trouble = self._trouble()
        if trouble is not None:
            raise PydanticCustomError("goal", "{trouble}", {"trouble": trouble})
        return self

    def _trouble(self) -> str | None:
        """What is wrong with it, and what would be right; None when nothing is."""
        feet = [name for name in ("lift", "walk", "walk_to") if getattr(self, name) is not None]
        if len(feet) > 1:
            return f"the feet cannot do two things at once: take out '{feet[0]}' or '{feet[1]}'"
        for name in ("left_hand", "right_hand"):
            if getattr(self, name) is None and getattr(self, f"{name}_rotation") is not None:
                return f"a hand is turned where it is asked to be: '{name}' is missing beside '{name}_rotation'"
        if self.walk_to is not None and self.for_time is not None:
            return "a walk to a pose ends there: take out 'for_time'"
        if self.walk_to is None and self.for_time is None:
            return "'for_time' is missing; only a walk to a pose ends by itself"
        if self.over is not None and self.for_time is not None and self.over > self.for_time:
            return f"going over to it takes {self.over:g} s, longer than its 'for_time' of {self.for_time:g} s"
        return None

    def goal(self) -> Goal:
        """The goal as the controller takes it."""
        walk, to = self.walk, self.walk_to
        over = self.over if self.over is not None else min(_OVER, self.for_time or _OVER)
        return Goal(
            seconds=self.for_time,
            over=over,
            pelvis_height=self.pelvis_height,
            torso=self.torso.angles,
            left_hand=self.left_hand,
            right_hand=self.right_hand,
            left_hand_rotation=None if self.left_hand_rotation is None else self.left_hand_rotation.angles,
            right_hand_rotation=None if self.right_hand_rotation is None else self.right_hand_rotation.angles,
            lift=self.lift,
            walk=None if walk is None else (walk.forward, walk.left, walk.turn),
            walk_to=None if to is None else (to.x, to.y, to.heading),
        )
