"""Gains and limits of balance and walking."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import sqrt

from controllers.balance.feet import Walk
from controllers.balance.gait_parameters import GaitParameters
from controllers.balance.sizing import sized, walking
from robot import Body


@dataclass(frozen=True, slots=True)
class BalanceParameters:
    """Gains and limits.

    Attributes:
        gait: How it walks.
        catch: How it steps when it is pushed.
        tracking: Rate at which the divergent component of motion goes back while standing [1/s].
        walk_drop: How much lower the pelvis is while walking [m].
        step_margin: A step is taken when the divergent component is less than this inside of the soles' area [m].
        step_edge: And when it is less than this inside for longer than
        edge_time: this [s].
        turn_back: A heading that it was turned away from by more than this when it begins to step is forgotten [rad].
        lost: Balance is lost when it is farther than this outside of that area, where no step reaches [m].
        settle_time: In which the weight comes to the middle when both feet bear again [s].
        shift_time: In which the weight goes over to one foot [s].
        lift_height: Of the sole of a lifted foot [m].
        fastest: Velocity of a walk at most: forward, back, to a side [m/s], turning [rad/s]; of what asks for more, the
            direction is kept.
        acceleration: At which the velocity of a walk changes, forward, left [m/s²], turning [rad/s²].
        trim: Rate at which the commanded velocity makes up for what the walk lacks [1/s].
        trim_max: Greatest share of it, forward and left, usually and where the ground is doubted [m/s].
        turn_settling: Time constant of the body's heading [s].
        rest_margin: A walk ends when the divergent component is so far inside of the soles' area [m].
        rest_width: How much wider than the least step the feet may then be [m].
        reach: Walk to a pose: greatest velocity forward, left, turning, and rate of approach [1/s].
        near: From where on it steps onto its places there [m].
        arrived: Distance [m] and heading error [rad] at which a pose is reached.
    """

    gait: GaitParameters = field(default_factory=GaitParameters)
    catch: GaitParameters = field(
        default_factory=lambda: replace(
            GaitParameters(), swing_time=0.30, transfer_time=0.04, cop_length=0.09, cop_width=0.045, clearance=0.045,
            step_length_max=0.55,
        )
    )  # fmt: skip
    tracking: float = 3.0
    walk_drop: float = 0.03
    step_margin: float = -0.015
    step_edge: float = 0.015
    edge_time: float = 0.3
    turn_back: float = 0.3
    lost: float = 0.4
    settle_time: float = 0.8
    shift_time: float = 1.5
    lift_height: float = 0.08
    fastest: tuple[float, float, float, float] = (0.65, 0.35, 0.3, 0.9)
    acceleration: Walk = (0.35, 0.2, 0.8)
    trim: float = 0.5
    trim_max: tuple[float, float] = (0.3, 0.1)
    turn_settling: float = 0.15
    rest_margin: float = 0.02
    rest_width: float = 0.2
    reach: tuple[float, float, float, float] = (0.4, 0.15, 0.5, 0.8)
    near: float = 0.6
    arrived: tuple[float, float] = (0.03, 0.04)

    @classmethod
    def of(cls, body: Body) -> BalanceParameters:
        """Those of a body: what depends on its size is scaled, or told by its file."""
        base, walk = cls(), body.walk
        speed = sqrt(walk.scale)
        forward, back, aside, turn = base.fastest
        return replace(
            base,
            gait=walking(base.gait, body),
            catch=sized(base.catch, body),
            fastest=(speed * forward, speed * back, speed * aside, turn / speed),
            shift_time=speed * base.shift_time,
            lift_height=walk.told.get("lift_height", walk.scale * base.lift_height),
            walk_drop=walk.told.get("walk_drop", walk.scale * base.walk_drop),
        )
