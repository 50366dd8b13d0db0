"""In the air nothing but gravity acts; what falls, and what moves inside, is among the checks (test_checks.py)."""

import numpy as np
import pytest

from sim.experiments.flight import fall


def test_a_flying_body_keeps_its_speed_ahead(physics, put_bicycle):
    """No hidden drag: the air's is declared, and nobody applied it here."""
    velocities = fall(physics, put_bicycle(physics, velocity=(5.0, 0.0, 0.0)).id, 1.0)
    np.testing.assert_allclose(velocities[:, 0], 5.0, rtol=1e-6)


def test_a_spinning_wheel_spins_for_ever_without_its_bearing(physics, put_bicycle):
    """Bullet's own damping of a joint is off."""
    body = put_bicycle(physics, front_wheel=30.0)
    fall(physics, body.id, 1.0)
    body.read()
    assert body.velocity[7] == pytest.approx(30.0, rel=1e-6)
