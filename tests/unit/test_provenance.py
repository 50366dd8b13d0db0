"""The hash of the sources: what decides about motion is in it, and nothing else."""

import ast
from pathlib import Path
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


@pytest.mark.parametrize("file", ["scenarios/plan.py", "scenarios/plots_foot.py", "scenarios/trials_ray.py"])
def test_a_file_is_left_out_by_its_whole_name(tree, file):
    before = hash_of(tree)
    (tree / file).write_text("it shows results", encoding="utf-8")
    assert hash_of(tree) == before
    (tree / file).rename((tree / file).with_stem(f"{Path(file).stem}_builder"))
    assert hash_of(tree) != before


def test_every_module_that_the_assembly_of_a_ride_imports_is_in_the_hash(tmp_path):
    imported = imports(ROOT / "scenarios" / "assembly.py")
    for file in imported:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text("as it was", encoding="utf-8")
    left_out = set()
    for file in imported:
        before = hash_of(tmp_path)
        (tmp_path / file).write_text("otherwise", encoding="utf-8")
        if hash_of(tmp_path) == before:
            left_out.add(file)
    assert "scenarios/plant_builder.py" in imported
    assert left_out == {"scenarios/suggest.py"}, "which words an error"


def imports(file):
    """Files of scenarios/ that a module of it imports, directly or through others, and its own."""
    found, waiting = set(), [file]
    while waiting:
        module = waiting.pop()
        path = module.relative_to(ROOT).as_posix()
        if path in found:
            continue
        found.add(path)
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or node.module is None or not node.module.startswith("scenarios"):
                continue
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                place = ROOT / name.replace(".", "/")
                waiting += [known for known in (place.with_suffix(".py"), place / "__init__.py") if known.exists()]
    return sorted(found)


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
