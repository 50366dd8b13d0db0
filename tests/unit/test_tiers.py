"""The tiers as they are committed, and the trials that they are made of."""

import pytest

from scenarios.bench.tiers import Ride, Tier, load_tier, load_tiers, trials_of
from scenarios.errors import BadInput
from scenarios.loader import library_names, load
from scenarios.metrics import METRICS
from scenarios.metrics_foot import FOOT_METRICS

HARD = {"falls", "completed", "roll_max", "grip_force_max", "hand_off_grip_max", "undeclared_wrench_max"}
"""Criteria that no tier may leave out."""


def test_there_are_three_tiers():
    assert list(load_tiers()) == ["smoke", "full", "ensemble"]


def test_the_full_tier_has_the_whole_library_as_it_is():
    tier = load_tier("full")
    may_fall = {"dab", "walk_uneven"}
    elsewhere = {"abort", "fall", "other_body"} | may_fall
    assert sorted(tier.rides) == [name for name in library_names() if name not in elsewhere]
    assert may_fall <= load_tier("ensemble").rides.keys(), "what may fall is judged by how often it does"
    assert [name for name, ride in tier.rides.items() if ride != Ride()] == ["endurance"], "half an hour is too long"


@pytest.mark.parametrize("name", ["smoke", "full", "ensemble"])
def test_every_ride_can_be_loaded_and_keeps_what_is_hard(name):
    tier = load_tier(name)
    trials = trials_of(tier)
    assert len(trials) == tier.size * len(tier.rides)
    assert len({trial.name for trial in trials}) == len(trials)
    for trial in trials:
        asked = {criterion.metric for criterion in trial.scenario.criteria}
        assert asked >= {m for m in HARD if m in {c.metric for c in load(trial.scenario.name).criteria}}
        assert not asked & set(tier.rides[trial.scenario.name].without)
        assert set(tier.rides[trial.scenario.name].without) <= {*METRICS, *FOOT_METRICS}


@pytest.mark.parametrize("name", ["smoke", "full", "ensemble"])
def test_a_trial_can_be_ridden_again_by_its_changes(name):
    tier = load_tier(name)
    for trial in trials_of(tier)[:3]:
        again = load(trial.scenario.name, trial.changes)
        assert again.replaced(criteria=(), randomize={}) == trial.scenario.replaced(criteria=(), randomize={})


def test_no_seed_of_an_ensemble_comes_twice():
    trials = [trial for trial in trials_of(load_tier("ensemble"), [0, 1]) if trial.scenario.name == "ride_push"]
    assert len({trial.seed for trial in trials}) == len(trials) == 80
    assert len({trial.changes for trial in trials}) == 80


@pytest.mark.parametrize(
    ("name", "only", "ridden"),
    [
        ("smoke", ["squat", "ride_push", "squat"], ["ride_push", "squat"]),
        ("ensemble", ["ride_push"], ["ride_push"]),
        ("ensemble", [], ["dab", "ride_lane_change", "ride_push", "walk_uneven"]),
    ],
)
def test_a_part_has_some_rides_as_the_whole_tier_rides_them(name, only, ridden):
    whole, part = load_tier(name), load_tier(name, only)
    assert list(part.rides) == ridden
    assert trials_of(part) == [trial for trial in trials_of(whole) if trial.scenario.name in ridden]


def test_a_part_is_ridden_with_several_repetitions_as_well():
    names = [trial.name for trial in trials_of(load_tier("smoke", ["squat"]), [4, 5, 6, 7])]
    assert names == [f"squat-seed{seed}" for seed in (4, 5, 6, 7)]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ride_pusch", "did you mean 'ride_push'? there is: dab, ride_lane_change, ride_push, walk_uneven"),
        ("", "there is: dab, ride_lane_change, ride_push, walk_uneven"),
        ("squat", "there is: dab, ride_lane_change, ride_push, walk_uneven"),
    ],
)
def test_a_ride_that_the_tier_does_not_have_is_refused_with_those_it_has(name, hint):
    with pytest.raises(BadInput) as error:
        load_tier("ensemble", ["ride_push", name])
    assert str(error.value) == f"--only: {name!r} is not in the tier ensemble; {hint}"


def test_seeds_are_ridden_ride_by_ride():
    trials = trials_of(load_tier("smoke"), [4, 5, 6, 7])
    assert [trial.name for trial in trials[:5]] == [
        *(f"ride_lane_change-seed{seed}" for seed in (4, 5, 6, 7)), "ride_straight-seed4",
    ]  # fmt: skip


@pytest.mark.parametrize("seeds", [[], [0], [0, 1, 2]])
def test_half_a_repetition_is_refused(seeds):
    with pytest.raises(BadInput, match="no whole repetitions of 2"):
        trials_of(load_tier("smoke"), seeds)


def test_a_criterion_that_the_scenario_does_not_have_cannot_be_left_out():
    tier = Tier(about="", seeds=1, rides={"ride_straight": Ride(without=("energy_balance",))})
    with pytest.raises(BadInput, match=r"ride_straight has no criterion 'energy_balance'; did you mean"):
        trials_of(tier)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[smoke", "tiers.toml: "),
        ("[smoke]\nabout = ''\nseeds = 0\nrides = { ride_straight = {} }", "smoke.seeds"),
        ("[smoke]\nabout = ''\nseeds = 2\nrides = {}", "smoke.rides: at least 1"),
        ("[smoke]\nabout = ''\nseeds = 2\nrides = { ride_straight = { change = [] } }", "did you mean 'changes'"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(tmp_path, text, message):
    (tmp_path / "tiers.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load_tiers(tmp_path / "tiers.toml")
    assert message in str(error.value)
