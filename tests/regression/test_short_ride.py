"""Seven seconds of riding: upright, by its own feet, honestly. The long rides have criteria in the library."""

from typing import Any

import numpy as np
import pytest

from controllers.riding.steering import COMMAND, HEADING, ROLL, ROLL_RATE
from scenarios import metrics_impedance
from scenarios.assembly import assemble, load_robot
from scenarios.limbs import LIMBS, joints
from scenarios.loader import load
from sim.hand import HandParameters
from tests.regression.short_ride import short_ride
from tests.unit.synthetic_ride import make_context
from urdf.bicycle_parameters import JOINTS

SECONDS = 7.0
pytestmark = pytest.mark.smoke


@pytest.fixture(scope="module")
def ride(tmp_path_factory):
    return short_ride(tmp_path_factory.mktemp("ride"), SECONDS)


def test_it_rides_to_the_end_of_its_time(ride):
    assert ride.outcome.end == "out of time"
    assert ride["falls"] == 0


def test_it_keeps_upright(ride):
    # Riding straight from a jittered start of 0.01 rad needs less than a fifth of what any scenario allows.
    assert ride["roll_max"] < 0.1


def test_it_keeps_its_speed(ride):
    assert ride["speed_mean"] == pytest.approx(2.5, abs=0.1)
    assert ride["speed_min"] > 2.3


def test_it_keeps_to_its_course(ride):
    # The start alone is off by 0.03 m and 0.02 rad.
    assert ride["path_error_max"] < 0.3


def test_feet_stay_on_their_pedals(ride):
    assert ride["foot_off_pedal_max"] <= 0.3


def test_the_pelvis_does_not_creep_on_the_saddle(ride):
    """It rocks by a millimetre. A solver that ends its iterations early lets it creep off, by 0.15 mm/s and more."""
    settled = ride.log["time"] > 3.0
    away = ride.log["truth_robot_position"] - ride.log["truth_bicycle_position"]
    heading = ride.log["truth_heading"]
    ahead = (away[:, 0] * np.cos(heading) + away[:, 1] * np.sin(heading))[settled]
    creep = np.polyfit(ride.log["time"][settled], ahead, 1)[0]
    assert abs(creep) < 8e-5
    assert ride["pelvis_slip_max"] < 0.0008


def test_the_gains_of_the_steering_are_found_again_in_the_ride(ride):
    """Those of the law at its speed, by least squares from what was believed and asked."""
    controller: Any = assemble(load("ride_straight"), 0).controller
    steering = controller._steering
    for state, name, share in (
        (HEADING, "heading", 0.1), (ROLL, "lean", 0.1), (ROLL_RATE, "roll_rate", 0.05), (COMMAND, "command", 0.1),
    ):  # fmt: skip
        gain = -np.interp(ride["speed_mean"], steering._SPEEDS, steering._gains[:, state])
        assert ride[f"steering_{name}_gain"] == pytest.approx(gain, rel=share)


@pytest.mark.parametrize("limb", LIMBS)
def test_the_impedance_of_the_limbs_is_found_again_in_the_ride(ride, limb):
    """As it is asked of the drives: by the motion of their joints and the torques that come of it."""
    context = make_context(joint_names=load_robot().joint_names)
    found, certainty = metrics_impedance.by_joint(limb, ride.log, context)
    for part, name in enumerate(("stiffness", "damping")):
        asked = ride.log[f"command_{name}"][-1, joints(context, limb)]
        mean, right = (np.average(values, weights=certainty[:, part]) for values in (found[:, part], asked))
        assert mean == pytest.approx(right, rel=0.1), name


def test_hands_hold_within_their_force(ride):
    assert 0 < ride["grip_force_max"] <= 150
    assert ride["hand_off_grip_max"] == 0


def test_nothing_pushes_in_secret(ride):
    assert ride["undeclared_wrench_max"] == 0


