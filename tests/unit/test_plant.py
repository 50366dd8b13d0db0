"""What a scenario may say of the plant, and what is built of it."""

from dataclasses import replace

import numpy as np
import pytest

from robot.sensor_parts import IDEAL_IMU
from scenarios.assembly import BICYCLE_URDF, DRIVES, ROBOT_URDF
from scenarios.errors import BadInput
from scenarios.loader import load
from scenarios.plant_builder import build_plant, delayed
from scenarios.plant_schema import Plant
from sim.sensors import SensorParameters
from sim.urdf_source import UrdfText


def plant(*changes):
    return load("ride_straight", [f"plant.{change}" for change in changes]).plant


@pytest.fixture
def built(robot_model, bicycle):
    def build(*changes):
        return build_plant(plant(*changes), robot_model, ROBOT_URDF, DRIVES, bicycle, BICYCLE_URDF)

    return build


def test_nothing_said_is_the_models_themselves(built, robot_model, bicycle):
    true = built()
    assert true.model is robot_model
    assert true.bicycle is bicycle
    assert (true.robot, true.bicycle_urdf) == (ROBOT_URDF, BICYCLE_URDF)


def test_values_have_units():
    changed = plant("robot_mass='110 %'", "trail='-8 mm'", "steer_axis_tilt='1 deg'", "command_delay='4 ms'")
    assert (changed.robot_mass, changed.steer_axis_tilt) == pytest.approx((1.1, np.pi / 180))
    assert changed == Plant(
        robot_mass=changed.robot_mass, trail=-0.008, steer_axis_tilt=changed.steer_axis_tilt, command_delay=0.004
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("robot_mass=3", "plant.robot_mass: 3 makes no sense here; a ratio from 0.5 to 2"),
        ("robot_mass='5 kg'", "plant.robot_mass: '5 kg' is a mass; write a ratio"),
        ("payload.mass='50 kg'", "plant.payload.mass: 50 makes no sense here; from 0 to 30 kg"),
        ("payload.x='1 m'", "plant.payload.x: 1 makes no sense here; from -0.5 to 0.5 m"),
        ("payload.link=head", "plant.payload.link: 'head' is wrong"),
        ("torso_com.y='20 cm'", "plant.torso_com.y: 0.2 makes no sense here"),
        ("bicycle_mass=0", "plant.bicycle_mass: 0 makes no sense here"),
        ("trail='8 cm'", "plant.trail: 0.08 makes no sense here; from -0.05 to 0.05 m"),
        ("steer_axis_tilt='18 deg'", "plant.steer_axis_tilt: 0.314159 makes no sense here"),
        ("wheelbase=-1", "plant.wheelbase: -1 makes no sense here"),
        ("wheel_radius=0.1", "plant.wheel_radius: 0.1 makes no sense here"),
        ("joint_friction=-1", "plant.joint_friction: -1 must not be negative"),
        ("motor_strength=0", "plant.motor_strength: 0 makes no sense here"),
        ("command_delay='-1 ms'", "plant.command_delay: '-1 ms' must not be negative"),
        ("command_delay=4", "plant.command_delay: 4 makes no sense here; from 0 to 100 ms"),
        ("sensor_delay=4", "plant.sensor_delay: 4 makes no sense here; from 0 to 200 ms"),
        ("trial=0", "plant.trial: unknown key; did you mean 'trail'?"),
    ],
)
def test_what_makes_no_sense_is_refused(change, message):
    with pytest.raises(BadInput) as caught:
        plant(change)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_masses_add_up(built, robot_model, bicycle):
    true = built("robot_mass=1.1", "bicycle_mass=0.9", "payload.mass=5")
    assert true.model.mass == pytest.approx(1.1 * robot_model.mass + 5.0)
    assert true.mass == pytest.approx(1.1 * robot_model.mass + 5.0 + 0.9 * bicycle.mass)
    assert isinstance(true.robot, UrdfText)
    assert isinstance(true.bicycle_urdf, UrdfText)


def test_the_rest_of_the_robot_is_the_models(built, robot_model):
    true = built("robot_mass=1.1").model
    assert true.joint_names == robot_model.joint_names
    np.testing.assert_array_equal(true.drives.rotor_inertia, robot_model.drives.rotor_inertia)
    np.testing.assert_array_equal(true.limits.effort, robot_model.limits.effort)


def test_a_shifted_torso_is_another_body(built, robot_model):
    true = built("torso_com.y='2 cm'")
    torso = true.model.pinocchio.getJointId("waist_roll_joint")
    moved = true.model.pinocchio.inertias[torso].lever - robot_model.pinocchio.inertias[torso].lever
    np.testing.assert_allclose(moved, (0.0, 0.02, 0.0), atol=1e-12)


def test_drives_rub_more_and_answer_later(built, robot_model):
    true, nominal = built("joint_friction=2", "command_delay='4 ms'"), robot_model.drives
    np.testing.assert_allclose(true.model.drives.coulomb_friction, 2.0 * nominal.coulomb_friction)
    np.testing.assert_allclose(true.model.drives.viscous_friction, 2.0 * nominal.viscous_friction)
    np.testing.assert_allclose(true.model.drives.command_delay, nominal.command_delay + 0.004)
    assert (true.robot, true.bicycle_urdf) == (ROBOT_URDF, BICYCLE_URDF)


def test_sensors_are_later():
    sensors = SensorParameters(imu=replace(IDEAL_IMU, delay=0.002))
    late = delayed(sensors, 0.01)
    assert late.imu.delay == pytest.approx(0.012)
    assert late.localization is not None
    assert late.localization.delay == pytest.approx(0.01)
    assert delayed(sensors, 0.0) is sensors
    assert delayed(SensorParameters(localization=None), 0.01).localization is None
