"""Learned policies behind the interface of a controller: what they see, what they move, what their file must say."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import onnx
import pytest

from controllers.learned.controller import PolicyController
from controllers.learned.interface import PolicyInterface
from controllers.learned.observation import FIELDS, ObservationMap, Seen
from controllers.learned.onnx_policy import KEY, OnnxPolicy
from controllers.learned.policy import Idle
from controllers.riding.telemetry import RiderTelemetry
from robot import ImuReading, JointCommand, RobotState
from scenarios.gym.policy_onnx import network, sealed

NAMES = ("hip", "knee", "grip")
INTERFACE = PolicyInterface("ride", "residual", ("knee",), (0.2,), 4, ("joint_position", "lean", "action"))
WIDE = np.full(3, -np.inf), np.full(3, np.inf)
LEVEL = ImuReading(np.array((0.0, 0.0, 0.0, 1.0)), np.zeros(3), np.array((0.0, 0.0, 9.81)))


def state(time=0.0, position=(0.1, 0.2, 0.3)):
    return RobotState(time, np.array(position), np.zeros(3), np.zeros(3), LEVEL, LEVEL, None)


class Below:
    """Commands the same joints more and more, and believes that it leans by as many hundredths as there were ticks."""

    def __init__(self):
        self.telemetry, self.finished, self.ticks = RiderTelemetry(), False, 0

    def reset(self, _):
        self.ticks = 0

    def step(self, state):
        self.ticks += 1
        self.telemetry.estimate_lean = 0.01 * self.ticks
        asked = np.full(3, 0.1 * self.ticks)
        return JointCommand(state.time, asked, np.ones(3), np.ones(3), np.full(3, 40.0 + self.ticks), np.ones(3))


class Constant:
    def __init__(self, *action):
        self.action, self.seen = np.array(action, dtype=np.float32), []

    def act(self, observation):
        self.seen.append(observation)
        return self.action


def run(policy, ticks, **changes):
    controller = PolicyController(Below(), NAMES, WIDE, replace(INTERFACE, **changes), policy)
    controller.reset(state())
    return [controller.step(state(0.002 * tick)) for tick in range(ticks)]


def test_a_policy_that_does_nothing_changes_nothing():
    plain = Below()
    for tick, command in enumerate(run(Idle(1), 6)):
        asked = plain.step(state(0.002 * tick))
        for field in ("time", "position", "velocity", "torque", "stiffness", "damping"):
            assert np.array_equal(getattr(command, field), getattr(asked, field))


def test_an_action_is_reached_evenly_and_moves_its_joint_alone():
    policy = Constant(0.5)
    commands = run(policy, 8)
    assert [command.position[1] - 0.1 * (tick + 1) for tick, command in enumerate(commands)] == pytest.approx(
        [0.025, 0.05, 0.075, 0.1, 0.1, 0.1, 0.1, 0.1]
    )
    assert [command.position[[0, 2]].tolist() for command in commands] == [
        pytest.approx([0.1 * tick] * 2) for tick in range(1, 9)
    ]
    assert len(policy.seen) == 2
    assert policy.seen[0].tolist() == pytest.approx([0.0, 0.1, 0.2, 0.01, 0.0])
    assert policy.seen[1].tolist() == pytest.approx([0.0, 0.1, 0.2, 0.05, 0.5])


def test_more_than_one_is_one():
    assert run(Constant(7.0), 4)[-1].position[1] == pytest.approx(0.4 + 0.2)


def test_no_joint_is_asked_beyond_its_limits():
    limits = np.full(3, 0.05), np.array((9.0, 0.25, 9.0))
    controller = PolicyController(Below(), NAMES, limits, INTERFACE, Constant(1.0))
    controller.reset(state())
    asked = [controller.step(state(0.002 * tick)).position[1] for tick in range(3)]
    assert asked == pytest.approx([0.15, 0.25, 0.25])


def test_with_positions_the_joints_are_held_around_where_they_were_at_first():
    commands = run(Constant(1.0), 5, action="position")
    assert commands[-1].position == pytest.approx((0.1, 0.3, 0.1))
    assert commands[-1].stiffness == pytest.approx(41.0)
    assert commands[-1].time == 0.008


def test_a_new_start_forgets_the_action():
    controller = PolicyController(Below(), NAMES, WIDE, INTERFACE, Constant(1.0))
    for _ in range(2):
        controller.reset(state())
        assert controller.step(state()).position[1] == pytest.approx(0.1 + 0.05)


@pytest.mark.parametrize("kind", FIELDS)
def test_every_field_gives_as_many_numbers_as_it_says(kind):
    belief = RiderTelemetry() if kind == "ride" else balance_telemetry()
    action = np.array((0.5, -0.5), dtype=np.float32)
    seen = Seen(state(), belief, np.zeros(3), action)
    for name, field in FIELDS[kind].items():
        width = {0: 3, -1: 2}.get(field.width, field.width)
        assert np.size(field.value(seen)) == width, name
        assert field.unit
        assert field.about
    everything = ObservationMap(kind, tuple(FIELDS[kind]), 3, 2)
    vector = everything.see(seen)
    assert vector.dtype == np.float32
    assert vector.shape == (everything.size,)
    assert np.array_equal(vector[everything.slices["action"]], action)
    assert vector[everything.slices["pelvis_up"]].tolist() == [0.0, 0.0, 1.0]


def balance_telemetry():
    from controllers.balance.telemetry import BalanceTelemetry

    return BalanceTelemetry()


def test_a_walk_is_seen_from_the_pelvis():
    half = np.pi / 4
    belief = SimpleNamespace(
        estimate_orientation=np.array((0.0, 0.0, np.sin(half), np.cos(half))),  # it looks along y
        estimate_com_velocity=np.array((0.1, 0.7, 0.0)),
    )
    seen = Seen(state(), belief, np.zeros(3), np.zeros(1, dtype=np.float32))
    assert FIELDS["foot"]["com_velocity"].value(seen) == pytest.approx((0.7, -0.1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"joints": ("tail",)}, "it moves 'tail', and the robot has no such joint"),
        ({"joints": ("hip", "hip"), "reach": (0.1, 0.1)}, "no joint, or one of them twice"),
        ({"joints": ()}, "no joint, or one of them twice"),
        ({"reach": (0.1, 0.1)}, "2 numbers of reach for 1 joints"),
        ({"reach": (0.0,)}, "must be above 0 rad"),
        ({"reach": (float("nan"),)}, "must be above 0 rad"),
        ({"hold": 0}, "holds for 0 ticks"),
        ({"action": "torque"}, "no action 'torque'; there are residual, position"),
        ({"kind": "fly"}, "no kind of run 'fly'; there are ride, foot"),
        ({"senses": ("lean", "smell")}, "a ride shows no field 'smell'; there are joint_position, "),
        ({"senses": ("lean", "lean")}, "field 'lean' is in the observation twice"),
        ({"senses": ()}, "it sees nothing"),
    ],
)
def test_what_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        PolicyController(Below(), NAMES, WIDE, replace(INTERFACE, **changes), Idle(1))


def linear(weight=((1.0, 2.0, 3.0, 4.0, 5.0),), bias=(0.1,), interface=INTERFACE):
    return network([(weight, bias)], interface)


def test_a_file_tells_what_it_sees_and_moves_and_acts_as_its_weights_say():
    policy = OnnxPolicy(linear())
    assert policy.interface == INTERFACE
    policy.fit(5)
    seen = np.array((0.1, 0.2, -0.1, 0.05, 0.0), dtype=np.float32)
    assert policy.act(seen) == pytest.approx(np.tanh(0.1 + 0.1 + 0.4 - 0.3 + 0.2))


def test_layers_are_put_one_behind_the_other():
    first, second = np.ones((3, 5)), np.ones((1, 3))
    policy = OnnxPolicy(network([(first, np.zeros(3)), (second, np.zeros(1))], INTERFACE))
    seen = np.full(5, 0.1, dtype=np.float32)
    assert policy.act(seen) == pytest.approx(np.tanh(3 * np.tanh(0.5)))
    with pytest.raises(ValueError, match="3 numbers come out of one, 2 go into the next"):
        network([(first, np.zeros(3)), (np.ones((1, 2)), np.zeros(1))], INTERFACE)


def test_a_model_from_elsewhere_is_sealed():
    loaded = onnx.load_from_string(linear())
    del loaded.metadata_props[:]
    bare = loaded.SerializeToString()
    with pytest.raises(ValueError, match=f"have no '{KEY}'"):
        OnnxPolicy(bare)
    other = replace(INTERFACE, hold=2)
    assert OnnxPolicy(sealed(sealed(bare, INTERFACE), other)).interface == other


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is no JSON"), ("{}", "is not complete: 'kind'"), ("[]", "is not complete")],
)
def test_what_a_model_says_of_itself_must_be_right(text, message):
    with pytest.raises(ValueError, match=message):
        PolicyInterface.from_json(text)


def test_a_model_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="no ONNX model that runs here"):
        OnnxPolicy(b"nothing")
    with pytest.raises(ValueError, match="its input has 5 numbers, and what it says it sees has 6"):
        OnnxPolicy(linear()).fit(6)
    two = linear(np.ones((2, 5)), np.zeros(2))
    with pytest.raises(ValueError, match="its output has 2 numbers, and it says that it moves 1 joints"):
        OnnxPolicy(two).fit(5)