def test_momentum_comes_from_declared_forces_alone(ride):
    """Gravity, ground, air: what is gained beside them, as a force, is nothing beside the weight of 560 N."""
    assert ride["momentum_residual_max"] < 1.0


def test_the_ground_carries_both_bodies(ride, robot_model, bicycle):
    """On average, over whole turns of the crank: what is thrown up comes down."""
    settled = ride.log["time"] > 1.0
    force = ride.log["truth_ground_force"][settled]
    weight = 9.81 * (robot_model.mass + bicycle.mass)
    assert np.mean(force[:, 2] + force[:, 5]) == pytest.approx(weight, rel=0.01)


def gained(log, column, start=2.0):
    """What a running total gained from a time on [J]; the start leaves out setting the legs in motion, 3 J once."""
    values = log[column][log["time"] >= start]
    return float(values[-1] - values[0])


def test_the_account_of_energy_closes(ride):
    """Pedal work less resistances is the gain of energy, within the 5 % that the long ride has to keep."""
    pedal, losses = (gained(ride.log, f"truth_{what}_work") for what in ("pedal", "resistance"))
    assert gained(ride.log, "truth_energy") == pytest.approx(pedal - losses, abs=0.05 * pedal)


def test_all_energy_comes_from_the_joints(ride):
    """Nothing but joints puts work in: arms that steer push the bicycle a little as well, which no pedal books."""
    joint, losses = (gained(ride.log, f"truth_{what}_work") for what in ("joint", "resistance"))
    # Sums over steps of 1 ms are 1 % off, over steps of 0.25 ms 0.1 % (measured).
    assert gained(ride.log, "truth_energy") == pytest.approx(joint - losses, abs=0.03 * joint)


def test_it_pedals(ride):
    """The feet pay for what resistances take: about 5 N over 17 m."""
    assert ride["pedal_work"] > 0.8 * ride["resistance_work"] > 30


def test_it_is_the_feet_that_turn_the_crank(ride, bicycle):
    """The work that is booked at the chain is the work of the feet's contact forces, from the contacts alone."""
    log = ride.log
    axes = _rotations(log["truth_bicycle_orientation"])
    crank = log["truth_crank_angle"]
    work = np.zeros(len(log))
    for side, sign in enumerate((1.0, -1.0)):
        on_pedal = -np.einsum("tji,tj->ti", axes, log["truth_foot_force"][:, 3 * side : 3 * side + 3])
        arm_x, arm_z = (sign * bicycle.drive.crank_length * f(crank) for f in (np.sin, np.cos))
        work += (arm_z * on_pedal[:, 0] - arm_x * on_pedal[:, 2]) * log["truth_crank_rate"]
    settled = log["time"] > 1.0
    feet = work[settled].sum() * (log["time"][1] - log["time"][0])
    chain = np.ptp(log["truth_pedal_work"][settled])
    # Contact forces are seen in every second step and act where the sole lies, up to a centimetre off the axle.
    assert feet == pytest.approx(chain, rel=0.1)


def _rotations(quaternions):
    """Matrices of shape (T, 3, 3) from x, y, z, w."""
    x, y, z, w = quaternions.T
    rows = (
        (1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)),
        (2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)),
        (2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)),
    )
    return np.moveaxis(np.array(rows), 2, 0)


def test_no_drive_is_at_its_limit_for_long(ride):
    assert ride["torque_saturation_fraction"] < 0.01


def test_no_joint_reaches_its_limit(ride):
    assert ride["joint_limit_margin_min"] > 0


def test_the_guard_has_nothing_to_do(ride):
    assert ride["guard_interventions"] == 0


def test_knees_and_shins_do_not_touch_the_bicycle(ride):
    assert ride["body_bicycle_contact_max"] == 0


