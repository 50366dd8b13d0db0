"""``draisine drives faults``: the matrix of faults as a table, and what it refuses."""

from scenarios.faults.matrix import load_matrix
from tests.cli.test_cli import assert_refused, draisine


def test_a_fault_is_tried_and_shown_as_a_table(tmp_path):
    found = draisine("drives", "faults", "wrong_direction", "--stage", "standing", cwd=tmp_path)
    assert found.returncode == 0
    heading, _, row = found.stdout.strip().splitlines()
    assert heading.startswith("| fault | during | expected | observed |")
    assert row.startswith("| the left knee's drive turns the other way | standing | refused | refused |")
    assert row.endswith("| as expected |")


def test_the_faults_are_listed(tmp_path):
    found = draisine("drives", "faults", "--list", cwd=tmp_path)
    assert [line.split()[0] for line in found.stdout.splitlines()] == [case.name for case in load_matrix().case]


def test_a_fault_or_a_stage_that_there_is_not_is_refused(tmp_path):
    assert_refused(
        draisine("drives", "faults", "wrong_directon", cwd=tmp_path), "no fault 'wrong_directon'; did you mean 'wrong_"
    )
    assert_refused(draisine("drives", "faults", "--stage", "sitting", cwd=tmp_path), "no stage 'sitting'")
