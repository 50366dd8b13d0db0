"""Nothing pushes in secret: an undeclared wrench is told, and no other code can push, pin or move a body."""

import ast
from pathlib import Path

import pytest

from scenarios.assembly import assemble
from scenarios.loader import load
from sim.experiments.flight import step
from sim.physics import Source

ROOT = Path(__file__).parents[2]
ROOMS = ("robot", "controllers", "sim", "urdf", "scenarios")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


# The ledger


@pytest.fixture
def ride():
    """A ride without a disturbance at its start, and how to go on by a tick."""
    made = assemble(load("ride_straight"), seed=0)
    state = made.bus.open()
    made.controller.reset(state)

    def tick():
        nonlocal state
        state, _ = made.bus.exchange(made.controller.step(state))

    yield made.world(), tick
    made.bus.close()


def test_a_ride_has_no_undeclared_wrench(ride):
    world, tick = ride
    for _ in range(20):
        tick()
    assert world.truth.undeclared_wrench == 0


def test_a_declared_push_is_no_undeclared_wrench(physics, put_robot):
    body = put_robot(physics)
    physics.push(body.id, -1, (30.0, 40.0, 0.0), (0.0, 0.0, 20.0), Source.DISTURBANCE)
    physics.twist(body.id, -1, (1.0, 0.0, 0.0), Source.ROLLING_RESISTANCE)
    assert physics.undeclared_wrench == 0


def test_an_undeclared_push_is_counted_with_its_norm(physics, put_robot):
    body = put_robot(physics)
    physics.push(body.id, -1, (30.0, 40.0, 0.0), (0.0, 0.0, 20.0), None)
    assert physics.undeclared_wrench == pytest.approx(50.0)


def test_an_undeclared_twist_is_counted_with_its_norm(physics, put_robot):
    body = put_robot(physics)
    physics.twist(body.id, -1, (0.0, 3.0, 4.0), None)
    assert physics.undeclared_wrench == pytest.approx(5.0)


def test_the_greatest_undeclared_wrench_is_kept(physics, put_robot):
    body = put_robot(physics)
    for force in (10.0, 50.0, 20.0):
        physics.push(body.id, -1, (0.0, force, 0.0), (0.0, 0.0, 20.0), None)
        step(physics)
    assert physics.undeclared_wrench == pytest.approx(50.0)


def test_an_undeclared_push_does_push(physics, put_robot):
    """It is told, not hidden: its effect is in the world as well."""
    body = put_robot(physics, velocity=(0.0, 0.0, 0.0))
    physics.push(body.id, -1, (1000.0, 0.0, 0.0), (0.0, 0.0, 20.0), None)
    step(physics)
    body.base.read()
    assert body.base.linear[0] > 0


def test_an_undeclared_push_shows_in_the_truth_of_a_ride(ride):
    world, tick = ride
    world.physics.push(world.robot.id, -1, (0.0, 0.0, 7.0), (0.0, 0.0, 0.65), None)
    tick()
    assert world.truth.undeclared_wrench == pytest.approx(7.0)


# Whoever could push in secret


def calls(path):
    """Every call of a function by its last name, with the function or method in which it stands."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []

    def visit(node, inside):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = node.name
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found.append((name, inside))
        for child in ast.iter_child_nodes(node):
            visit(child, inside)

    visit(tree, "")
    return found


def callers(*names):
    """Modules, by their path from the root, that call a function by one of these names, with the function around."""
    return {
        (path.relative_to(ROOT).as_posix(), inside) for path in MODULES for name, inside in calls(path) if name in names
    }


def modules(*names):
    return {module for module, _ in callers(*names)}


DRAWING = {"sim/camera.py", "sim/scene.py", "sim/window.py"}
"""Draws a log in a client of its own; it may put bodies where they were, since it never lets time pass."""
PROVING = {"sim/load_guard.py"}
"""Shakes a body in a world of its own before the body is loaded into the ride's."""
EXPERIMENTS = {path.relative_to(ROOT).as_posix() for path in MODULES if path.parent.name == "experiments"}
"""Set bodies up and let them go for the checks of the physics; no ride imports them."""
ELSEWHERE = DRAWING | PROVING | EXPERIMENTS


