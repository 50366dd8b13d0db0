"""What a rider tells of itself, for logs."""

from dataclasses import dataclass


@dataclass(slots=True)
class RiderTelemetry:
    """What the rider thought at the last tick, for logs; units as in `RideEstimate`."""

    estimate_roll: float = 0.0
    estimate_lean: float = 0.0
    estimate_roll_rate: float = 0.0
    estimate_x: float = 0.0
    estimate_y: float = 0.0
    estimate_heading: float = 0.0
    estimate_speed: float = 0.0
    estimate_steer: float = 0.0
    estimate_steer_rate: float = 0.0
    estimate_rock: float = 0.0
    estimate_rock_rate: float = 0.0
    estimate_crank_angle: float = 0.0
    estimate_crank_rate: float = 0.0
    estimate_lateral_error: float = 0.0
    estimate_progress: float = 0.0
    reference_steer: float = 0.0
    reference_speed: float = 0.0
    reference_crank_torque: float = 0.0
    steered_roll_rate: float = 0.0
    braced_rock_rate: float = 0.0
    route: int = 0
    mode: int = 0
    hands_asked: int = 0
    hands_off: int = 0
