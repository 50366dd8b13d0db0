"""The matrix of faults, its table in the documents, and the watches of the safety layer fit each other."""

from pathlib import Path

from scenarios.faults.matrix import load_matrix
from scenarios.faults.report import expected
from scenarios.loader import load
from tests.unit.safety_causes import CAUSES

DOCUMENT = (Path(__file__).parents[2] / "docs" / "faults.md").read_text(encoding="utf-8")
MATRIX = load_matrix()
UNTRIED = {
    "emergency_stop", "bus_stopped", "state_not_finite", "velocity_beyond", "torque_beyond", "motor_hot",
    "current_high", "voltage_low", "voltage_high", "driver_hot",
}  # fmt: skip
"""Watches that no fault of the matrix trips; the documents say why."""


def test_the_document_has_a_row_for_each_fault_and_stage_with_what_is_expected():
    for case in MATRIX.case:
        for stage in MATRIX.stage:
            row = f"| {case.about} | {stage.name} | {expected(case.expectation(stage.name))} |"
            assert row in DOCUMENT


def test_every_row_of_the_document_is_as_expected():
    rows = [line for line in DOCUMENT.splitlines() if any(f" | {stage.name} | " in line for stage in MATRIX.stage)]
    assert len(rows) == len(MATRIX.case) * len(MATRIX.stage)
    assert all(row.endswith("| as expected |") for row in rows)


def test_every_watch_that_stops_is_tried_or_said_not_to_be():
    tried = {expect.watch for case in MATRIX.case for expect in (case.expect, *case.stages.values()) if expect.watch}
    tried |= {"position_beyond"}  # it refuses a drive that turns the other way
    watches = {watch.name.lower() for watch in CAUSES}
    assert tried & watches == watches - UNTRIED
    for watch in UNTRIED:
        assert f"`{watch}`" in DOCUMENT


def test_the_stages_name_criteria_of_their_scenarios():
    for stage in MATRIX.stage:
        known = {criterion.metric for criterion in load(stage.scenario).criteria}
        assert set(stage.criteria) <= known
        for case in MATRIX.case:
            assert set(case.without) <= {name for one in MATRIX.stage for name in one.criteria}
