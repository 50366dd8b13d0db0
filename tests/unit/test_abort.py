"""How the body is put in order in a fall."""

import numpy as np
import pytest

from controllers.riding.abort import Abort
from scenarios.assembly import load_robot


@pytest.fixture(scope="module")
def model():
    return load_robot()


def command(model, side, seconds):
    """The command some time after the ride was lost, from a posture with closed hands."""
    abort, seated = Abort(model), np.zeros(model.size)
    for name in ("left_grip_joint", "right_grip_joint"):
        seated[model.index(name)] = 1.4
    abort.command(5.0, side, seated)
    return abort.command(5.0 + seconds, side, seated)


@pytest.mark.parametrize(("side", "below", "above"), [(0, "left", "right"), (1, "right", "left")])
def test_the_hand_on_the_side_of_the_ground_lets_go_and_the_other_one_brakes(model, side, below, above):
    asked = command(model, side, 0.0)
    assert asked.position[model.index(f"{below}_grip_joint")] == 0.0
    assert asked.torque[model.index(f"{below}_grip_joint")] == 0.0
    assert asked.position[model.index(f"{above}_grip_joint")] == 1.4
    assert asked.torque[model.index(f"{above}_grip_joint")] > 1.0


def test_the_arm_goes_out_and_trunk_and_head_go_away_from_the_ground(model):
    left, right = command(model, 0, 0.5), command(model, 1, 0.5)
    # Positive about the forward axis: left side up.
    assert left.position[model.index("waist_roll_joint")] > 0.3
    assert right.position[model.index("waist_roll_joint")] < -0.3
    assert left.position[model.index("left_shoulder_roll_joint")] > 0.8
    assert right.position[model.index("right_shoulder_roll_joint")] < -0.8
    assert left.position[model.index("head_yaw_joint")] < 0.0 < right.position[model.index("head_yaw_joint")]
    assert left.position[model.index("head_pitch_joint")] > 0.3


def test_it_stays_within_its_limits_and_moves_smoothly_from_where_it_was(model):
    for side in (0, 1):
        asked = command(model, side, 1.0)
        assert (asked.position >= model.limits.lower).all()
        assert (asked.position <= model.limits.upper).all()
        first = command(model, side, 0.0)
        arms = [index for index, name in enumerate(model.joint_names) if "grip" not in name]
        assert np.allclose(first.position[arms], 0.0)


def test_lying_it_is_limp(model):
    asked = command(model, 0, 2.0)
    assert not asked.stiffness.any()
    assert not asked.torque.any()
    assert (asked.damping > 0.0).all()
