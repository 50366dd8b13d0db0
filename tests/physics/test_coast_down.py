"""The account of what the resistances take; that they take what is declared is among the checks (test_checks.py)."""

import pytest

from scenarios.assembly import BICYCLE_URDF
from sim.experiments.bicycles import put_bicycle, roll_on, with_resistances
from sim.experiments.momentum import momentum
from sim.physics import GRAVITY


@pytest.mark.parametrize("rolling", [0.008, 0.03])
def test_the_energy_that_is_gone_is_the_work_of_the_resistances(physics, bicycle, rolling):
    body = put_bicycle(physics, BICYCLE_URDF, with_resistances(bicycle, rolling, bicycle.bearings.wheel), speed=4.0)
    for _ in roll_on(body, 1.0):  # the side stand swings out
        pass
    before, work = momentum(physics, body.id).energy, body.resistance_work
    for _ in roll_on(body, 1.0):
        pass
    now = momentum(physics, body.id)
    assert body.resistance_work - work == pytest.approx(before - now.energy, rel=0.01)
    # The solver iterates the contacts to about a part in a thousand.
    assert sum(body.wheel_load) == pytest.approx(now.mass * GRAVITY, rel=5e-3)
