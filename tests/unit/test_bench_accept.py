"""What becomes a baseline: only what is committed, made from what is here, and not broken."""

import subprocess
from dataclasses import replace

import pytest

from scenarios.bench.accept import accept, merged, refuse_dirty_tree
from scenarios.bench.baseline import ScenarioBaseline, read_baselines, write_baselines
from scenarios.bench.calibrate import calibrate
from scenarios.bench.results import write_results
from scenarios.errors import BadInput
from scenarios.provenance import origin
from tests.unit.made_up_bench import TIER, make_results, part_of, run_of


def git(root, *arguments):
    identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path):
    """A clean tree with a file, and results beside it."""
    root = tmp_path / "tree"
    root.mkdir()
    (root / "gains.toml").write_text("gain = 1\n", encoding="utf-8")
    git(root, "init", "--quiet")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "All of it")
    return root


@pytest.fixture
def accepting(tree, tmp_path, monkeypatch):
    """Accepts a run of a made-up tier."""
    monkeypatch.setattr("scenarios.bench.accept.load_tier", lambda name: TIER)

    def accept_run(results, only=()):
        write_results(tmp_path / "results.json", results)
        baselines = tree / "scenarios" / "baselines"
        return accept(str(tmp_path / "results.json"), list(only), tmp_path, baselines, tree)

    return accept_run


def test_a_run_becomes_baselines_and_the_change_is_shown(accepting, tree, capsys):
    assert accepting(run_of(range(20))) == 0
    said = capsys.readouterr().out
    assert "7 metrics" in said
    assert "of 140 comparisons are outside" in said
    assert "2 baselines of smoke accepted" in said
    baselines = read_baselines(tree / "scenarios" / "baselines")
    assert list(baselines) == ["ride_circle", "ride_straight"]
    assert baselines["ride_circle"].tiers["smoke"].provenance["git_commit"] == origin()["git_commit"]


def test_accepting_anew_shows_what_changes_and_no_more(accepting, capsys):
    accepting(run_of(range(20)))
    capsys.readouterr()
    accepting(run_of(range(20)))
    assert "no baseline changes" in capsys.readouterr().out
    accepting(run_of(range(20), metrics={"roll_max": 0.2}))
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if "roll_max" in line]
    assert [row[:3] for row in rows] == [["ride_straight", "roll_max", "0.2"], ["ride_circle", "roll_max", "0.2"]]
    assert rows[0][-1] == "rad"


