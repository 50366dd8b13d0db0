"""Faults of the matrix, for real: virtual drives, frames, the safety layer and the project's own controllers."""

import json

import pytest
from mcap.reader import make_reader

from robot.safety import RobotMode
from scenarios.assembly import assemble
from scenarios.faults.matrix import load_matrix
from scenarios.faults.observe import observe
from scenarios.loader import load
from scenarios.runner import ride, run

MATRIX = load_matrix()


def tried(name, stage="standing", **changes):
    """A fault of the matrix while the robot does something for a shorter while."""
    (case,), (stage,) = MATRIX.cases((name,)), MATRIX.stages((stage,))
    changes = {"changes": ("duration=0.5",), "at": 0.2, **changes}
    return observe(case, stage.replaced(**changes))


@pytest.mark.parametrize(
    "name",
    [
        "dropped", "babbling_node_with_supply_guard", "bus_off", "drive_reboot", "frozen_imu", "dead_controller",
        "wrong_zero", "wrong_direction",
    ],
)  # fmt: skip
def test_a_fault_while_it_stands_is_what_the_matrix_says(name):
    assert tried(name).differences(MATRIX) == ()


def test_a_stuck_encoder_on_a_ride_is_found():
    found = tried("stuck_encoder", "riding", changes=("duration=0.6",), at=0.3)
    assert found.differences(MATRIX) == ()


def test_a_lost_wrist_is_taken_out_of_service_and_the_ride_goes_on():
    found = tried("lost_wrist", "riding", changes=("duration=0.6",), at=0.2)
    assert found.differences(MATRIX) == ()
    assert found.lost == 1


def test_an_expectation_that_does_not_hold_is_told():
    (case,), (stage,) = MATRIX.cases(("not_finite",)), MATRIX.stages(("standing",))
    case = case.replaced(expect=case.expect.replaced(watch="drive_off", stop=0.001, pushing=3))
    found = observe(case, stage.replaced(changes=("duration=0.25",), at=0.2))
    assert found.mode == "fault"
    assert found.differences(MATRIX) == ("not for drive_off", "stop after 2 ms, at most 1 ms", "0 drives push, not 3")


def test_the_safety_layer_changes_nothing_of_a_run_without_faults():
    runs = [
        ride(load("ride_lane_change", ["bus=can", "duration=0.4", change]), 0, lambda *_: None, assemble=assemble)
        for change in ("safety.supervised=true", "safety.supervised=false")
    ]
    supervised, plain = runs
    assert supervised.context.safety is not None
    assert plain.context.safety is None
    assert supervised.context.safety.switch_on_step < MATRIX.switch_on_step
    assert supervised.log.state_hash() == plain.log.state_hash()


def test_a_supervised_run_writes_what_the_layer_did(tmp_path):
    faults = "faults=[{kind='not_finite', joint='left_knee_joint', time=0.2}]"
    scenario = load("stand_quiet", ["bus=can", "safety.supervised=true", "duration=0.25", faults])
    outcome = run(scenario, 0, tmp_path, lambda *_: None, assemble=assemble)
    assert outcome.metrics["safety_trips"] == 1.0
    assert outcome.metrics["time_to_stop"] == pytest.approx(0.002)
    summary = (outcome.folder / "summary.md").read_text(encoding="utf-8")
    assert "- ACTIVE to FAULT at 0.200 s: COMMAND_NOT_FINITE at left_knee_joint (planner): at 0.200 s" in summary
    with (outcome.folder / "run.mcap").open("rb") as file:
        modes = [
            json.loads(message.data)["safety_mode"] for _, _, message in make_reader(file).iter_messages(["/safety"])
        ]
    assert modes == [float(RobotMode.ACTIVE)] * 100 + [float(RobotMode.FAULT)] * 25
