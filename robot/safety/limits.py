"""How far each watch lets things go."""

from __future__ import annotations

from math import isfinite

from pydantic import ConfigDict, StrictFloat
from pydantic.dataclasses import dataclass

_RISING = (
    ("motor_warn", "motor_derate", "motor_fault"),
    ("driver_warn", "driver_derate", "driver_fault"),
    ("voltage_low", "voltage_high"),
)
"""Limits of which each must be below the next."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class SafetyLimits:
    """The limit of each watch, and the times over which commands are brought in.

    Attributes:
        state_age: Greatest age of a state by the clock, or time for which its time may stand still [s].
        lead: How far the time of a command may be ahead of the state's [s].
        bus_age: Time after which a bus with several drives is silent [s].
        drive_age: Time after which a drive is silent [s].
        position_margin: How far beyond its limits a joint may be [rad].
        velocity_factor: Greatest measured speed over the joint's limit [1].
        torque_factor: Greatest reported torque over the joint's limit [1].
        stuck_motion: How far a commanded position may move while the joint's reading does not change at all [rad].
        imu_still: For how long an IMU may say the same to the last bit [s].
        position_rate: Greatest rate of a commanded position over the joint's limit of speed [1].
        torque_rise: Shortest time in which a feed-forward torque may grow from zero to the limit [s].
        current: Greatest current of a motor [A].
        voltage_low: Least supply voltage [V].
        voltage_high: Greatest supply voltage [V].
        motor_warn: Temperature of a winding of which a warning is given [°C].
        motor_derate: Temperature at which the torque begins to be reduced [°C].
        motor_fault: Temperature at which none is left, and a fault [°C].
        driver_warn: The same of a power stage [°C].
        driver_derate: [°C].
        driver_fault: [°C].
        enable_time: Time from the measured state to the whole of what is asked, at a switch-on [s].
        handover_time: The same when another source begins to command [s].

    Raises:
        ValueError: A limit is not finite or not above zero, or two are not in their order.
    """

    state_age: StrictFloat
    lead: StrictFloat
    bus_age: StrictFloat
    drive_age: StrictFloat
    position_margin: StrictFloat
    velocity_factor: StrictFloat
    torque_factor: StrictFloat
    stuck_motion: StrictFloat
    imu_still: StrictFloat
    position_rate: StrictFloat
    torque_rise: StrictFloat
    current: StrictFloat
    voltage_low: StrictFloat
    voltage_high: StrictFloat
    motor_warn: StrictFloat
    motor_derate: StrictFloat
    motor_fault: StrictFloat
    driver_warn: StrictFloat
    driver_derate: StrictFloat
    driver_fault: StrictFloat
    enable_time: StrictFloat
    handover_time: StrictFloat

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if not (isfinite(value) and value > 0.0):
                raise ValueError(f"{name} is {value}, it must be finite and above zero")
        for names in _RISING:
            values = [getattr(self, name) for name in names]
            if sorted(set(values)) != values:
                raise ValueError(f"{', '.join(names)} are {', '.join(f'{x:g}' for x in values)}; they must rise")
