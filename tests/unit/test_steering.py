"""Steering against a small simulation of the linear bicycle, written out here once more from the paper's equations."""

from math import cos, pi

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.steering import HEADING, OFFSET, ROLL, ROLL_RATE, STEER, Steering, SteeringParameters
from tests.conftest import PERIOD

GRAVITY = 9.81
SCHEDULED = Steering._SPEEDS.tolist()
small = st.floats(-0.2, 0.2)


@pytest.fixture(scope="module")
def bicycle_with_rider(robot_model, posture, bicycle):
    return whipple_with_rider(robot_model, posture.solve(0.0, 0.5 * pi), posture, bicycle)


@pytest.fixture(scope="module")
def steering(bicycle_with_rider):
    return Steering(bicycle_with_rider, SteeringParameters(), PERIOD)


class LinearBicycle:
    """Offset, heading error, roll (right), its rate, steer (left), its rate; the arms follow the command like a spring.

    The first line of the Whipple equations gives the roll; there lean and steer are positive to the right.
    """

    def __init__(self, bicycle, parameters, speed):
        p = parameters
        mass, damping = bicycle.mass[0], bicycle.damping[0]
        stiffness = GRAVITY * bicycle.gravity[0] + speed**2 * bicycle.speed[0]
        system = np.zeros((8, 8))  # the last two columns: commanded steer angle, curvature of the course
        system[0, 1] = speed
        system[1, 4:6] = cos(bicycle.tilt) / bicycle.wheelbase * np.array((speed, bicycle.trail))
        system[1, 7] = -speed
        system[2, 3] = system[4, 5] = 1.0
        system[5, 4:7] = -(p.arm_frequency**2), -2 * p.arm_damping * p.arm_frequency, p.arm_frequency**2
        # mass0 roll'' + mass1 (-steer)'' + v damping1 (-steer)' + stiffness0 roll + stiffness1 (-steer) = 0
        system[3] = mass[1] * system[5]
        system[3, 2] -= stiffness[0]
        system[3, 4] += stiffness[1]
        system[3, 5] += speed * damping[1]
        system[3] /= mass[0]
        self._step = expm(system * PERIOD)[:6]
        self.speed = speed
        self.state = np.zeros(6)

    def ride(self, steering, seconds, curvature=lambda arc_length: 0.0 * arc_length, preview=True):
        """Close the loop along a course; gives the states, shape (T, 6)."""
        steering.reset(float(self.state[STEER]))
        states = np.empty((round(seconds / PERIOD), 6))
        for tick, row in enumerate(states):
            along = tick * PERIOD * self.speed
            ahead = curvature(along + self.speed * steering.times) if preview else np.zeros_like(steering.times)
            command = steering.step(self.state, self.speed, ahead)
            now = float(curvature(np.array(along)))
            self.state = self._step @ np.concatenate((self.state, (command, now)))
            row[:] = self.state
        return states


def linear_bicycle(bicycle, speed, **start):
    simulated = LinearBicycle(bicycle, SteeringParameters(), speed)
    for place, value in start.items():
        simulated.state[{"offset": OFFSET, "heading": HEADING, "roll": ROLL}[place]] = value
    return simulated


class HeldBars:
    """Bars that are held straight, in the place of the steering."""

    times = np.zeros(1)

    def reset(self, steer):
        pass

    def step(self, state, speed, curvature_ahead):
        return 0.0


@pytest.mark.parametrize("speed", [SCHEDULED[0], SCHEDULED[-1]])
def test_with_the_bars_held_the_bicycle_falls(bicycle_with_rider, speed):
    """Or the next test would show nothing."""
    states = linear_bicycle(bicycle_with_rider, speed, roll=0.03).ride(HeldBars(), 2.0)
    assert states[-1, ROLL] > 0.3


@pytest.mark.parametrize("speed", [*SCHEDULED, 0.7, 1.1, 2.2, 4.5])
def test_a_disturbance_dies_away_at_every_speed(bicycle_with_rider, steering, speed):
    """At the scheduled speeds and between them; the start is a disturbance of everything at once."""
    # Below 0.5 m/s bars at their limit hold no more than a third of it, and all goes slower.
    slow = speed < 0.5
    start = {"roll": 0.01, "offset": 0.1, "heading": 0.02} if slow else {"roll": 0.03, "offset": 0.3, "heading": 0.05}
    simulated = linear_bicycle(bicycle_with_rider, speed, **start)
    last = np.abs(simulated.ride(steering, 40.0 if slow else 25.0)[-500:])
    # A twentieth after 25 s: the slowest motion, the integral's, has a time constant of about 4 s.
    assert last[:, OFFSET].max() < 0.05 * start["offset"]
    assert last[:, ROLL].max() < 0.05 * start["roll"]
    assert last[:, HEADING].max() < 0.05 * start["heading"]


