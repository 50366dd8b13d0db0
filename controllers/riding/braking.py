"""How hard the fingers squeeze for a deceleration, from what the brakes are."""

from __future__ import annotations

from math import sin

from controllers.whole_body.kinematics import GRAVITY
from urdf.bicycle_parameters import BicycleParameters


class Brakes:
    """Both brakes of a bicycle, squeezed alike."""

    def __init__(self, bicycle: BicycleParameters, mass: float, grip_stiffness: float) -> None:
        """Take a bicycle.

        Args:
            bicycle: With its brakes.
            mass: Of rider and bicycle [kg].
            grip_stiffness: Of the drives of the fingers, which are held closed at the bar [Nm/rad].
        """
        b, g = bicycle.brakes, bicycle.geometry
        self._force = 1.0 / g.rear_wheel_radius + 1.0 / g.front_wheel_radius
        self._mass = mass
        self._spring = b.lever_stiffness + grip_stiffness
        self._preload, self._play, self._bite = b.lever_preload, b.free_play, b.torque_per_angle

    def squeeze(self, deceleration: float, slope: float = 0.0, *, held: bool = False) -> float:
        """Torque of the fingers of each hand for a deceleration [m/s²]; with none the pads just touch: [Nm].

        Args:
            deceleration: [m/s²].
            slope: Of the road, positive uphill, where the weight brakes as well [rad].
            held: Whether the bicycle is to stay where it is, so that the brakes bear the weight on any slope.
        """
        if slope:
            deceleration -= GRAVITY * sin(-abs(slope) if held else slope)
        torque = self._mass * max(0.0, deceleration) / self._force
        return self._preload + self._spring * (self._play + torque / self._bite)
