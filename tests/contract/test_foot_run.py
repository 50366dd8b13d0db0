"""A run on foot from its file to its results: how it ends, what is logged of it, and that it can be had again."""

import json

import numpy as np
import pytest
from mcap.reader import make_reader

from controllers.balance.controller import BalanceController
from scenarios.assembly import assemble as assembled
from scenarios.errors import BadInput
from scenarios.foot_assembly import assemble_on_foot
from scenarios.foot_columns import FOOT
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.mcap_file import channels_of
from scenarios.metrics_foot import FOOT_METRICS
from scenarios.runner import ride, run
from scenarios.trial import Trial, attempt
from sim.foot_truth import FootTruth
from tests.stand_in_balance import StandIn

TEXT = """
summary = "stand until it falls"
kind = "foot"
duration = "6 s"
goals = [{ for_time = "0.6 s" }]
jitter = { heading = "2 deg" }
criteria = [{ metric = "falls", max = 0 }, { metric = "completed", min = 1 }]
"""


def nobody(*_):
    pass


def assemble(scenario, seed):
    assert isinstance(scenario, FootScenario)
    return assemble_on_foot(scenario, seed, StandIn)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("foot") / "stand.toml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def fallen(file):
    """A run in which a push is too much."""
    push = "disturbances=[{ body='torso', time='0.2 s', duration='0.1 s', impulse='40 N·s', direction='forward' }]"
    return ride(load(file, ["goals.0.for_time='5 s'", push]), 0, nobody, assemble=assemble)


@pytest.mark.parametrize(("imu", "delay"), [("mti_300", 0.002), ("vn_100", 0.004), ("ideal", 0.0)])
def test_the_estimate_knows_how_late_the_imu_is_that_a_scenario_names(imu, delay):
    controller = assembled(load("stand_quiet", [f"senses.imu={imu}"]), 0).controller
    assert isinstance(controller, BalanceController)
    assert controller._estimator._attitude._delay == delay
    assert controller._estimator._motion._delay == delay


def test_it_is_completed_when_every_goal_is_done(file):
    done = ride(load(file), 0, nobody, assemble=assemble)
    assert done.end == "completed"
    assert done.context.completed
    assert done.seconds == pytest.approx(0.6, abs=0.005)


def test_a_fall_is_watched_for_a_second_but_ends_the_run_when_it_happens(fallen):
    assert fallen.end == "fallen"
    assert fallen.log["time"][-1] == pytest.approx(fallen.seconds + 1.0, abs=0.01)
    assert fallen.log["truth_body_ground_contact"][-1] == 1.0
    assert not np.isnan(fallen.log["truth_energy"]).any()


def test_the_time_limit_ends_it_in_a_fall_too(file):
    push = "disturbances=[{ body='torso', time='0.2 s', duration='0.1 s', impulse='40 N·s', direction='forward' }]"
    found = ride(load(file, ["goals.0.for_time='5 s'", "duration='1.3 s'", push]), 0, nobody, assemble=assemble)
    assert found.end == "fallen"
    assert found.seconds < 1.3
    assert found.log["time"][-1] == pytest.approx(1.298)


def test_momentum_and_energy_are_accounted_for(fallen):
    log = fallen.log
    fell = round(fallen.seconds / 0.002)
    np.testing.assert_allclose(log["truth_momentum"][:fell], log["truth_external_impulse"][:fell], atol=0.3)
    change = log["truth_energy"] - log["truth_energy"][0]
    assert (
        change[: round(fallen.seconds / 0.002)].max() < (log["truth_joint_work"] + log["truth_push_work"]).max() + 5.0
    )


def test_its_results_are_written_and_say_what_they_are(file, tmp_path):
    outcome = run(load(file), 3, tmp_path, nobody, assemble=assemble)
    assert outcome.passed
    folder = tmp_path / "stand-seed3"
    document = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert document["metrics"].keys() == FOOT_METRICS.keys()
    assert document["metrics"]["cop_margin_min"]["unit"] == "m"
    assert "cop_margin_min" in (folder / "summary.md").read_text(encoding="utf-8")
    assert (folder / "plots.png").stat().st_size > 10_000
    with (folder / "run.mcap").open("rb") as stream:
        topics = {channel.topic for _, channel, _ in make_reader(stream).iter_messages()}
    assert topics == channels_of(FOOT).keys()


def test_a_trial_of_it_can_be_had_again_and_another_seed_is_another_run(file):
    scenario = load(file)
    first, again, other = (attempt(Trial("one", scenario, seed), assemble) for seed in (1, 1, 2))
    assert first.end == "completed"
    assert first.state_hash == again.state_hash != other.state_hash
    assert first.metrics.keys() == FOOT_METRICS.keys()


def test_the_seed_moves_joints_and_heading_but_no_grip(file):
    starts = []
    for seed in (0, 1):
        built = assemble(load(file), seed)
        with built.bus as bus:
            joints, truth = bus.open().joint_position, built.world().truth
            assert isinstance(truth, FootTruth)
            starts.append((joints, truth.foot_yaw.mean()))
    moved = np.abs(starts[0][0] - starts[1][0])
    grips = [index for index, name in enumerate(built.context.joint_names) if "grip" in name]
    assert 0.0005 < np.delete(moved, grips).mean() < 0.03
    assert starts[0][1] != starts[1][1]


def test_ground_that_cannot_be_stood_on_is_refused(file):
    with pytest.raises(BadInput, match="take a smaller slope"):
        ride(load(file, ["ground={ kind='slope', angle='30 deg', toward='90 deg' }"]), 0, nobody, assemble=assemble)