class Misled:
    """Steering whose sense of roll is wrong by so much [rad]."""

    def __init__(self, steering, bias):
        self._steering, self._bias = steering, bias
        self.times, self.reset = steering.times, steering.reset

    def step(self, state, speed, curvature_ahead):
        felt = state.copy()
        felt[ROLL] += self._bias
        return self._steering.step(felt, speed, curvature_ahead)


@pytest.mark.parametrize("bias", [-0.02, 0.02])
def test_a_roll_that_is_felt_wrong_does_not_lead_beside_the_course_for_good(bicycle_with_rider, steering, bias):
    states = linear_bicycle(bicycle_with_rider, 1.6).ride(Misled(steering, bias), 60.0)
    assert np.abs(states[:, OFFSET]).max() > 0.15  # more than the integral takes for a bias while it changes
    assert np.abs(states[-500:, OFFSET]).max() < 0.01


@pytest.mark.parametrize("speed", SCHEDULED)
def test_a_roll_to_the_right_steers_to_the_right(steering, speed):
    """Into the fall: roll is positive to the right, the steer angle to the left."""
    state = np.zeros(6)
    state[ROLL] = 0.1
    steering.reset(0.0)
    assert steering.step(state, speed, np.zeros_like(steering.times)) < 0


@pytest.mark.parametrize("speed", SCHEDULED)
def test_rolling_over_to_the_right_steers_to_the_right(steering, speed):
    state = np.zeros(6)
    state[ROLL_RATE] = 0.1
    steering.reset(0.0)
    assert steering.step(state, speed, np.zeros_like(steering.times)) < 0


@pytest.mark.parametrize(("speed", "least", "most"), [(0.5, 0.0, 0.25), (0.9, 0.0, 0.25), (2.0, 0.4, 0.7)])
def test_a_roll_rate_that_swings_at_15_hertz_is_steered_by_less_above_all_when_it_is_slow(steering, speed, least, most):
    """At its first peak, as a share of what a roll rate that stays as high asks for."""
    ahead = np.zeros_like(steering.times)

    def answer(rates):
        steering.reset(0.0)
        for rate in rates:
            steering.command = 0.0
            steering.step(np.array((0.0, 0.0, 0.0, rate, 0.0, 0.0)), speed, ahead)
        return steering.rate

    times = PERIOD * np.arange(192)  # to a peak, after almost six periods
    swing = 0.02 * np.sin(2 * pi * 15 * times)
    assert least < answer(swing) / answer(np.full(192, float(swing[-1]))) < most
    assert steering.roll_rate == pytest.approx(float(swing[-1]))


def test_left_of_the_course_it_turns_right(bicycle_with_rider, steering):
    """After the countersteer that leans it: within five seconds the heading points back to the course."""
    states = linear_bicycle(bicycle_with_rider, 2.0, offset=0.3).ride(steering, 5.0)
    assert states[:, HEADING].min() < -0.02
    assert states[:, OFFSET].min() < 0.1


@given(st.lists(small, min_size=6, max_size=6), st.floats(0.5, 6.0), st.floats(-0.3, 0.3))
def test_a_mirrored_state_is_steered_to_the_other_side(steering, values, speed, bend):
    state, ahead = np.array(values), np.full_like(steering.times, bend)
    steering.reset(0.0)
    left = steering.step(state, speed, ahead)
    steering.reset(0.0)
    assert steering.step(-state, speed, -ahead) == pytest.approx(-left, abs=1e-12)


def step_of_curvature(arc_length):
    """Straight for 8 m, then a circle of 8 m radius."""
    return np.where(arc_length < 8.0, 0.0, 1.0 / 8.0)


@pytest.mark.parametrize("speed", [1.5, 2.0, 3.0])
def test_preview_lowers_the_error_where_a_circle_begins(bicycle_with_rider, steering, speed):
    with_preview, without = (
        linear_bicycle(bicycle_with_rider, speed).ride(steering, 16.0 / speed, step_of_curvature, preview)
        for preview in (True, False)
    )
    seen, blind = (np.sqrt(np.mean(states[:, OFFSET] ** 2)) for states in (with_preview, without))
    # Without preview the error is that of a steady turn with no feed-forward: several times larger, not a few per cent.
    assert seen < 0.5 * blind


