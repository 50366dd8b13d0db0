"""Whatever robot and bicycle really are: the accounts of energy and momentum close, and the rider is told nothing."""

from dataclasses import dataclass

import numpy as np
import pybullet
import pytest

from scenarios.assembly import BICYCLE_URDF, assemble
from scenarios.loader import load
from scenarios.metrics import compute
from scenarios.metrics_energy import gained
from scenarios.runner import Ridden, ride
from sim.mechanics import Mechanics

SECONDS = 1.0
PLANTS = {
    "nominal": (),
    "robot": ("robot_mass=1.2", "payload.mass=5", "torso_com.y=0.01"),
    "bicycle": ("bicycle_mass=0.8", "trail=0.01", "steer_axis_tilt=0.02", "wheelbase=0.02", "wheel_radius=0.003"),
    "drives": ("joint_friction=2", "motor_strength=0.9", "command_delay='4 ms'", "sensor_delay='4 ms'"),
}


def scenario_of(name):
    return load("ride_straight", [f"duration={SECONDS}", *(f"plant.{change}" for change in PLANTS[name])])


@dataclass(frozen=True)
class Seen:
    """A short ride with its metrics."""

    ridden: Ridden
    metrics: dict[str, float]

    @property
    def unexplained(self):
        """Energy that the account does not explain [J]."""
        log = self.ridden.log
        work = sum(gained(log, f"truth_{name}_work") for name in ("pedal", "push", "ground"))
        taken = sum(gained(log, f"truth_{name}_work") for name in ("resistance", "brake"))
        return work - taken - gained(log, "truth_energy")


@pytest.fixture(scope="module")
def rides():
    """Each plant, ridden when it is first asked for."""
    done = {}

    def of(name):
        if name not in done:
            ridden = ride(scenario_of(name), 0, lambda *told: None, assemble=assemble)
            done[name] = Seen(ridden, compute(ridden.log, ridden.context))
        return done[name]

    return of


@pytest.mark.parametrize("name", PLANTS)
def test_it_is_ridden_by_who_knows_the_nominal_one(rides, name):
    seen = rides(name)
    assert seen.ridden.end == "out of time"
    assert seen.metrics["hand_off_grip_max"] == 0
    assert seen.metrics["grip_force_max"] < 60.0


@pytest.mark.parametrize("name", PLANTS)
def test_momentum_comes_from_declared_forces_alone(rides, name):
    seen, nominal = rides(name), rides("nominal")
    assert seen.metrics["undeclared_wrench_max"] == 0
    assert seen.metrics["momentum_residual_max"] < max(0.05, 1.5 * nominal.metrics["momentum_residual_max"])


@pytest.mark.parametrize("name", ["robot", "bicycle"])
def test_the_account_of_energy_explains_as_much_as_of_the_nominal_bodies(rides, name):
    """It leaves out the work of limbs that do not pedal, so it is held against the nominal ride's and not against 0."""
    assert abs(rides(name).unexplained - rides("nominal").unexplained) < 0.5


def test_the_account_of_momentum_would_not_close_with_nominal_bodies(rides, robot_model):
    """So the test before can fail: the same log, weighed with the masses that the rider believes in."""
    log, context = rides("robot").ridden.log, rides("robot").ridden.context
    true = log["truth_momentum"].copy()
    nominal = Mechanics(robot_model, BICYCLE_URDF.read_text(encoding="utf-8"))
    try:
        log["truth_momentum"][:] = nominal.over(lambda name: log[f"truth_{name}"])[1]
        assert compute(log, context)["momentum_residual_max"] > 1.0
    finally:
        log["truth_momentum"][:] = true


@pytest.mark.parametrize("name", [name for name in PLANTS if name != "nominal"])
def test_each_plant_rides_otherwise(rides, name):
    assert rides(name).ridden.log.state_hash() != rides("nominal").ridden.log.state_hash()


def test_a_plant_that_says_what_the_models_say_keeps_the_bits(rides):
    changes = ["plant.robot_mass=1", "plant.payload.mass=0", "plant.trail=0", "plant.command_delay='0 ms'"]
    ridden = ride(load("ride_straight", [f"duration={SECONDS}", *changes]), 0, lambda *told: None, assemble=assemble)
    assert ridden.log.state_hash() == rides("nominal").ridden.log.state_hash()


def test_the_world_has_the_true_bodies_and_the_rider_the_nominal_ones(robot_model, bicycle, posture):
    changes = ["plant.robot_mass=1.1", "plant.payload.mass=5", "plant.bicycle_mass=1.2", "plant.trail=0.01"]
    ridden = assemble(load("ride_straight", changes), 0)
    rider = ridden.controller
    assert rider.bicycle == bicycle
    pose, still = posture.solve(0.0, 0.0), np.zeros(robot_model.size)
    torques = [
        who.kinematics.inverse_dynamics(pose, still, still, np.array((0.0, 0.0, 1.0)))
        for who in (rider.posture, posture)
    ]
    np.testing.assert_array_equal(*torques)
    try:
        ridden.bus.open()
        world = ridden.world()
        weighed = [
            sum(
                pybullet.getDynamicsInfo(body.id, link, physicsClientId=world.physics.id)[0]
                for link in range(-1, pybullet.getNumJoints(body.id, physicsClientId=world.physics.id))
            )
            for body in (world.robot, world.bicycle)
        ]
    finally:
        ridden.bus.close()
    assert weighed == pytest.approx([1.1 * robot_model.mass + 5.0, 1.2 * bicycle.mass])
    assert ridden.context.mass == pytest.approx(sum(weighed))


@pytest.mark.parametrize("name", PLANTS)
def test_it_begins_on_the_ground_with_both_hands_on_the_bar(name):
    ridden = assemble(scenario_of(name), 0)
    try:
        ridden.bus.open()
        truth = ridden.world().truth
        np.testing.assert_array_equal(truth.grip_closed, 1.0)
        for contact in (truth.rear_contact, truth.front_contact):
            assert abs(contact[2]) < 1e-3
    finally:
        ridden.bus.close()