def test_a_dirty_tree_is_refused_and_nothing_is_written(accepting, tree):
    (tree / "gains.toml").write_text("gain = 2\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"the tree is dirty: gains\.toml is not committed; commit or stash"):
        accepting(run_of(range(20)))
    assert not (tree / "scenarios").exists()


def test_a_file_that_git_does_not_know_makes_a_tree_dirty(accepting, tree):
    (tree / "new_gains.toml").write_text("gain = 2\n", encoding="utf-8")
    (tree / "more.toml").write_text("gain = 2\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"more\.toml and 1 more"):
        accepting(run_of(range(20)))


def test_baselines_that_were_just_accepted_do_not_make_it_dirty(accepting, tree):
    accepting(run_of(range(20)))
    refuse_dirty_tree(tree, tree / "scenarios" / "baselines")
    accepting(run_of(range(20)))


def test_without_a_repository_nothing_is_accepted(tmp_path):
    with pytest.raises(BadInput, match="git cannot say whether"):
        refuse_dirty_tree(tmp_path, tmp_path / "baselines")


def test_without_git_nothing_is_accepted(tree, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(BadInput, match="git cannot say whether"):
        refuse_dirty_tree(tree, tree / "baselines")


@pytest.mark.parametrize("what", ["sources_sha256", "urdf_sha256", "versions"])
def test_results_of_other_sources_are_refused(accepting, what):
    results = make_results(run_of(range(20)).trials, provenance={**origin(), what: "other"})
    with pytest.raises(BadInput, match=f"with other {what.removesuffix('_sha256')} than are here; ride again"):
        accepting(results)


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (run_of(range(4)), "4 rides make no baseline"),
        (run_of(range(20), end="fallen"), "what is broken becomes no baseline"),
    ],
)
def test_what_cannot_be_a_baseline_leaves_all_as_it_was(accepting, tree, results, message):
    accepting(run_of(range(20)))
    before = read_baselines(tree / "scenarios" / "baselines")
    with pytest.raises(BadInput, match=message):
        accepting(results)
    assert read_baselines(tree / "scenarios" / "baselines") == before


def test_one_scenario_alone_can_be_accepted(accepting, tree):
    accepting(run_of(range(20)))
    before = read_baselines(tree / "scenarios" / "baselines")
    accepting(run_of(range(20), metrics={"roll_max": 0.2}), only=["ride_circle"])
    after = read_baselines(tree / "scenarios" / "baselines")
    assert after["ride_straight"] == before["ride_straight"]
    assert after["ride_circle"].tiers["smoke"].metrics["roll_max"].value == 0.2


def test_what_is_broken_in_one_keeps_no_other_from_being_accepted(accepting, tree):
    accepting(run_of(range(20)))
    before = read_baselines(tree / "scenarios" / "baselines")
    sound, broken = run_of(range(20), metrics={"roll_max": 0.2}), run_of(range(20), end="fallen")
    trials = [(sound if new.scenario == "ride_circle" else broken).trials[i] for i, new in enumerate(sound.trials)]
    mixed = replace(sound, trials=tuple(trials))
    with pytest.raises(BadInput, match="what is broken becomes no baseline: ride_straight-seed0"):
        accepting(mixed)
    accepting(mixed, only=["ride_circle"])
    after = read_baselines(tree / "scenarios" / "baselines")
    assert after["ride_straight"] == before["ride_straight"]
    assert after["ride_circle"].tiers["smoke"].metrics["roll_max"].value == 0.2


def test_a_scenario_that_is_not_in_the_tier_is_refused(accepting):
    with pytest.raises(BadInput, match="'ride_circel' is not in the tier smoke; did you mean 'ride_circle'"):
        accepting(run_of(range(20)), only=["ride_circel"])


def files_of(tree):
    return {file.name: file.read_bytes() for file in (tree / "scenarios" / "baselines").iterdir()}


def test_a_part_writes_its_own_baselines_and_leaves_all_others(accepting, tree, capsys):
    """Those of other tiers, of rides that were left out, and of one that left the tier."""
    accepting(run_of(range(20)))
    known = read_baselines(tree / "scenarios" / "baselines")
    circle = known["ride_circle"].tiers["smoke"]
    known["ride_circle"] = ScenarioBaseline(scenario="ride_circle", tiers={"smoke": circle, "full": circle})
    known["ride_push"] = ScenarioBaseline(scenario="ride_push", tiers={"smoke": circle, "ensemble": circle})
    write_baselines(tree / "scenarios" / "baselines", known)
    before = files_of(tree)
    capsys.readouterr()
    accepting(part_of(run_of(range(20), metrics={"roll_max": 0.2}), "ride_circle"))
    said = capsys.readouterr().out
    assert "removed" not in said
    assert "1 baseline of smoke accepted" in said
    assert "all others stay" in said
    after = read_baselines(tree / "scenarios" / "baselines")
    assert after["ride_circle"].tiers["smoke"].metrics["roll_max"].value == 0.2
    assert after["ride_circle"].tiers["full"] == circle
    assert {n for n, content in files_of(tree).items() if content != before[n]} == {"ride_circle.json"}
    assert files_of(tree).keys() == before.keys()


def test_the_bands_of_a_part_are_those_of_the_whole_tier(accepting, tree):
    accepting(run_of(range(20)))
    before = files_of(tree)
    for name in TIER.rides:
        accepting(part_of(run_of(range(20)), name))
        assert files_of(tree) == before


def test_a_part_cannot_be_accepted_for_what_it_left_out(accepting):
    with pytest.raises(BadInput, match="--only: 'ride_straight' is not in these results of a part of smoke; there is"):
        accepting(part_of(run_of(range(20)), "ride_circle"), only=["ride_straight"])


@pytest.mark.parametrize(
    ("results", "message"),
    [
        (part_of(run_of(range(4)), "ride_circle"), "run smoke --only ride_circle --seeds 0-19"),
        (replace(part_of(run_of(range(20)), "ride_circle"), provenance={}), "ride again: .* smoke --only ride_circle"),
        (replace(run_of(range(20)), only=("ride_circle",)), "ride_straight-seed0 is not what the tier smoke rides"),
    ],
)
def test_a_part_that_cannot_be_accepted_says_how_to_ride_it_again(accepting, results, message):
    with pytest.raises(BadInput, match=message):
        accepting(results)


def test_other_tiers_stay_and_what_left_the_tier_goes():
    derived = calibrate(run_of(range(20)), TIER).baselines
    straight, circle = derived["ride_straight"], derived["ride_circle"]
    old = {
        "ride_straight": ScenarioBaseline(scenario="ride_straight", tiers={"full": straight}),
        "ride_push": ScenarioBaseline(scenario="ride_push", tiers={"smoke": circle, "full": circle}),
        "ride_coast": ScenarioBaseline(scenario="ride_coast", tiers={"smoke": circle}),
    }
    after = merged(old, "smoke", {"ride_straight": straight}, keep_others=False)
    assert {name: sorted(baseline.tiers) for name, baseline in after.items()} == {
        "ride_straight": ["full", "smoke"],
        "ride_push": ["full"],
    }
    kept = merged(old, "smoke", {"ride_straight": straight}, keep_others=True)
    assert {name: sorted(baseline.tiers) for name, baseline in kept.items()} == {
        "ride_straight": ["full", "smoke"],
        "ride_push": ["full", "smoke"],
        "ride_coast": ["smoke"],
    }


def test_a_file_in_place_of_the_folder_of_baselines_is_refused_and_kept(tree, tmp_path):
    write_results(tmp_path / "results.json", run_of(range(20)))
    file = tmp_path / "notes.txt"
    file.write_text("kept", encoding="utf-8")
    with pytest.raises(BadInput, match="is no folder; name the folder of the baselines"):
        accept(str(tmp_path / "results.json"), [], tmp_path, file, tree)
    assert file.read_text(encoding="utf-8") == "kept"
