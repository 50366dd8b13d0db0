"""When, how fast and how strongly a ride starts, goes on and stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import radians

from controllers.riding.hill import HillParameters


@dataclass(frozen=True, slots=True)
class TaskParameters:
    """When, how fast, and how strongly.

    Attributes:
        rest_lean: Lean to the standing foot [rad].
        lift_lean: The same when the foot is about to leave the ground: what the bicycle needs to come out upright when
            the leg is back [rad].
        upright: Speeds between which a start brings the bicycle from the one to the other [m/s].
        push: Force on the pedal that starts the bicycle [N].
        push_rate: How fast it grows [N/s].
        kick: Force of the foot on the ground that helps it [N].
        lift_speed: Speed from which the foot may leave the ground [m/s].
        lift_roll: Greatest lean, with the roll rate over the pendulum's own rate, at which it does [rad].
        lift_stretch: Rest of the leg's length at which it does in any case [m].
        stall_speed: Speed below which that is no start [m/s].
        steer_speed: Speed from which the bars steer during a start [m/s].
        gather_speed: Speed at which a start is over [m/s].
        gather_wish: Speed that is asked for until then [m/s].
        braking: Deceleration of a stop, and the greatest one in riding [m/s²].
        emergency: Greatest deceleration of a stop that comes too late [m/s²].
        prepare: Time before the brakes in which the crank is turned to its place [s].
        park: Time from then until a foot may leave its pedal [s].
        park_past: How far from its place the crank may be then; a foot alone would be carried on by it [rad].
        park_more: Time that it is given to come there otherwise [s].
        approach: How hard to brake for being faster than the line allows [1/s].
        leave_speed: Speed at which the foot leaves its pedal for a stop [m/s].
        touch_speed: Speed at which it is put on the ground [m/s].
        stop_lean: Lean to its side before that [rad].
        lean_over: Times after the foot has left its pedal between which it comes to that lean [s]; a bicycle that leans
            turns, the slower the more.
        catch: Lean away from the standing foot, with its rate, at which the other foot comes down as well, if a third
            of it is lean [rad].
        fall: The same at which it comes down quickly, once the lean to the standing foot is well below `rest_lean`; a
            shaken pelvis alone makes such a rate for a moment [rad].
        sure: For how long it must fall away [s].
        landed: Time after a foot has come to its pedal in which what is felt of a fall does not count [s].
        still: Speed at which the bicycle has stopped [m/s].
        settle: Time from there until it waits [s].
        hold: Deceleration for which the brakes are held at rest [m/s²].
        start_angle: Where the pushing foot's pedal is to wait for a start, from the top, when that foot stays on it,
            and when it has to come up to it and tread on it [rad].
        room: Way to the end of the course that is not worth a start [m].
        start_way: Way that a start takes until a stop can follow: after a dab no nearer one is ridden to [m].
        start_range: How far from there it may be [rad].
        change: Time in which the weight goes over to the other foot [s].
        over: Share of `rest_lean` to its side from which the other foot may come to its pedal [1].
        patience: Time for which that is waited for [s].
        corner: Curvature from which the course counts as a bend [1/m].
        slow: Speed below which a ride counts as slow [m/s].
        hill: What a slope changes in stops and starts.
        recover: Time after a dab for which steering does not lead back to the course [s].
    """

    rest_lean: float = 0.055
    lift_lean: float = 0.006
    upright: tuple[float, float] = (0.15, 0.5)
    push: float = 110.0
    push_rate: float = 350.0
    kick: float = 50.0
    lift_speed: float = 0.7
    lift_roll: float = 0.015
    lift_stretch: float = 0.002
    stall_speed: float = 0.3
    steer_speed: float = 0.6
    gather_speed: float = 1.0
    gather_wish: float = 1.5
    braking: float = 1.2
    emergency: float = 2.5
    prepare: float = 1.1
    park: float = 1.0
    park_past: float = radians(24.0)
    park_more: float = 0.3
    approach: float = 2.0
    leave_speed: float = 1.2
    touch_speed: float = 0.45
    stop_lean: float = 0.035
    lean_over: tuple[float, float] = (0.18, 0.45)
    catch: float = 0.015
    fall: float = 0.02
    sure: float = 0.02
    landed: float = 0.2
    still: float = 0.05
    settle: float = 1.0
    hold: float = 2.0
    start_angle: tuple[float, float] = (radians(12.0), radians(27.0))
    room: float = 1.5
    start_way: float = 4.0
    start_range: float = radians(60.0)
    change: float = 1.2
    over: float = 0.5
    patience: float = 1.5
    corner: float = 0.1
    slow: float = 0.8
    hill: HillParameters = field(default_factory=HillParameters)
    recover: float = 1.2
