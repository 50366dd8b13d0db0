"""Steps that fit a body: those of the body they were set for, scaled by Froude's law, and what its file tells."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

from controllers.balance.gait_parameters import GaitParameters
from robot import Body
from robot.walk_sizes import SOLE_HALF


def sized(gait: GaitParameters, body: Body) -> GaitParameters:
    """Lengths go with the leg, times and speeds with its root, where the weight may act with the sole.

    The least width leaves as much room between the soles as there was.
    """
    walk = body.walk
    length, time = walk.scale, sqrt(walk.scale)
    width = walk.told.get("width", min(walk.apart, length * gait.width))
    down, late = gait.landing
    scaled = replace(
        gait,
        swing_time=time * gait.swing_time,
        transfer_time=time * gait.transfer_time,
        shift_time=time * gait.shift_time,
        stride=(time * gait.stride[0], gait.stride[1]),
        width=width,
        clearance=length * gait.clearance,
        landing=(time * down, time * late),
        cop_length=walk.sole[0] * gait.cop_length,
        cop_width=walk.sole[1] * gait.cop_width,
        step_length_max=length * gait.step_length_max,
        step_width_min=min(width, gait.step_width_min + 2.0 * (body.sole_half[1] - SOLE_HALF[1])),
        step_width_max=length * gait.step_width_max,
        approach=(length * gait.approach[0], length * gait.approach[1], gait.approach[2]),
        quickest=time * gait.quickest,
        freeze=(time * gait.freeze[0], time * gait.freeze[1]),
        passing=time * gait.passing,
        wary=(length * gait.wary[0], length * gait.wary[1]),
        custom=length * gait.custom,
        wary_width=length * gait.wary_width,
        wary_swing=time * gait.wary_swing,
        wary_cop=walk.sole[1] * gait.wary_cop,
        wary_dip=length * gait.wary_dip,
        wary_speed=time * gait.wary_speed,
        swiftest=time * gait.swiftest,
        release=walk.load * gait.release,
    )
    told = walk.told
    return replace(
        scaled,
        step_width_min=told.get("step_width_min", scaled.step_width_min),
        step_width_max=told.get("step_width_max", scaled.step_width_max),
    )


def walking(gait: GaitParameters, body: Body) -> GaitParameters:
    """A walk's own: what the file tells of the length, height and time of its steps."""
    told, scaled = body.walk.told, sized(gait, body)
    return replace(
        scaled,
        swing_time=told.get("swing_time", scaled.swing_time),
        clearance=told.get("clearance", scaled.clearance),
        step_length_max=told.get("step_length_max", scaled.step_length_max),
    )