def test_the_search_finds_a_call_and_the_function_around_it(tmp_path):
    file = tmp_path / "module.py"
    file.write_text("class A:\n    def push(self):\n        pybullet.applyExternalForce(1)\n")
    assert calls(file) == [("applyExternalForce", "push")]


def test_only_the_ledger_pushes_and_twists():
    assert modules("applyExternalForce", "applyExternalTorque") == {"sim/physics.py"}


def test_only_a_hand_makes_a_constraint():
    assert modules("createConstraint") == {"sim/hand.py"}


def test_only_a_base_frame_puts_a_body_somewhere_and_the_ground_lays_its_planes():
    moved = callers("resetBasePositionAndOrientation", "resetBaseVelocity")
    assert {(module, inside) for module, inside in moved if module not in ELSEWHERE} == {
        ("sim/pose.py", "place"),
        ("sim/wheel_ground.py", "_put"),
        ("sim/ground_layer.py", "lay"),
    }


def test_only_resetting_puts_joints_somewhere():
    moved = callers("resetJointState", "resetJointStateMultiDof", "resetJointStatesMultiDof")
    assert {(module, inside) for module, inside in moved if module not in ELSEWHERE} == {
        ("sim/robot_body.py", "reset"),
        ("sim/bare_bicycle_body.py", "reset"),
    }


def test_a_body_is_put_somewhere_only_when_the_world_is_built():
    """`place` and `reset` of the bodies are called by the world's own `_place`, before the first step."""
    world = {inside for name, inside in calls(ROOT / "sim" / "world.py") if name in ("place", "reset")}
    assert world == {"_place"}
    built = {inside for name, inside in calls(ROOT / "sim" / "world.py") if name == "_place"}
    assert built == {"__init__"}


def test_a_body_on_its_feet_is_put_there_once():
    world = {inside for name, inside in calls(ROOT / "sim" / "foot_world.py") if name in ("place", "reset")}
    assert world == {"__init__"}


def test_what_draws_lets_no_time_pass():
    assert not modules("stepSimulation") & DRAWING


def test_only_the_world_lets_time_pass():
    assert modules("stepSimulation") - ELSEWHERE == {"sim/robot_world.py"}


def test_no_ride_does_an_experiment():
    users = {
        path.relative_to(ROOT).as_posix() for path in MODULES if "sim.experiments" in path.read_text(encoding="utf-8")
    }
    measuring = {"scenarios/bench/speed.py"}  # the bare steps beside a ride are an experiment in a world of its own
    assert {user for user in users - EXPERIMENTS if not user.startswith("scenarios/physics/")} == measuring


def test_a_body_is_shaken_only_in_a_world_of_its_own():
    """`braking` is called by `require_faithful` alone, and that by `_prove`, which makes the world that it shakes."""
    assert callers("braking") - {("scenarios/physics/model.py", "_loaded")} == {
        ("sim/load_guard.py", "require_faithful")
    }
    assert callers("require_faithful") == {("sim/physics.py", "_prove")}
    assert {name for name, inside in calls(ROOT / "sim" / "physics.py") if inside == "_prove"} >= {"Physics", "closing"}


def test_nothing_else_of_bullet_could_hold_or_move_a_body():
    hidden = (
        "setJointMotorControl", "setJointMotorControlMultiDof", "setJointMotorControlMultiDofArray",
        "restoreState", "loadBullet", "createSoftBodyAnchor",
    )  # fmt: skip
    assert modules(*hidden) == set()


def test_gravity_is_set_once():
    assert modules("setGravity") - EXPERIMENTS == {"sim/physics.py"}


def test_motors_of_joints_only_brake():
    """Bullet's own motors, besides torques: off at loading, and as the pads of the brakes."""
    motors = {(module, inside) for module, inside in callers("setJointMotorControl2") if module not in EXPERIMENTS}
    assert motors == {("sim/physics.py", "load_text"), ("sim/bicycle_body.py", "_brake")}
    assert modules("setJointMotorControlArray") - EXPERIMENTS == {"sim/robot_body.py", "sim/bare_bicycle_body.py"}


def test_every_push_and_twist_of_the_project_has_a_source():
    """The word None as the last argument of `push` or `twist` is for tests alone."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("push", "twist"):
                assert "Source." in ast.unparse(node), f"{path.name}: {ast.unparse(node)}"