def test_the_rider_knows_its_ride(ride):
    """Roll, speed and steer angle as the rider believes them are near the truth, after a second of settling."""
    log = ride.log
    settled = log["time"] > 1.0
    for what, near in (("roll", 0.02), ("speed", 0.1), ("steer", 0.05)):
        error = np.abs(log[f"estimate_{what}"] - log[f"truth_{what}"])[settled]
        assert error.max() < near, what


def test_without_localisation_the_crank_tells_the_speed(tmp_path):
    """Three seconds blind: this seed's accelerometer alone makes 0.06 m/s and 0.13 m of that."""
    blind = ['senses.localization="lidar_map"', 'senses.outages=[{time="1.5 s", duration="4 s"}]']
    log = short_ride(tmp_path, 5.0, *blind, seed=1).log
    last = log["time"] > 4.5
    assert np.abs(log["estimate_speed"] - log["truth_speed"])[last].mean() < 0.03
    assert np.abs(log["estimate_x"] - log["truth_rear_contact"][:, 0])[last].mean() < 0.05


def test_nothing_that_is_logged_is_missing(ride):
    for column in ride.log.columns:
        assert np.isfinite(ride.log[column.name]).all(), column.name


# Without pedalling


@pytest.fixture(scope="module")
def coasting(tmp_path_factory):
    return short_ride(tmp_path_factory.mktemp("coasting"), SECONDS, "rider.pedalling=false")


def test_without_pedalling_the_same_ride_slows_down_and_fails(coasting):
    """By about 0.1 m/s²: resistances of some 6 N on 57 kg."""
    speed = coasting.log["truth_speed"]
    assert speed[-1] < speed[0] - 0.5
    assert not coasting.outcome.passed
    assert any("speed" in failure for failure in coasting.outcome.failures)


def test_without_pedalling_it_still_stays_upright(coasting):
    assert coasting["falls"] == 0
    assert coasting["roll_max"] < 0.1


def test_without_pedalling_the_feet_do_no_work(coasting, ride):
    # Parking the crank moves it a little; what is left is a few hundredths of what pedalling takes.
    assert abs(coasting["pedal_work"]) < 0.05 * ride["pedal_work"]


def test_the_speed_falls_as_declared(coasting):
    assert coasting["coast_deceleration_error"] < 0.05


# Braking


@pytest.fixture(scope="module")
def braking(tmp_path_factory):
    return short_ride(tmp_path_factory.mktemp("braking"), 5.0, "rider.phases=[{mode='brake', speed=1.2}]")


def test_braking_is_done_by_hand_and_costs_work(braking, robot_model, bicycle):
    """From 2.5 to 1.4 m/s, where the levers are let go: 57 kg lose 120 J, most of it in the brakes."""
    speed = braking.log["truth_speed"]
    lost = 0.5 * (robot_model.mass + bicycle.mass) * (speed[0] ** 2 - speed[-1] ** 2)
    assert braking["brake_work"] > 0.6 * lost > 60.0
    assert speed[-1] < 1.5
    assert braking["falls"] == 0
    assert braking["grip_force_max"] <= 150


def test_the_account_of_energy_closes_while_braking(braking):
    assert braking["energy_balance_error"] <= 0.05


def test_the_fingers_feel_the_levers_that_they_pull(braking, bicycle, robot_model):
    """The motors of the fingers hold the levers' springs, through pads that push on both with the same force."""
    log = braking.log
    steady = log["time"] > 4.0
    pads = HandParameters()
    for hand, lever in (("left", "front"), ("right", "rear")):
        angle = log["truth_bicycle_joint_position"][steady, JOINTS.index(f"{lever}_brake_lever_joint")]
        spring = bicycle.brakes.lever_preload + bicycle.brakes.lever_stiffness * angle
        motor = log["joint_torque"][steady, robot_model.index(f"{hand}_grip_joint")]
        on_fingers = spring * pads.finger_length / bicycle.brakes.lever_length
        # The drive's own Coulomb friction of 0.05 Nm may bear a part.
        assert np.mean(motor) == pytest.approx(np.mean(on_fingers), abs=0.1), hand
