"""What the engine has made of the bodies, and what it can still hold of what the guard lets through."""

from contextlib import closing
from pathlib import Path

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from scenarios.physics.check import Check, Finding
from sim.experiments.first_step import acceleration_error
from sim.experiments.mass_ratio import chain, stand
from sim.lean_urdf import lean
from sim.load_guard import BRAKING_TOLERANCE, TOLERANCE, braking, deviations
from sim.physics import Physics, PhysicsSettings
from urdf.description import read
from urdf.masses import MassBounds

_FAR = 1e5
"""A mass ratio far beyond what the guard allows [1]."""


def _model_guard() -> tuple[Finding, ...]:
    return (*_loaded("robot", ROBOT_URDF), *_loaded("bicycle", BICYCLE_URDF))


def _loaded(name: str, path: Path) -> tuple[Finding, ...]:
    text = path.read_text(encoding="utf-8")
    described, _ = read(lean(text, path.parent))
    assert described is not None
    with closing(Physics(PhysicsSettings())) as physics:
        body = physics.load(path)
        worst: dict[str, float] = {}
        for deviation in deviations(physics.id, body, described):
            kind = deviation.quantity if deviation.quantity in ("mass", "inertia") else "limits and shapes"
            worst[kind] = max(worst.get(kind, 0.0), deviation.error)
        error = max(acceleration_error(physics, body, text, seed) for seed in range(3))
        braked = braking(physics.id, body)
    return (
        *(Finding(f"{name}: {kind}, PyBullet's against the URDF's", found, 0.0, "1", TOLERANCE, 1.0)
          for kind, found in worst.items()),
        Finding(f"{name}: first step's acceleration against Pinocchio's", error, 0.0, "1", 1e-8, 1.0),
        Finding(f"{name}: share of the acceleration that brakes", braked, 0.0, "1", BRAKING_TOLERANCE, 1.0),
    )  # fmt: skip


def _mass_ratio() -> tuple[Finding, ...]:
    findings: list[Finding] = []
    for ratio in (1.0, 100.0, MassBounds().ratio):
        with closing(Physics(PhysicsSettings())) as physics:
            found = stand(physics, ratio)
        findings += (
            Finding(
                f"foot lighter by {ratio:g}: mean force of the ground over the weight", found.weight, 1.0, "1", 0.01
            ),
            Finding(f"foot lighter by {ratio:g}: how far its joint passes a stop", found.overrun, 0.0, "m", 1.0, 0.002),
        )
    for ratio in (1.0, _FAR):
        with closing(Physics(PhysicsSettings())) as physics:
            text = chain(ratio)
            error = acceleration_error(physics, physics.load_text(text), text, seed=0)
        what = f"link lighter by {ratio:g} in free flight: acceleration against Pinocchio's"
        findings.append(Finding(what, error, 0.0, "1", 1e-8, 1.0))
    return tuple(findings)


CHECKS = (
    Check("model-guard", "PyBullet has the bodies of the URDFs, and nothing brakes them", _model_guard),
    Check("mass-ratio", "a heavy body stands by a joint's stop on as light a foot as the guard allows", _mass_ratio),
)
