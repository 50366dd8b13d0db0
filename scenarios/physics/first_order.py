"""What an error does when the step is halved: the sign of an integration error, and what is left without it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.physics.check import Finding

Array = NDArray[np.float64]


def first_order(what: str, coarse: Array, fine: Array, scale: float, rest: float, unit: str) -> tuple[Finding, Finding]:
    """Two findings: that an error halves with the step, and what is left of it at a step of zero.

    Bullet integrates by the semi-implicit Euler method, which is of first order: each conserved quantity errs in
    proportion to the step. A force from nowhere, such as damping, would not become less with the step. The value at a
    step of zero is 2 e(h/2) - e(h) (Richardson's extrapolation), with an error of second order.

    Args:
        what: What errs, in a few words.
        coarse: Errors at a step, at some times; any shape.
        fine: The same at half of that step.
        scale: What the rest is a part of, in the unit of the errors.
        rest: Greatest rest that passes [1].
        unit: Of the errors.
    """
    ratio = float(np.linalg.norm(coarse) / np.linalg.norm(fine))
    left = float(np.abs(2.0 * fine - coarse).max())
    return (
        Finding(f"{what}: error at 1 ms over error at 0.5 ms", ratio, 2.0, "1", 0.1),
        Finding(f"{what}: error extrapolated to a step of zero", left, 0.0, unit, rest, scale),
    )