def test_preview_turns_the_bars_before_the_bend_comes(bicycle_with_rider, steering):
    states = linear_bicycle(bicycle_with_rider, 2.0).ride(steering, 4.0, step_of_curvature)
    assert np.abs(states[-1, STEER]) > 1e-3  # the end of these 4 s is where the bend begins


def test_in_a_steady_turn_it_stays_on_the_course_and_leans_into_it(bicycle_with_rider, steering):
    speed, radius = 2.0, 8.0
    bend = linear_bicycle(bicycle_with_rider, speed)
    states = bend.ride(steering, 30.0, lambda arc_length: np.full_like(arc_length, 1.0 / radius))
    assert abs(states[-1, OFFSET]) < 0.01
    # Left turn, so the lean is to the left; the point-mass bicycle leans by v²/(g r), a wheel's spin adds a little.
    assert states[-1, ROLL] == pytest.approx(-(speed**2) / (GRAVITY * radius), rel=0.1)


@given(st.lists(st.floats(-10.0, 10.0), min_size=6, max_size=6), st.floats(0.0, 20.0))
def test_the_command_stays_within_its_limit_whatever_the_state(steering, values, speed):
    parameters = SteeringParameters()
    steering.reset(0.0)
    for _ in range(200):
        command = steering.step(np.array(values), speed, np.zeros_like(steering.times))
        assert abs(command) <= parameters.steer_limit


def test_the_rate_is_that_of_the_command(steering):
    steering.reset(0.1)
    state = np.array((0.1, 0.02, 0.01, 0.0, 0.1, 0.0))
    before = steering.command
    after = steering.step(state, 2.0, np.zeros_like(steering.times))
    assert steering.rate == pytest.approx((after - before) / PERIOD)


def test_beyond_the_table_the_nearest_speed_counts(steering):
    state = np.array((0.1, 0.02, 0.05, 0.1, 0.0, 0.0))
    commands = []
    for speed in (5.0, 9.0):
        steering.reset(0.0)
        commands.append(steering.step(state, speed, np.zeros_like(steering.times)))
    assert commands[0] == commands[1]


@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_push_that_is_coming_is_steered_for_and_faster(steering, side):
    steering.reset(0.0)
    straight, nothing = np.zeros(6), np.zeros_like(steering.times)
    rates = []
    for _ in range(10):
        steering.step(straight, 2.0, nothing, -side * 2.0)
        rates.append(side * steering.rate)
    p = SteeringParameters()
    assert rates[0] == pytest.approx(p.hurry_change * PERIOD)
    assert rates[-1] == pytest.approx(p.hurry_rate)
    steering.reset(0.0)
    assert steering.step(straight, 2.0, nothing, 0.0) == 0.0


def test_a_reset_forgets_the_past(bicycle_with_rider, steering):
    first = linear_bicycle(bicycle_with_rider, 2.0, roll=0.05).ride(steering, 1.0)
    again = linear_bicycle(bicycle_with_rider, 2.0, roll=0.05).ride(steering, 1.0)
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("speed", [2.5, 3.0, 5.0])
@pytest.mark.parametrize("roll", [-0.2, -0.3, -0.4])
def test_no_turn_sharper_than_the_lateral_limit_is_steered_unless_the_fall_needs_it(
    bicycle_with_rider, steering, speed, roll
):
    p = SteeringParameters()
    state = np.zeros(6)
    state[ROLL] = roll
    steering.reset(0.0)
    for _ in range(1000):
        command = steering.step(state, speed, np.zeros_like(steering.times))
    curvature = np.tan(command) * cos(bicycle_with_rider.tilt) / bicycle_with_rider.wheelbase
    most = max(p.lateral_limit, p.fall_share * GRAVITY * -roll)
    assert speed**2 * curvature == pytest.approx(most, rel=1e-3)
    assert (most > p.lateral_limit) == (roll < -0.22)


def test_at_walking_pace_the_arms_reach_is_the_limit(steering):
    state = np.zeros(6)
    state[ROLL] = -1.0
    steering.reset(0.0)
    for _ in range(1000):
        command = steering.step(state, 0.5, np.zeros_like(steering.times))
    assert command == pytest.approx(SteeringParameters().steer_limit)


@pytest.mark.parametrize("hurried", [False, True])
def test_the_way_back_to_the_course_asks_for_a_limited_lean(bicycle_with_rider, hurried):
    """From 5 m beside it no more is asked than from 2 m: a bicycle that leans a little further settles the account."""
    p = SteeringParameters(path_haste=1e3, hurry_haste=1e3)
    steering = Steering(bicycle_with_rider, p, PERIOD)
    lean = p.path_share * p.lateral_limit / GRAVITY
    if hurried:
        lean = p.hurry_share * p.hurry_lateral / GRAVITY
    for offset in (2.0, 5.0):
        state = np.zeros(6)
        state[OFFSET], state[ROLL] = offset, lean
        steering.reset(0.0)
        steering.step(state, 2.0, np.zeros_like(steering.times), 0.0 if hurried else None)
        assert steering.rate == pytest.approx(0.0, abs=0.05)


