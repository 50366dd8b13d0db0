"""The linear bicycle against the published benchmark of Meijaard, Papadopoulos, Ruina, Schwab 2007."""

from math import pi

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.whipple import Whipple, capsize_part, weave_part, whipple
from scenarios.assembly import BICYCLE_URDF
from urdf.whipple_file import load_whipple
from urdf.whipple_parameters import WhippleParameters


def benchmark() -> Whipple:
    return whipple(load_whipple())


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("mass", [[80.81722, 2.31941332208709], [2.31941332208709, 0.29784188199686]]),
        ("damping", [[0.0, 33.86641391492494], [-0.85035641456978, 1.68540397397560]]),
        ("gravity", [[-80.95, -2.59951685249872], [-2.59951685249872, -0.80329488458618]]),
        ("speed", [[0.0, 76.59734589573222], [0.0, 2.65431523794604]]),
    ],
)
def test_the_matrices_are_the_published_ones(name, published):
    # The paper prints 14 decimals; what is left is rounding.
    np.testing.assert_allclose(getattr(benchmark(), name), published, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("speed", "capsize", "weave"),
    [
        (1.0, -3.1342, 3.5270 + 0.8077j),
        (3.0, -2.6337, 1.7068 + 2.3158j),
        (5.0, -0.3229, -0.7753 + 4.4649j),
        (7.0, 0.1027, -2.1388 + 7.1953j),
        (9.0, 0.1579, -3.2168 + 9.6938j),
    ],
)
def test_the_eigenvalues_are_the_published_ones(speed, capsize, weave):
    found = benchmark().eigenvalues(speed)
    for published in (capsize, weave, weave.conjugate()):
        # Published with four decimals.
        assert np.abs(found - published).min() < 0.5e-4 * np.sqrt(2)


def test_the_weave_becomes_stable_at_the_published_speed():
    assert benchmark().weave_speed() == pytest.approx(4.29238253634111, abs=1e-9)


def test_the_capsize_becomes_unstable_at_the_published_speed():
    assert benchmark().capsize_speed() == pytest.approx(6.02426201538837, abs=1e-9)


def test_at_the_critical_speeds_the_modes_change_sides():
    """By root finding on the eigenvalues, the capsize speed has a closed form."""
    for part, speed, rising in ((weave_part, benchmark().weave_speed(), False), (capsize_part, 6.0242620, True)):
        assert speed is not None
        before, after = (part(benchmark().eigenvalues(v)) for v in (speed - 1e-3, speed + 1e-3))
        assert (before < 0 < after) if rising else (before > 0 > after)


def test_a_bicycle_without_trail_and_gyroscopes_never_stops_weaving():
    """A vertical steer axis through the contact, and wheels that hardly spin: nothing turns the bars into a fall."""
    values = load_whipple().model_dump() | {"c": 0.0, "lam": 0.0, "IRyy": 1e-6, "IFyy": 1e-6}
    bicycle = whipple(WhippleParameters(**values))
    assert bicycle.weave_speed() is None
    assert bicycle.capsize_speed() is None


@pytest.mark.parametrize("speed", [2.0, 5.0])
def test_the_response_obeys_the_equations_of_motion(speed):
    """Central differences of the response: M q'' + v C1 q' + (g K0 + v² K2) q = 0."""
    b, period = benchmark(), 1e-3
    states = b.response(speed, np.array((0.01, -0.02, 0.03, 0.04)), period, 400)
    assert states[0].tolist() == [0.01, -0.02, 0.03, 0.04]
    angles, rates = states[1:-1, :2], states[1:-1, 2:]
    acceleration = (states[2:, 2:] - states[:-2, 2:]) / (2 * period)
    np.testing.assert_allclose((states[2:, :2] - states[:-2, :2]) / (2 * period), rates, atol=2e-5)
    rest = acceleration @ b.mass.T + speed * rates @ b.damping.T
    rest += angles @ (9.81 * b.gravity + speed**2 * b.speed).T
    np.testing.assert_allclose(rest, 0.0, atol=2e-3)  # of some newton metres; differences are good to period²


def test_a_crown_raises_the_potential_energy_as_a_rolling_torus_does():
    """Lean alone: a torus whose tube has the crown's radius stands (r - crown) cos(lean) + crown above the ground."""
    p, crown, lean = load_whipple(), 0.02, 1e-3
    sharp, blunt = whipple(p), whipple(p, crown)
    rise = (1.0 - np.cos(lean)) * crown  # of the whole bicycle, over knife edges
    energy = 0.5 * p.g * (blunt.gravity - sharp.gravity)[0, 0] * lean**2
    assert energy == pytest.approx(p.mass * p.g * rise, rel=1e-6)
    # Steer alone leans the front wheel by its share, and lifts what rests on it.
    share = (p.mB * p.xB + p.mH * p.xH + p.mF * p.w) / p.w
    assert (blunt.gravity - sharp.gravity)[1, 1] == pytest.approx(crown * share * np.sin(p.lam) ** 2)
    for name in ("mass", "damping", "speed"):
        np.testing.assert_array_equal(getattr(blunt, name), getattr(sharp, name))


