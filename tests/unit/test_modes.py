"""The fit of modes to motion, on motion whose modes are known."""

import numpy as np
import pytest
from scipy.linalg import expm

from controllers.riding.whipple import whipple
from scenarios.physics.modes import fitted_eigenvalues, in_order_of
from urdf.whipple_file import load_whipple

STEP = 1e-3


def moved(system, start, count=1500):
    step, states = expm(system * STEP), [start]
    for _ in range(count):
        states.append(step @ states[-1])
    return np.array(states)


@pytest.mark.parametrize("speed", [1.0, 4.0, 7.0])
def test_the_modes_of_a_linear_bicycle_are_found_again(speed):
    """To 1e-6 with noise of 1e-9 of the motion: what a simulation adds is far above that."""
    system = whipple(load_whipple()).system(speed)
    rng = np.random.default_rng(3)
    histories = [
        scale * (motion := moved(system, start)) * (1.0 + 1e-9 * rng.standard_normal(motion.shape))
        for scale, start in zip((1.0, 1e-3, 20.0, 0.3), np.eye(4), strict=True)
    ]
    expected = np.linalg.eigvals(system).astype(np.complex128)
    found = in_order_of(expected, fitted_eigenvalues(histories, STEP, 20))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_eigenvalues_are_ordered_by_the_least_sum_of_distances():
    expected = np.array((-1.0 + 2.0j, -1.0 - 2.0j, -0.2 + 0.0j, -9.0 + 0.0j))
    found = np.array((-9.2 + 0.0j, -0.25 + 0.0j, -1.1 - 2.1j, -1.1 + 2.1j))
    np.testing.assert_array_equal(in_order_of(expected, found), found[[3, 2, 1, 0]])
