"""The recipe for another body is what it says: it is followed here from top to bottom, with a body from elsewhere."""

import re
from pathlib import Path

import numpy as np
import pytest

RECIPE = Path(__file__).parents[2] / "docs" / "add_your_robot.md"


@pytest.fixture(scope="module")
def recipe():
    """What all names of the recipe stand for at its end."""
    names: dict = {}
    for block in re.findall(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, str(RECIPE), "exec"), names)
    return names


def test_the_body_is_the_one_of_the_package(recipe):
    assert recipe["model"].mass == pytest.approx(62.4)
    assert recipe["model"].size == 32


def test_its_steps_are_longer_than_those_they_were_set_for(recipe):
    walk = recipe["BalanceController"](recipe["model"], recipe["body"], (recipe["Goal"](1.0),), 0.002)._parameters
    assert recipe["body"].walk.scale == pytest.approx(1.274, abs=0.002)
    assert walk.gait.step_length_max == pytest.approx(0.45 * recipe["body"].walk.scale)
    assert walk.gait.width == pytest.approx(0.192, abs=1e-6)


def test_it_stands_on_both_feet(recipe):
    left, right = recipe["truth"].foot_force[[2, 5]]
    assert left + right == pytest.approx(9.81 * recipe["model"].mass, rel=0.02)
    assert left == pytest.approx(right, rel=0.05)


def test_it_takes_a_push_in_place(recipe):
    assert recipe["pushed"].finished
    assert recipe["pushed"].telemetry.steps == 0


def test_it_squats_and_reaches(recipe):
    low = recipe["low"]
    assert not recipe["fell"]
    assert low.robot_position[2] == pytest.approx(0.68, abs=0.01)
    np.testing.assert_allclose(low.hand_position, (0.4, 0.25, 1.0, 0.4, -0.25, 1.0), atol=0.02)


def test_nothing_but_the_ground_held_it(recipe):
    low = recipe["low"]
    assert low.undeclared_wrench == 0.0
    assert low.self_contact == 0.0
