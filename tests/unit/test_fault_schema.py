"""Faults and the safety layer in scenario files: what they say, and what they refuse in one line."""

from math import inf
from typing import get_args

import pytest

from scenarios.committed import load_robot
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.errors import BadInput
from scenarios.fault_builder import troubles_of
from scenarios.fault_schema import BusFaultTable, DriveFaultTable, FrameFaultTable, HotDrive, WrongDirection, WrongZero
from scenarios.faults.matrix import checked, load_matrix
from scenarios.loader import load
from scenarios.wiring import load_wiring
from sim.drive_faults import DriveTrouble
from sim.host_faults import HostTrouble
from sim.scheduled_faults import FrameTrouble

WIRING = load_wiring(load_robot())


def troubles(*faults):
    scenario = load("stand_quiet", ["bus=can", f"faults=[{', '.join(faults)}]"])
    return troubles_of(scenario.faults, WIRING, CONTROL_PERIOD)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("faults=[{kind='dropt'}]", r"faults.0.kind: there is no 'dropt'; there is: 'dropped'"),
        ("faults=[{kind='dropped', shar=1}]", r"faults.0.shar: unknown key; did you mean 'share'\?"),
        ("faults=[{kind='dropped', share=1.5}]", r"faults.0.share: 1.5 is wrong"),
        ("faults=[{kind='dropped', time='2 m'}]", r"faults.0.time: '2 m' is a length"),
        ("faults=[{kind='dropped', time='50 s'}]", r"faults.0 begins at 50 s, after the time limit of 40 s"),
        ("faults=[{kind='late_tick'}]", r"late_tick: say by how much, as duration = '20 ms'"),
        ("faults=[{kind='power_loss'}]", r"power_loss: say 'joint' or 'bus', one of them"),
        ("faults=[{kind='power_loss', joint='a', bus='b'}]", r"power_loss: say 'joint' or 'bus', one of them"),
        ("faults=[{kind='over_temperature', joint='a', temperature=-3}]", r"faults.0.temperature: -3 is wrong"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_one_line(change, complaint):
    with pytest.raises(BadInput, match=complaint) as caught:
        load("stand_quiet", ["bus=can", change])
    assert "\n" not in str(caught.value)


def test_there_are_neither_faults_nor_a_safety_layer_without_buses():
    for change, what in (("safety.supervised=true", "safety.supervised"), ("faults=[{kind='dropped'}]", "faults")):
        with pytest.raises(BadInput, match=rf"{what}: there are no buses and no drives .* write bus = 'can'"):
            load("ride_straight", [change])


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("{kind='babbling_node', bus='left_lag'}", r"faults.0: there is no bus 'left_lag'; did you mean 'left_leg'"),
        ("{kind='power_loss', joint='left_kne_joint'}", r"faults.0: there is no joint or motor 'left_kne_joint'; did"),
    ],
)
def test_a_place_that_there_is_not_is_named_with_what_comes_closest(fault, complaint):
    with pytest.raises(ValueError, match=complaint):
        troubles(fault)


def test_an_imu_freezes_for_its_time():
    found = troubles("{kind='frozen_imu', time='1 s', duration='0.5 s'}", "{kind='frozen_imu', imu='torso'}")
    assert found.frozen == (("pelvis", 1.0, 1.5), ("torso", 0.0, inf))


def test_patterns_find_joints_motors_and_buses():
    found = troubles(
        "{kind='power_loss', joint='left_ankle_*', time='1 s'}", "{kind='drive_reboot', joint='left_ankle_upper'}",
        "{kind='stuck_encoder', bus='right_leg', time='1 s', duration='2 s'}",
    )  # fmt: skip
    first, second, third = found.drives
    assert first.places == (4, 5)
    assert (first.trouble, first.begin, first.end) == (DriveTrouble.NO_SUPPLY, 1.0, inf)
    assert second.places == (4,)
    assert (second.begin, second.end) == (0.0, 0.3)
    assert third.places == tuple(sorted(WIRING.on("right_leg")))
    assert (third.trouble, third.end) == (DriveTrouble.STUCK_ENCODER, 3.0)
    assert found.begin == 0.0


def test_frames_buses_and_hosts_are_sorted():
    found = troubles(
        "{kind='delayed', share=0.5, bus='*_leg', direction='replies', time='1 s', duration='1 s', lateness='3 ms'}",
        "{kind='bus_off', bus='left_arm'}", "{kind='babbling_node', bus='*_arm', time='2 s'}",
        "{kind='not_finite', joint='left_knee_joint', time='3 s'}",
    )  # fmt: skip
    late, destroyed = found.frames
    assert late.trouble is FrameTrouble.DELAYED
    assert (late.buses, late.direction, late.end, late.lateness) == (("left_leg", "right_leg"), "replies", 2.0, 0.003)
    assert destroyed.trouble is FrameTrouble.DESTROYED
    assert (destroyed.buses, destroyed.direction, destroyed.share) == (("left_arm",), "commands", 1.0)
    assert found.babbling == (("left_arm", 2.0, inf), ("right_arm", 2.0, inf))
    (host,) = found.host
    assert (host.trouble, host.joints) == (HostTrouble.NOT_FINITE, (3,))
    assert host.end - host.begin == pytest.approx(CONTROL_PERIOD)


def test_drives_are_wired_otherwise_than_the_host_knows():
    true = troubles(
        "{kind='wrong_zero', joint='left_knee_joint', offset='10 deg'}", "{kind='wrong_direction', joint='*elbow*'}"
    ).wiring
    changed = [place for place, wire in enumerate(true.wires) if wire != WIRING.wires[place]]
    assert [WIRING.wires[place].name for place in changed] == [
        "left_knee_joint", "left_elbow_joint", "right_elbow_joint",
    ]  # fmt: skip
    assert true.wires[3].zero - WIRING.wires[3].zero == pytest.approx(0.17453, abs=1e-4)
    assert true.wires[20].direction == -WIRING.wires[20].direction


def test_the_matrix_has_every_kind_of_fault():
    kinds = {fault.kind for case in load_matrix().case for fault in case.faults}
    tables = (FrameFaultTable, BusFaultTable, DriveFaultTable, HotDrive, WrongZero, WrongDirection)
    known = {kind for table in tables for kind in get_args(table.model_fields["kind"].annotation)}
    assert known <= kinds
    assert {"late_tick", "silent_controller", "dead_controller", "not_finite"} <= kinds


def test_a_matrix_that_expects_what_there_is_not_is_refused():
    case = {
        "name": "a",
        "about": "b",
        "faults": [{"kind": "dropped"}],
        "expect": {"mode": "fault", "watch": "drive_sil"},
    }
    limits = {"asked": 1.0, "torque": 1.0, "switch_on_step": 0.1, "stage": [{"name": "s", "scenario": "x", "at": 1.0}]}
    with pytest.raises(BadInput, match="a: there is no watch 'drive_sil'; did you mean 'drive_silent'"):
        checked({**limits, "case": [case]})
    case["expect"] = {"mode": "active"}
    with pytest.raises(BadInput, match="a: there is no stage 'sitting'"):
        checked({**limits, "case": [{**case, "stages": {"sitting": {"mode": "active"}}}]})
    with pytest.raises(BadInput, match=r"case\.0\.faults\.0\.kind: there is no 'bad'"):
        checked({**limits, "case": [{**case, "faults": [{"kind": "bad"}]}]})
