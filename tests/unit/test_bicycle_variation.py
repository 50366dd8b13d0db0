"""A bicycle that is built otherwise: what changes in its URDF, and what stays where it was."""

import math

import numpy as np
import pinocchio as pin
import pytest

from urdf import bicycle as generator
from urdf.bicycle_variation import BicycleVariation
from urdf.guard import require_sound

UPRIGHT_PARTS = ("saddle", "handlebar", "drive", "brakes", "padding", "bearings", "resistance")


class Built:
    """A bicycle as its URDF has it, upright, steering straight, all joints at zero."""

    def __init__(self, parameters):
        self.text = generator.build(parameters)
        self.model = pin.buildModelFromXML(self.text, pin.JointModelFreeFlyer())
        self.data = self.model.createData()
        self.place = pin.neutral(self.model)
        pin.centerOfMass(self.model, self.data, self.place)
        pin.updateFramePlacements(self.model, self.data)

    def at(self, frame):
        return self.data.oMf[self.model.getFrameId(frame)].translation

    @property
    def mass(self):
        return pin.computeTotalMass(self.model)

    @property
    def com(self):
        return self.data.com[0]

    @property
    def steer_axis(self):
        """Where the steer axis meets the ground [m], and its tilt [rad]."""
        joint = self.data.oMi[self.model.getJointId("steer_joint")]
        # The joint's z, x or y axis is the steer axis: the one that the rates of all below it share.
        pin.computeJointJacobians(self.model, self.data, self.place)
        column = pin.getFrameJacobian(
            self.model, self.data, self.model.getFrameId("fork"), pin.ReferenceFrame.LOCAL_WORLD_ALIGNED
        )[3:, self.model.idx_vs[self.model.getJointId("steer_joint")]]
        origin = joint.translation
        return origin[0] - column[0] / column[2] * origin[2], math.atan2(-column[0], column[2])


@pytest.fixture(scope="module")
def nominal():
    from urdf.bicycle_parameters import BicycleParameters

    return BicycleParameters.load()


def test_no_difference_is_the_same_bicycle(nominal):
    assert BicycleVariation().of(nominal) == nominal


def test_mass_scales_every_part_in_place(nominal):
    before, after = Built(nominal), Built(BicycleVariation(mass=1.2).of(nominal))
    assert after.mass == pytest.approx(1.2 * before.mass)
    np.testing.assert_allclose(after.com, before.com, atol=1e-8)
    for joint in range(1, before.model.njoints):
        np.testing.assert_allclose(
            after.model.inertias[joint].inertia, 1.2 * before.model.inertias[joint].inertia, atol=1e-8
        )


@pytest.mark.parametrize(
    ("variation", "foot", "tilt"),
    [
        (BicycleVariation(trail=0.01), 0.01, 0.0),
        (BicycleVariation(trail=-0.02), -0.02, 0.0),
        (BicycleVariation(steer_axis_tilt=0.03), 0.0, 0.03),
        (BicycleVariation(wheelbase=0.02), 0.02, 0.0),
    ],
)
def test_the_steer_axis_moves_as_said(nominal, variation, foot, tilt):
    before, after = Built(nominal), Built(variation.of(nominal))
    assert before.steer_axis[0] == pytest.approx(nominal.geometry.wheelbase + nominal.geometry.trail)
    assert before.steer_axis[1] == pytest.approx(nominal.geometry.steer_axis_tilt)
    assert after.steer_axis[0] - before.steer_axis[0] == pytest.approx(foot, abs=1e-7)
    assert after.steer_axis[1] - before.steer_axis[1] == pytest.approx(tilt, abs=1e-7)


@pytest.mark.parametrize("variation", [BicycleVariation(trail=0.01), BicycleVariation(steer_axis_tilt=-0.03)])
def test_trail_and_tilt_leave_wheels_masses_and_levers_where_they_are(nominal, variation):
    before, after = Built(nominal), Built(variation.of(nominal))
    for frame in ("rear_wheel", "front_wheel", "crank", "left_pedal", "front_brake_lever", "rear_brake_lever"):
        np.testing.assert_allclose(after.at(frame), before.at(frame), atol=1e-8)
    np.testing.assert_allclose(after.com, before.com, atol=1e-8)


def test_a_longer_wheelbase_moves_the_front_wheel_alone(nominal):
    before, after = Built(nominal), Built(BicycleVariation(wheelbase=0.02).of(nominal))
    np.testing.assert_allclose(after.at("front_wheel") - before.at("front_wheel"), (0.02, 0.0, 0.0), atol=1e-8)
    for frame in ("rear_wheel", "crank", "front_brake_lever"):
        np.testing.assert_allclose(after.at(frame), before.at(frame), atol=1e-8)
    assert 0.0 < after.com[0] - before.com[0] < 0.02


def test_bigger_wheels_still_stand_on_the_ground(nominal):
    changed = BicycleVariation(wheel_radius=0.005).of(nominal)
    after = Built(changed)
    for wheel, radius in (("rear_wheel", changed.geometry.rear_wheel_radius), ("front_wheel", 0.205)):
        assert radius == pytest.approx(0.205)
        assert after.at(wheel)[2] == pytest.approx(radius)


@pytest.mark.parametrize(
    "variation",
    [
        BicycleVariation(mass=0.5, trail=-0.03, steer_axis_tilt=0.1, wheelbase=-0.05, wheel_radius=-0.01),
        BicycleVariation(mass=3.0, trail=0.05, steer_axis_tilt=-0.17, wheelbase=0.1, wheel_radius=0.01),
    ],
)
def test_all_at_once_is_sound_and_carries_the_rider_where_it_was(nominal, variation):
    changed = variation.of(nominal)
    require_sound(generator.build(changed), "the changed bicycle")
    for part in UPRIGHT_PARTS:
        assert getattr(changed, part) == getattr(nominal, part)


def test_what_is_no_bicycle_is_refused(nominal):
    with pytest.raises(ValueError, match="wheelbase"):
        BicycleVariation(wheelbase=-1.0).of(nominal)
