"""What a slope changes in stops and starts: how soon the bicycle stands, and how hard it must be pushed off."""

from __future__ import annotations

from dataclasses import dataclass
from math import radians, sin

from controllers.riding.foot_motion import ease
from controllers.whole_body.kinematics import GRAVITY


@dataclass(frozen=True, slots=True)
class HillParameters:
    """Stops and starts uphill; all of it comes in with the slope.

    Attributes:
        steep: Slopes between which it comes in [rad].
        resistance: Deceleration by all but the weight, with what the brakes need to keep to the line [m/s²].
        least: Least deceleration of a stop [m/s²].
        brakes: Deceleration that the brakes can be trusted with, of which the weight takes its part downhill [m/s²].
        prepare: Time before the brakes in which the crank is turned to its place [s]; the weight alone stops the
            bicycle within a second.
        ahead: Least and greatest way of the crank to that place when a stop begins [rad]: it does not stop at once, it
            can hardly be turned back near the top, and there is no time for much.
        early: How far before and after its time a stop may begin for that [m]; the brakes make up for the latter.
        near: How far short of that place and past it the crank may be when a foot leaves its pedal [rad]; the other
            foot alone holds it within 38° of the top.
        slow: Greatest rate at which it may still turn then [rad/s].
        lean: Lean to the foot's side [rad].
        aside: Lean in a stop downhill, and the times after the foot has left its pedal
            between which it comes to that [rad, s]: the brakes leave less time there.
        lean_over: Times after the stop has begun between which it comes to that lean [s].
        hold_speed: Speed below which the brakes hold the bicycle, lest it roll back [m/s].
        push: Force on the pedal that starts the bicycle [N].
        kick: The same for the foot on the ground [N].
        push_rate: How fast the push grows, while the brakes hold [N/s].
        carries: Share of that force from which on the brakes let go [1].
        patience: Time after which a start that does not get going is given up [s].
        start_angle: How much farther past the top the pushing foot's pedal waits [rad]: at the top it gives no torque,
            and the bicycle would roll back.
        light_angle: The same on the level in a low gear, in which the wheel lets the crank turn on faster [rad].
        upright: Speeds between which a start brings the bicycle upright [m/s]; the foot leaves the ground sooner.
        steer_speed: Speed from which the bars steer [m/s].
        lift_speed: Speed from which the foot may leave the ground [m/s]: the push of one foot ends where its pedal is
            below, and by then the other foot has to be on its own.
    """

    steep: tuple[float, float] = (0.03, 0.06)
    resistance: float = 0.2
    least: float = 0.8
    brakes: float = 1.75
    prepare: float = 0.1
    near: tuple[float, float] = (radians(7.0), radians(5.0))
    ahead: tuple[float, float] = (radians(25.0), radians(110.0))
    early: tuple[float, float] = (0.05, 0.2)
    slow: float = 1.0
    lean: float = 0.045
    aside: tuple[float, float, float] = (0.045, 0.15, 0.45)
    lean_over: tuple[float, float] = (0.0, 0.4)
    hold_speed: float = 0.18
    push: float = 120.0
    kick: float = 30.0
    push_rate: float = 200.0
    carries: float = 0.9
    patience: float = 4.0
    start_angle: float = radians(16.0)
    light_angle: float = radians(10.0)
    upright: tuple[float, float] = (0.12, 0.45)
    steer_speed: float = 0.5
    lift_speed: float = 0.6


def uphill(p: HillParameters, slope: float) -> float:
    """How much a slope counts as uphill, from 0 to 1 [1]; it is positive uphill [rad]."""
    return ease(slope, *p.steep)


def parked(p: HillParameters, past: float, rate: float) -> bool:
    """Whether a foot may leave a crank that is past its place by an angle [rad] and turns at a rate [rad/s]."""
    short, beyond = p.near
    return -short < past < beyond and abs(rate) < p.slow


def stopping(p: HillParameters, level: float, slope: float) -> float:
    """Deceleration of a stop that takes one on the level [m/s²], on a slope [rad].

    On a steep slope uphill it is that of rolling on, which leaves the most time; downhill it is what the brakes have
    to spare.
    """
    if slope > 0.0:
        rolling = GRAVITY * sin(slope) + p.resistance
        return max(p.least, rolling) if uphill(p, slope) > 0.5 else max(level, rolling)
    return min(level, p.brakes + GRAVITY * sin(slope)) if slope < 0.0 else level