def test_the_way_back_to_the_course_is_asked_for_little_by_little(bicycle_with_rider):
    """A lean of 0.2 rad/s, whatever the heading; what it asks for less is asked at once."""
    p = SteeringParameters()
    steering = Steering(bicycle_with_rider, p, PERIOD)
    gain = steering._gains[Steering._SPEEDS.tolist().index(2.0)]
    nothing = np.zeros_like(steering.times)
    turned, straight = np.zeros(6), np.zeros(6)
    turned[HEADING] = 0.02
    steering.reset(0.0)
    steering.step(turned, 2.0, nothing)
    assert abs(steering.rate) == pytest.approx(gain[ROLL] * p.path_haste * PERIOD)
    for _ in range(100):
        steering.step(turned, 2.0, nothing)
    steering.command = 0.0
    steering.step(turned, 2.0, nothing)
    assert steering.rate == pytest.approx(-gain[HEADING] * 0.02)
    steering.command = 0.0
    steering.step(straight, 2.0, nothing)
    assert steering.rate == 0.0


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(("speed", "early"), [(1.6, True), (1.1, False)])
def test_bars_turn_back_while_the_lean_that_is_left_can_be_mended(bicycle_with_rider, side, speed, early):
    """Bars at their limit into a fall that is all but caught: the linear law holds them there for the way back."""
    state = np.zeros(6)
    state[HEADING], state[ROLL], state[ROLL_RATE], state[STEER] = np.multiply(side, (-0.3, 0.02, -0.15, -0.65))
    rates = []
    for p in (SteeringParameters(), SteeringParameters(return_speed=10.0)):
        steering = Steering(bicycle_with_rider, p, PERIOD)
        steering.reset(float(state[STEER]))
        steering.step(state, speed, np.zeros_like(steering.times))
        rates.append(side * steering.rate)
    assert rates[1] < 4.5
    assert rates[0] == pytest.approx(4.5) if early else rates[0] == rates[1]


def test_the_law_passes_into_the_way_back_without_a_jump(bicycle_with_rider):
    """A switch would let the bars go to and fro between the two at every step."""
    state = np.zeros(6)
    state[STEER] = 0.5
    rates = {}
    for p in (SteeringParameters(), SteeringParameters(return_speed=10.0)):
        steering = Steering(bicycle_with_rider, p, PERIOD)
        rates[p] = np.empty(1000)
        for step, state[ROLL_RATE] in enumerate(np.linspace(-1.0, 1.0, 1000)):
            steering.reset(0.5)
            steering.step(state, 1.6, np.zeros_like(steering.times))
            rates[p][step] = steering.rate
    mixed, law = rates.values()
    apart = np.abs(mixed - law)
    assert apart.max() > 1.0
    assert np.abs(np.diff(apart)).max() < 0.1


@pytest.mark.parametrize("bend", [0.3, 0.6, 0.8])
def test_a_steady_tight_turn_is_held_by_the_steer_angle_that_the_geometry_asks(bicycle_with_rider, steering, bend):
    """Roll, steer and command as they belong together in the turn: nothing is to be changed."""
    b, speed = bicycle_with_rider, 1.2
    tangent = bend * b.wheelbase / cos(b.tilt)
    state = np.zeros(6)
    stiffness = GRAVITY * b.gravity[0] + speed**2 * b.speed[0]
    state[ROLL] = stiffness[1] / stiffness[0] * tangent
    state[STEER] = np.arctan(tangent)
    steering.reset(float(state[STEER]))
    steering.step(state, speed, np.full_like(steering.times, bend))
    # The preview ends after 2.5 s; what comes later would still count for a hundredth.
    assert steering.rate == pytest.approx(0.0, abs=0.06)


@pytest.mark.parametrize("speed", [0.8, 2.0])
def test_from_far_off_it_comes_back_at_a_limited_angle_and_does_not_overshoot(bicycle_with_rider, steering, speed):
    """Six metres beside the course the linear law alone turns by 1.9 rad, and comes out two metres beyond."""
    states = linear_bicycle(bicycle_with_rider, speed, offset=6.0).ride(steering, 25.0)
    assert np.abs(states[:, HEADING]).max() < 1.1
    assert states[:, OFFSET].min() > -0.5
    assert abs(states[-1, OFFSET]) < 0.05
