"""The hash of the sources: what decides about motion is in it, and nothing else."""

from typing import Any

import pytest

from scenarios.provenance import ROOT, origin, sources_sha256


@pytest.fixture
def tree(tmp_path):
    for file in ("controllers/balance.py", "scenarios/library/ride.toml", "scenarios/bench/gate.py", "urdf/robot.urdf"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("as it was", encoding="utf-8")
    return tmp_path


def hash_of(root):
    sources_sha256.cache_clear()
    return sources_sha256(root)


@pytest.mark.parametrize(
    "file", ["controllers/balance.py", "scenarios/library/ride.toml", "urdf/robot.urdf", "sim/new.py"]
)
def test_what_moves_the_robot_is_in_the_hash(tree, file):
    before = hash_of(tree)
    (tree / file).parent.mkdir(exist_ok=True)
    (tree / file).write_text("otherwise", encoding="utf-8")
    assert hash_of(tree) != before


@pytest.mark.parametrize(
    "file",
    ["README.md", "scenarios/bench/gate.py", "scenarios/baselines/ride.json", "scenarios/plots.py", "sim/notes.md"],
)
def test_what_does_not_is_not(tree, file):
    before = hash_of(tree)
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text("otherwise", encoding="utf-8")
    assert hash_of(tree) == before


def test_a_file_that_is_renamed_is_another(tree):
    before = hash_of(tree)
    (tree / "controllers/balance.py").rename(tree / "controllers/roll.py")
    assert hash_of(tree) != before


def test_the_own_sources_have_one_and_so_has_the_processor():
    known = origin()
    assert known["sources_sha256"] == hash_of(ROOT)
    cpu: Any = known["cpu"]
    assert cpu["model"]
    assert isinstance(cpu["simd"], list)
