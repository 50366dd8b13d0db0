"""A bicycle released at several speeds: its modes and responses, simulated and as the Whipple model has them.

The wheels of the model are knife-edged, those of the simulation have a crown of 1 mm. So there are two theories: the
paper's, and the same with that crown, to which the simulation should converge.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import newton

from controllers.riding.whipple import capsize_part, weave_part, whipple
from scenarios.physics.modes import fitted_eigenvalues, in_order_of
from sim.experiments.release import Start, release
from sim.physics import PhysicsSettings
from sim.wheels import CROWN_RADIUS
from urdf.whipple_parameters import WhippleParameters

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]

LEAN_RATE = 2
"""Place of the roll rate in the state: lean, steer and their rates."""
_LONGEST = 2.0
"""How long a bicycle is watched [s]."""
_GROWTH = 4.0
"""By how many powers of e an unstable motion may grow while it is watched [1]."""
_PEAK = 0.01
"""Greatest angle that the theory has in that time: small enough for linear theory [rad]."""
_SETTLING = 0.1
"""After a release, not used for fitting [s]."""
_STRIDE = 0.02
"""Between a state and the later one that is fitted to it, unless a mode is quicker [s]."""
_PRECISION = 1e-4
"""Of a simulated critical speed [1]."""
_NEAR = 0.1
"""Within which part of the theory's speed the simulated one is looked for [1]."""
_PUSHES = np.array(((0.0, 0.0, 1.0, 0.0), (0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0)))
"""Kinds of releases: lean, steer and their rates, of any size. The first is a push at the frame from the side."""


@dataclass(frozen=True, slots=True)
class Response:
    """A release: lean and steer angle [rad] and their rates [rad/s], to the right, at every step, shape (T, 4).

    Attributes:
        step: Of the time [s].
        simulated: In the simulation.
        theory: By the paper's model.
        crowned: By the same with the wheels' crown.
    """

    step: float
    simulated: Array
    theory: Array
    crowned: Array

    @property
    def error(self) -> float:
        """Root mean square of the roll rate's error against the paper's model, as a share of the roll rate's [1]."""
        return _share(self.simulated, self.theory)

    @property
    def crowned_error(self) -> float:
        """The same against the model with the wheels' crown [1]."""
        return _share(self.simulated, self.crowned)


@dataclass(frozen=True, slots=True)
class AtSpeed:
    """What a bicycle does at one speed.

    Attributes:
        speed: [m/s].
        theory: Eigenvalues of the paper's model [1/s], shape (4,).
        crowned: Of the same with the wheels' crown, in the same order.
        simulated: Of the simulation, in the same order.
        responses: To four kinds of releases, the first of them a push from the side.
    """

    speed: float
    theory: ComplexArray
    crowned: ComplexArray
    simulated: ComplexArray
    responses: tuple[Response, ...]


@dataclass(frozen=True, slots=True)
class Critical:
    """A speed at which a mode is neither stable nor unstable [m/s]; None where the bicycle has none.

    Attributes:
        theory: By the paper's model.
        crowned: By the same with the wheels' crown.
        simulated: In the simulation.
    """

    theory: float | None
    crowned: float | None
    simulated: float | None


class Study:
    """Theory and simulation of a bicycle side by side; each figure is worked out when it is asked for."""

    def __init__(self, bicycle: WhippleParameters, settings: PhysicsSettings | None = None) -> None:
        self.bicycle = bicycle
        self.settings = replace(settings or PhysicsSettings(), gravity=bicycle.g)
        self.theory, self.crowned = whipple(bicycle), whipple(bicycle, CROWN_RADIUS)

    def at(self, speed: float) -> AtSpeed:
        """Release the bicycle in four ways at a speed [m/s], and fit its modes."""
        crowned = _sorted(self.crowned.eigenvalues(speed))
        responses = tuple(self._respond(speed, push, crowned) for push in _PUSHES)
        settled = round(_SETTLING / self.settings.step)
        stride = max(1, round(min(_STRIDE, 1.0 / np.abs(crowned).max()) / self.settings.step))
        found = fitted_eigenvalues([r.simulated[settled:] for r in responses], self.settings.step, stride)
        return AtSpeed(
            speed=speed,
            theory=in_order_of(crowned, self.theory.eigenvalues(speed)),
            crowned=crowned,
            simulated=in_order_of(crowned, found),
            responses=responses,
        )

    def weave_speed(self) -> Critical:
        """The speed above which the bicycle does not weave; simulated where the theory with crown has one, too."""
        crowned = self.crowned.weave_speed()
        return Critical(self.theory.weave_speed(), crowned, self._zero(weave_part, crowned))

    def capsize_speed(self) -> Critical:
        """The speed above which the bicycle capsizes; simulated where the theory with crown has one, too."""
        crowned = self.crowned.capsize_speed()
        return Critical(self.theory.capsize_speed(), crowned, self._zero(capsize_part, crowned))

    def _respond(self, speed: float, push: Array, eigenvalues: ComplexArray) -> Response:
        step = self.settings.step
        fastest = float(eigenvalues.real.max())
        seconds = min(_LONGEST, _GROWTH / fastest) if fastest > 0.0 else _LONGEST
        count = round(seconds / step) + 1
        unit = self.crowned.response(speed, push, step, count)
        start = push * _PEAK / np.abs(unit[:, :2]).max()
        released = Start(speed, *(float(value) for value in start))
        simulated = release(self.bicycle, released, seconds, self.settings)[:, :4]
        return Response(
            step, simulated, self.theory.response(speed, start, step, count),
            self.crowned.response(speed, start, step, count),
        )  # fmt: skip

    def _zero(self, part: Callable[[ComplexArray], float], near: float | None) -> float | None:
        """The simulated speed at which a mode's real part is zero [m/s]; None where that of the theory is not near."""
        if near is None:
            return None

        def real_part(speed: float) -> float:
            found = self.at(float(speed))
            which = int(np.argmin(np.abs(found.crowned.real - part(found.crowned))))
            return float(found.simulated[which].real)

        root, outcome = newton(
            real_part, near, x1=1.005 * near, tol=_PRECISION * near, maxiter=15, full_output=True, disp=False
        )
        return float(root) if outcome.converged and abs(root - near) < _NEAR * near else None


def of_all(study: Study, speeds: Sequence[float]) -> tuple[AtSpeed, ...]:
    """What the bicycle does at several speeds [m/s]."""
    return tuple(study.at(speed) for speed in speeds)


def _sorted(eigenvalues: ComplexArray) -> ComplexArray:
    return eigenvalues[np.lexsort((-eigenvalues.imag, -eigenvalues.real))]


def _share(found: Array, expected: Array) -> float:
    difference = found[:, LEAN_RATE] - expected[:, LEAN_RATE]
    return float(np.sqrt(np.mean(difference**2) / np.mean(expected[:, LEAN_RATE] ** 2)))
