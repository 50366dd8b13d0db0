"""The rooms keep to themselves: the body and its controllers touch neither files nor clocks nor the simulator."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("robot", "controllers") for path in (ROOT / room).rglob("*.py"))
FORBIDDEN_NAMES = {"open", "print", "input", "breakpoint", "sleep"}
FORBIDDEN_METHODS = {"sleep", "read_text", "read_bytes", "write_text", "write_bytes", "loadtxt", "savetxt", "tofile"}
SIMULATOR = {"pybullet", "pybullet_data", "pybullet_utils", "sim"}


def trespasses(tree: ast.AST) -> list[str]:
    """List the lines of a module that do what its room must not."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_NAMES:
                found.append(f"line {node.lineno}: {name}()")
            case ast.Call(func=ast.Attribute(attr=name)) if name in FORBIDDEN_METHODS:
                found.append(f"line {node.lineno}: .{name}()")
            case ast.Import(names=names):
                modules = {alias.name.partition(".")[0] for alias in names}
                found += [f"line {node.lineno}: import {module}" for module in sorted(modules & SIMULATOR)]
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in SIMULATOR:
                found.append(f"line {node.lineno}: from {module} import")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=[str(path.relative_to(ROOT)) for path in SOURCES])
def test_nothing_sleeps_prints_or_touches_files(path: Path) -> None:
    assert trespasses(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    ["print('x')", "open('f')", "time.sleep(1)", "from time import sleep\nsleep(1)", "p.write_text('x')"],
)
def test_the_search_finds_a_forbidden_call(source: str) -> None:
    assert trespasses(ast.parse(source))


@pytest.mark.parametrize("source", ["import pybullet", "import pybullet as p", "from sim.world import World"])
def test_the_search_finds_a_forbidden_import(source: str) -> None:
    assert trespasses(ast.parse(source))


def test_every_module_of_body_and_controllers_imports_without_the_simulator() -> None:
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in SOURCES]
    program = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({sorted(SIMULATOR)!r}))\n"
        f"[importlib.import_module(name) for name in {modules!r}]\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
