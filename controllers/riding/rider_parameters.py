"""Gains of the rider."""

from __future__ import annotations

from dataclasses import dataclass, field

from controllers.riding.climbing import ClimbingParameters
from controllers.riding.dab import SaveParameters
from controllers.riding.foothold import FootholdParameters
from controllers.riding.handling import BarSwingParameters, HandlingParameters
from controllers.riding.pedalling import PedallingParameters
from controllers.riding.push import PushParameters
from controllers.riding.single_foot import SingleFootParameters
from controllers.riding.steering import SteeringParameters


@dataclass(frozen=True, slots=True)
class RiderParameters:
    """Gains of the rider.

    Attributes:
        steering: The steering law.
        push: What counts as a push from the side.
        pedalling: The pedalling law.
        bar_stiffness: Torque on the steer axis for an error of the steer angle, by feed-forward of both arms [Nm/rad].
        bar_damping: [Nm·s/rad].
        bar_swing: What it takes to turn the bars suddenly.
        lead: Time by which the legs' reference is ahead of the measured crank, for the delay of bus and filter [s].
        hand_load: Weight that each hand puts on its grip, which keeps the pelvis flat on the saddle [N].
        brace_stiffness: Force of each hand for the pelvis' roll on the saddle: one presses, the other lifts [N/rad].
        brace_damping: While a push is answered, or a foot is off its pedal [N·s/rad]; with it always, arms and trunk
            ring where senses or drives are late, and in a dab it answers the leg that is flung out.
        brace_limit: Greatest such force [N].
        pull_limit: Greatest force of a hand along the steer axis while a foot saves the ride [N].
        foothold: How a foot keeps its place on its pedal.
        hold_torque: Torque with which the fingers hold the bar [Nm].
        brake_torque: Greatest torque with which they squeeze the levers [Nm].
        single_foot: What a foot does on its pedal while the other one is not on its own.
        climbing: What a steep road changes.
        torso_yaw: Share of the steer angle that the waist turns along [1].
        saves: When a foot goes down to save the ride, and when it is lost.
        handling: How one hand stands in for two.
    """

    steering: SteeringParameters = field(default_factory=SteeringParameters)
    push: PushParameters = field(default_factory=PushParameters)
    pedalling: PedallingParameters = field(default_factory=PedallingParameters)
    bar_stiffness: float = 30.0
    bar_damping: float = 1.5
    bar_swing: BarSwingParameters = field(default_factory=BarSwingParameters)
    lead: float = 0.004
    hand_load: float = 20.0
    brace_stiffness: float = 600.0
    brace_damping: float = 60.0
    brace_limit: float = 60.0
    pull_limit: float = 60.0
    foothold: FootholdParameters = field(default_factory=FootholdParameters)
    hold_torque: float = 0.15
    brake_torque: float = 3.5
    single_foot: SingleFootParameters = field(default_factory=SingleFootParameters)
    climbing: ClimbingParameters = field(default_factory=ClimbingParameters)
    torso_yaw: float = 0.5
    saves: SaveParameters = field(default_factory=SaveParameters)
    handling: HandlingParameters = field(default_factory=HandlingParameters)
