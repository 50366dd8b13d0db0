"""How the bicycle rolls to and fro because the legs go up and down: what steering must not answer."""

from __future__ import annotations

from cmath import exp
from math import pi

import numpy as np
import pinocchio as pin

from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart
from controllers.riding.whipple import Whipple
from robot import RobotModel

_SAMPLES = 72
_HARMONICS = 3
_GRAVITY = 9.81


class LegSwing:
    """Roll of bicycle and rider in step with the crank.

    One leg goes up beside the middle plane while the other goes down. Their angular momentum L about the line on the
    ground swings with the crank, and all the rest swings against it. With M, the inertia of the whole, and its weight's
    moment M a², a roll of M r'' - M a² r = -L' that no steering takes part in is, for the part of L of a frequency w,
    r' = -L / M · w² / (w² + a²). It comes back by itself, and a steering law that takes it for a fall turns the bars at
    every stroke. The slower the crank, the less of it is left.
    """

    def __init__(self, model: RobotModel, posture: RiderPosture, chart: PostureChart, bicycle: Whipple) -> None:
        """Find the legs' momentum over a turn of the crank from the chart of seated postures."""
        floating = model.pinocchio_floating
        data = floating.createData()
        momentum = np.empty(_SAMPLES)
        for row, crank in enumerate(np.arange(_SAMPLES) * (2.0 * pi / _SAMPLES)):
            seated = chart.at(float(crank), 1.0, 0.0, 0.0)
            place = np.concatenate((posture.pelvis_in_bicycle, (0.0, 0.0, 0.0, 1.0), seated.position))
            pin.computeCentroidalMomentum(floating, data, place, np.concatenate((np.zeros(6), seated.velocity)))
            momentum[row] = (data.hg.angular + np.cross(data.com[0], data.hg.linear))[0]
        waves = np.fft.rfft(momentum)[1 : _HARMONICS + 1] * (2.0 / _SAMPLES) / bicycle.mass[0, 0]
        self._squared = -_GRAVITY * float(bicycle.gravity[0, 0] / bicycle.mass[0, 0])
        self._waves = [(order, complex(wave)) for order, wave in enumerate(waves, start=1)]

    def at(self, crank: float, crank_rate: float) -> tuple[float, float]:
        """Roll [rad] and roll rate [rad/s] that the legs give, at a crank angle [rad] and its rate [rad/s]."""
        angle = rate = 0.0
        for order, wave in self._waves:
            frequency = (order * crank_rate) ** 2
            swing = wave * exp(1j * order * crank) * (frequency / (frequency + self._squared))
            angle -= (swing / (1j * order)).real
            rate -= crank_rate * swing.real
        return angle, rate