def test_at_rest_it_falls_like_the_published_pendulum():
    # Table 2 of the paper at 0 m/s: two pairs of real eigenvalues.
    found = np.sort(benchmark().eigenvalues(0.0).real)
    np.testing.assert_allclose(found, [-5.53094371765393, -3.13164324790656, 3.13164324790656, 5.53094371765393])


@given(
    x=st.floats(0.1, 0.9), height=st.floats(0.3, 1.2), mass=st.floats(5.0, 120.0),
    trail=st.floats(-0.05, 0.12), tilt=st.floats(0.0, 0.6), wheelbase=st.floats(0.7, 1.2),
)  # fmt: skip
def test_without_speed_nothing_is_lost_or_gained(x, height, mass, trail, tilt, wheelbase):
    """Energy is kept at rest: M and K0 are symmetric, M is positive definite, the eigenvalues come in pairs ±."""
    changed = {"w": wheelbase, "c": trail, "lam": tilt, "xB": x, "zB": -height, "mB": mass, "xH": wheelbase - 0.12}
    bicycle = whipple(WhippleParameters(**load_whipple().model_dump() | changed))
    np.testing.assert_array_equal(bicycle.mass, bicycle.mass.T)
    np.testing.assert_array_equal(bicycle.gravity, bicycle.gravity.T)
    assert np.linalg.eigvalsh(bicycle.mass).min() > 0
    squares = bicycle.eigenvalues(0.0) ** 2
    paired = [np.abs(squares - square).argsort()[1] for square in squares]
    # Two equal squares for each pair; where two pairs nearly meet, they are good to the root of machine precision.
    np.testing.assert_allclose(squares[paired], squares, atol=1e-6 * np.abs(squares).max())


def test_the_rider_on_its_bicycle_weighs_what_both_weigh(robot_model, posture, bicycle):
    """M, K0 and the wheelbase give mass times height and mass times distance; the URDFs say the same."""
    seated = posture.solve(0.0, 0.5 * pi)
    linear = whipple_with_rider(robot_model, seated, posture, bicycle)
    machine = pin.buildModelFromUrdf(str(BICYCLE_URDF), pin.JointModelFreeFlyer())
    machine_data, rider_data = machine.createData(), robot_model.pinocchio_floating.createData()
    machine_com = pin.centerOfMass(machine, machine_data, pin.neutral(machine))
    place = np.concatenate((posture.pelvis_in_bicycle, (0.0, 0.0, 0.0, 1.0), seated))
    rider_com = pin.centerOfMass(robot_model.pinocchio_floating, rider_data, place)
    moment = pin.computeTotalMass(machine) * machine_com + robot_model.mass * rider_com
    # K0[0, 0] = -(mass x height). The parts that the model leaves out (levers, 0.1 kg) are a few parts in a thousand.
    assert -linear.gravity[0, 0] == pytest.approx(moment[2], rel=5e-3)
    assert (linear.wheelbase, linear.trail, linear.tilt) == (
        bicycle.geometry.wheelbase, bicycle.geometry.trail, bicycle.geometry.steer_axis_tilt,
    )  # fmt: skip


def test_the_inertia_of_roll_and_steer_is_that_of_both_bodies(robot_model, posture, bicycle):
    """M by Pinocchio's kinetic energy of a bicycle that rolls and steers on the spot, the rider rigid on its frame.

    The rear contact stays; steering yaws the frame by trail cos(tilt) / wheelbase. Roll is to the right in both; the
    paper's steer angle is to the right, the joint's and the yaw about z are to the left.
    """
    seated = posture.solve(0.0, 0.5 * pi)
    linear = whipple_with_rider(robot_model, seated, posture, bicycle)
    machine, rider = (
        pin.buildModelFromUrdf(str(BICYCLE_URDF), pin.JointModelFreeFlyer()),
        robot_model.pinocchio_floating,
    )
    place = np.concatenate((posture.pelvis_in_bicycle, (0.0, 0.0, 0.0, 1.0), seated))
    geometry = bicycle.geometry

    def energy(roll, steer):
        turn = np.array((roll, 0.0, -steer * geometry.trail * np.cos(geometry.steer_axis_tilt) / geometry.wheelbase))
        on_machine, on_rider = np.zeros(machine.nv), np.zeros(rider.nv)
        on_machine[3:6] = on_rider[3:6] = turn
        on_rider[:3] = np.cross(turn, posture.pelvis_in_bicycle)
        on_machine[machine.joints[machine.getJointId("steer_joint")].idx_v] = -steer
        return pin.computeKineticEnergy(machine, machine.createData(), pin.neutral(machine), on_machine) + (
            pin.computeKineticEnergy(rider, rider.createData(), place, on_rider)
        )

    # The levers, 0.1 kg, are left out of the linear model: they are a third of a hundredth of this row.
    roll_roll, roll_steer = 2 * energy(1.0, 0.0), energy(1.0, 1.0) - energy(1.0, 0.0) - energy(0.0, 1.0)
    np.testing.assert_allclose(linear.mass[0], (roll_roll, roll_steer), rtol=0.01)
