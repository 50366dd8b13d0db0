"""How a body walks: lengths, times and speeds of its steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GaitParameters:
    """How it walks.

    Attributes:
        swing_time: A foot in the air [s].
        stride: Speed forward or back from which on it is longer [m/s], and how much for each m/s more [s²/m]: that
            spares the hips, whose heat goes with the square of the legs' acceleration.
        transfer_time: Both feet on the ground, from touch-down of one to lift-off of the other [s].
        shift_time: Before the first step the weight goes over to the foot that stands [s].
        width: Distance of the soles' middles from side to side [m].
        clearance: Height of the sole at the top of its swing [m].
        landing: Downward speed of the sole at the planned touch-down, and from then on until it touches [m/s].
        cop_length: How far the weight may act from the middle of the sole, forward and back [m].
        cop_width: To either side [m].
        step_length_max: From one foot to the other, forward and back [m].
        step_width_min: Sideways, from middle to middle [m].
        step_width_max: Sideways [m].
        turn_max: Of one foot against the other [rad].
        freeze: Time before touch-down from which on the foothold stays, usually and when it is wary [s].
        quickest: Shortest time in which a foot in the air can be brought down [s].
        swiftest: Speed of a foot beyond that time [m/s].
        settling: Time constant with which what the soles really bear at is taken in [s].
        passing: Time constant with which a difference of that passes, unless it is wary [s].
        tracking: Rate at which the divergent motion goes to its reference while both feet bear [1/s].
        release: Load on a foot from which it is let go at the start of its lift-off [N].
        wary: A touch-down whose divergent component is off to a side by more than the first makes wary, in full when it
            is off by the second more; so does ground that is higher or lower by a third as much [m].
        custom: How much of that to a side one step changes what is held for usual, for each foot [m].
        approach: Greatest way of the middle between the feet in one step to a pose: forward and back, to a side [m],
            turned [rad].
        wary_width: How much wider it steps when it is wary [m].
        wary_swing: How much quicker [s].
        wary_cop: How much nearer to the sole's edge the weight may act then [m].
        wary_dip: How far below the other foot it expects the ground then [m].
        wary_speed: How much faster a foot that is late comes down then [m/s].
        calm: It is wary from here on.
        calming: Time constant with which that passes [s].
        patience: A foot that is later than this goes on to where the weight goes while it comes down [s].
    """

    swing_time: float = 0.36
    stride: tuple[float, float] = (0.35, 0.2)
    transfer_time: float = 0.06
    shift_time: float = 0.5
    width: float = 0.20
    clearance: float = 0.06
    landing: tuple[float, float] = (0.2, 0.4)
    cop_length: float = 0.07
    cop_width: float = 0.03
    step_length_max: float = 0.45
    step_width_min: float = 0.15
    step_width_max: float = 0.52
    turn_max: float = 0.45
    freeze: tuple[float, float] = (0.10, 0.05)
    quickest: float = 0.10
    swiftest: float = 1.8
    settling: float = 0.03
    passing: float = 0.08
    tracking: float = 4.0
    release: float = 450.0
    wary: tuple[float, float] = (0.02, 0.03)
    custom: float = 0.005
    approach: tuple[float, float, float] = (0.18, 0.09, 0.3)
    wary_width: float = 0.06
    wary_swing: float = 0.06
    wary_cop: float = 0.015
    wary_dip: float = 0.015
    wary_speed: float = 0.2
    calm: float = 0.1
    calming: float = 2.0
    patience: float = 0.01
