"""The peers: their common problem is consistent, our worker solves it, and the judge sees errors."""

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.peers.judge import judge, make_problem
from benchmarks.peers.ours import Ours
from benchmarks.peers.problem import FRAMES, TICKS, Problem
from benchmarks.peers.protocol import do_ticks
from benchmarks.peers.run import MODULES, Worker


@pytest.fixture(scope="module")
def problem():
    return make_problem()


@pytest.fixture(scope="module")
def solved(problem):
    times, places = do_ticks(Ours(problem), 0, TICKS)
    return times, np.array(places)


def test_the_stance_has_both_soles_on_the_ground_and_keeps_the_limits(problem):
    soles = problem.positions[0, [FRAMES.index("left_sole"), FRAMES.index("right_sole")]]
    assert soles[:, 2] == pytest.approx(0.0, abs=1e-5)
    assert soles[0] * (1, -1, 1) == pytest.approx(soles[1], abs=1e-5)
    assert (problem.posture >= problem.lower).all()
    assert (problem.posture <= problem.upper).all()
    assert problem.rotations @ problem.rotations.transpose(0, 2, 1) == pytest.approx(np.tile(np.eye(3), (5, 1, 1)))


def test_targets_begin_and_end_at_the_stance_and_go_no_faster_than_a_body_can(problem):
    start = judge(problem, np.concatenate((problem.base, problem.posture))[None])
    assert max(start.foot, start.hand, start.com) < 1e-4
    assert problem.com[-1] == pytest.approx(problem.com[0], abs=1e-4)
    for path in (problem.positions.reshape(TICKS, -1), problem.com):
        assert np.ptp(path, axis=0).max() > 0.06
        assert np.abs(np.diff(path, axis=0)).max() < 0.5 * 0.002


def test_our_solver_serves_every_task_within_the_limits(problem, solved):
    times, places = solved
    errors = judge(problem, places)
    assert errors.foot < 2e-4
    assert errors.hand < 1e-3
    assert errors.com < 1e-3
    assert max(errors.foot_turn, errors.torso_turn, errors.hand_turn) < 5e-3
    assert errors.position_limits == errors.velocity_limits == 0.0
    assert len(times) == TICKS
    assert min(times) > 0


def test_a_solver_that_is_reset_does_the_same_again(problem, solved):
    solver = Ours(problem)
    do_ticks(solver, 0, 30)
    solver.reset()
    _, again = do_ticks(solver, 0, 20)
    assert np.array_equal(again, solved[1][:20])


def test_the_judge_sees_what_is_wrong(problem, solved):
    places = solved[1][:3].copy()
    places[1, 0] += 0.05
    shifted = judge(problem, places)
    assert shifted.foot == pytest.approx(0.05, rel=0.01)
    assert shifted.com == pytest.approx(0.05, rel=0.02)
    knee = problem.joints.index("left_knee_joint")
    places[2, 7 + knee] = problem.upper[knee] + 0.1
    bent = judge(problem, places)
    assert bent.position_limits == pytest.approx(0.1)
    assert bent.velocity_limits > 10.0


def test_a_problem_survives_its_file(problem, tmp_path):
    problem.save(tmp_path / "problem.npz")
    again = Problem.load(tmp_path / "problem.npz")
    assert (again.urdf, again.joints) == (problem.urdf, problem.joints)
    assert np.array_equal(again.com, problem.com)


def test_our_worker_answers_over_its_pipes(problem, solved, tmp_path):
    problem.save(tmp_path / "problem.npz")
    worker = Worker(MODULES["ours"], Path(sys.executable), tmp_path / "problem.npz")
    try:
        times, places = worker.do(0, 5)
    finally:
        worker.close()
    assert "Pinocchio" in worker.version
    assert len(times) == 5
    assert np.array_equal(places, solved[1][:5])
