"""A bicycle that nobody holds: that the release is what it says, and what changes the modes and what does not."""

import numpy as np
import pytest

from scenarios.physics.whipple_study import Study
from sim.experiments.release import Start, release
from sim.physics import PhysicsSettings
from urdf.whipple_file import load_whipple
from urdf.whipple_parameters import WhippleParameters


def test_it_starts_as_it_was_told_and_rolls_without_slip():
    start = Start(5.0, lean=0.01, steer=-0.02, lean_rate=0.03, steer_rate=0.04)
    history = release(load_whipple(), start, 0.05, PhysicsSettings())
    assert history[0] == pytest.approx((0.01, -0.02, 0.03, 0.04, 5.0), abs=1e-5)
    # A jump of a rate in the first milliseconds would be a wheel that has to be set right by the ground.
    assert np.abs(np.diff(history[:5, 2])).max() < 5e-3
    assert history[-1, 4] == pytest.approx(5.0, abs=5e-3)


def test_left_and_right_are_mirror_images():
    right, left = (
        release(load_whipple(), Start(4.0, lean=sign * 0.01, steer_rate=sign * 0.02), 1.0, PhysicsSettings())
        for sign in (1, -1)
    )
    np.testing.assert_allclose(right[:, :4], -left[:, :4], atol=1e-6)


def test_energy_of_an_upright_bicycle_is_kept():
    history = release(load_whipple(), Start(5.0), 2.0, PhysicsSettings())
    assert history[-1, 4] == pytest.approx(5.0, abs=1e-4)
    np.testing.assert_allclose(history[:, :4], 0.0, atol=1e-6)


def test_weaker_gravity_is_the_bicycle_of_weaker_gravity():
    moon = WhippleParameters(**load_whipple().model_dump() | {"g": 1.62})
    at = Study(moon).at(4.0)
    assert Study(moon).theory.weave_speed() != pytest.approx(4.29, abs=0.5)
    np.testing.assert_allclose(at.simulated, at.crowned, rtol=0.015)


def test_the_check_would_notice_a_bicycle_that_is_a_little_different():
    """A trail that is 5 mm longer is outside of the band that the right one is in."""
    right = load_whipple()
    wrong = WhippleParameters(**right.model_dump() | {"c": right.c + 0.005})
    found, theory = Study(wrong).weave_speed().simulated, Study(right).theory.weave_speed()
    assert found is not None
    assert theory is not None
    assert abs(found / theory - 1.0) > 0.005


def test_the_solver_that_stops_early_is_what_moves_the_capsize_speed():
    """Theory with crown: 5.918 m/s, which does not depend on the step; the early stop adds 0.02 m/s."""
    early, late = (
        Study(load_whipple(), PhysicsSettings(solver_residual=residual)).capsize_speed() for residual in (1e-3, 1e-7)
    )
    assert early.simulated is not None
    assert late.simulated is not None
    assert late.simulated == pytest.approx(late.crowned, rel=2e-4)
    assert early.simulated - late.simulated == pytest.approx(0.02, abs=0.005)


def test_a_bicycle_that_has_no_weave_speed_is_said_to_have_none():
    values = load_whipple().model_dump() | {"c": 0.0, "lam": 0.0, "IRyy": 1e-3, "IFyy": 1e-3}
    study = Study(WhippleParameters(**values))
    assert study.weave_speed().simulated is None
    assert study.capsize_speed().simulated is None


def test_bodies_at_the_edge_of_what_a_body_can_be_keep_their_inertia():
    """Bullet sets an inertia to nothing that breaks the triangle inequality; a hoop and a flat frame just keep it."""
    flat = load_whipple().model_dump() | {"IRxx": 0.06, "IRyy": 0.12, "IFxx": 0.14, "IFyy": 0.28, "IByy": 12.0}
    at = Study(WhippleParameters(**flat)).at(5.0)
    np.testing.assert_allclose(at.simulated, at.crowned, rtol=0.03)
