"""Forces between parts of the system: drives, chain, brakes, hands, contacts. None of them moves or turns the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from controllers.riding.posture import RiderPosture
from robot import JointCommand, RobotModel
from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF, load_robot
from scenarios.physics.check import Check, Finding
from scenarios.physics.first_order import first_order
from sim.experiments.bicycles import put_bicycle, roll_on
from sim.experiments.couple import contact_couple
from sim.experiments.flight import space
from sim.experiments.momentum import momentum
from sim.physics import GRAVITY, PhysicsSettings
from sim.sensors import SensorParameters
from sim.world import InitialState, World, WorldSettings
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

_COARSE, _FINE = 1e-3, 5e-4
"""Step of every ride and half of it [s]."""
_PERIOD = 0.002
"""Of the commands [s]."""
_LOOK = 0.02
"""Time from one look at the momentum to the next [s]."""
_SECONDS = 1.4
"""After a second the rider's feet come down on the pedals hard."""
_GRIP_CLOSED, _SQUEEZE = 1.4, 0.15
"""Angle of fingers around the bar, and how much further they pull the levers [rad]."""


# The bicycle alone


def _drive_train() -> tuple[Finding, ...]:
    """Chain, freewheel, bearings and brakes of a bicycle in space, for 0.3 s at steps of 1 ms and half of that."""
    findings: list[Finding] = []
    for what, pull, rates in (
        ("the crank drives the wheel", 0.0, {"crank": 10.0}),
        ("the crank runs free", 0.0, {"crank": -10.0}),
        ("the brakes bite", 1.0, {"rear_wheel": 20.0, "front_wheel": 20.0}),
    ):
        linear, angular, gross, gross_angular = _train(pull, rates)
        findings += (
            Finding(f"{what}: drift of linear momentum", linear, 0.0, "kg·m/s", 0.01, gross),
            Finding(f"{what}: drift of angular momentum", angular, 0.0, "kg·m²/s", 0.01, gross_angular),
        )
    return tuple(findings)


def _train(pull: float, rates: dict[str, float]) -> tuple[float, float, float, float]:
    """Drift of linear and angular momentum, and the greatest gross ones."""
    with space(PhysicsSettings()) as physics:
        body = put_bicycle(physics, BICYCLE_URDF, BicycleParameters.load(), height=20.0, rates=rates)
        body.lever_pull = [pull, pull]
        first = momentum(physics, body.id)
        gross, drift = np.array((first.gross, first.gross_angular)), np.zeros(2)
        for tick in roll_on(body, 0.3):
            if tick % 10 == 0:
                now = momentum(physics, body.id)
                gross = np.maximum(gross, (now.gross, now.gross_angular))
                gone = np.linalg.norm((now.linear - first.linear, now.angular - first.angular), axis=1)
                drift = np.maximum(drift, gone)
    return float(drift[0]), float(drift[1]), float(gross[0]), float(gross[1])


# Rider and bicycle


@dataclass(frozen=True, slots=True)
class _Flight:
    """Of rider and bicycle as one system, over time, shape (T, 3).

    Attributes:
        linear: Momentum less that of the fall [kg·m/s].
        angular: Angular momentum of Bullet's links less that at first and what rotors gave back [kg·m²/s].
        geared: Angular momentum of links and geared rotors less that at first [kg·m²/s].
        couple: Impulse of what contacts that yield make out of nothing [N·m·s].
        gross: Greatest sum of the links' linear momenta.
        gross_angular: Greatest sum of the links' angular momenta.
        used: Greatest forces and torques from inside: a hand's [N], chain's, brake's [Nm], saddle's or foot's [N].
    """

    linear: Array
    angular: Array
    geared: Array
    couple: Array
    gross: float
    gross_angular: float
    used: tuple[float, float, float, float]


def _internal_forces() -> tuple[Finding, ...]:
    """The world of the rides, 100 m up: the rider falls with the bicycle in his hands, pedals, steers and brakes.

    Linear momentum drifts by the integration alone. Angular momentum also gains the couple of friction in contacts that
    are pressed in (`contact_couple`), which does not become less with the step and is small: it is told, and taken out.

    Bullet's links carry rotors whose momentum `sim/rotors.py` gives back, a few steps late. With rotors geared, as they
    are meant, that delay shows where a foot strikes; with rotors carried, less what was given back, it does not.
    """
    model, bicycle = load_robot(), BicycleParameters.load()
    posture = RiderPosture(model, bicycle, _PERIOD)
    path = _pedalling(posture)
    coarse, fine = (_fly(dt, model, bicycle, posture, path) for dt in (_COARSE, _FINE))
    angular, angular_fine = coarse.angular - coarse.couple, fine.angular - fine.couple
    hand, chain, brake, contact = coarse.used
    if min(hand, contact) < 20.0 or min(chain, brake) < 2.0:
        raise RuntimeError(
            f"the rider did not make use of all: hand {hand:.1f} N, saddle or foot {contact:.1f} N (20 N at least); "
            f"chain {chain:.1f} Nm, brake {brake:.1f} Nm (2 Nm at least)"
        )
    used = f"hand {hand:.0f} N, saddle or foot {contact:.0f} N, chain {chain:.0f} Nm, brake {brake:.0f} Nm"
    rows = (
        (f"drift of linear momentum under {used}", coarse.linear, "kg·m/s", 0.005, coarse.gross),
        ("drift of angular momentum, rotors geared", coarse.geared, "kg·m²/s", 0.01, coarse.gross_angular),
        (
            "drift of that of Bullet's links, less what rotors gave back",
            coarse.angular,
            "kg·m²/s",
            0.01,
            coarse.gross_angular,
        ),
        ("the same less the couple of yielding contacts", angular, "kg·m²/s", 0.005, coarse.gross_angular),
    )
    return (
        *(Finding(w, float(np.linalg.norm(d, axis=1).max()), 0.0, unit, t, scale) for w, d, unit, t, scale in rows),
        *first_order("linear momentum", coarse.linear, fine.linear, coarse.gross, 1e-3, "kg·m/s"),
        *first_order("angular momentum", angular, angular_fine, coarse.gross_angular, 2e-3, "kg·m²/s"),
    )


def _pedalling(posture: RiderPosture) -> CubicSpline:
    """Joints of a rider who turns the cranks once a second and swings the bar by 0.25 rad, over time [s]."""
    times = np.arange(0.0, _SECONDS + 0.1, 0.08)
    nodes = [posture.solve(0.25 * np.sin(2.0 * np.pi * t), np.pi * (0.5 + 2.0 * t)).copy() for t in times]
    return CubicSpline(times, nodes)


def _fly(dt: float, model: RobotModel, bicycle: BicycleParameters, posture: RiderPosture, path: CubicSpline) -> _Flight:
    world = _floating_world(dt, model, bicycle, posture, path)
    try:
        bodies = world.robot.id, world.bicycle.id
        grips = [model.index("left_grip_joint"), model.index("right_grip_joint")]
        head = model.index("head_yaw_joint")
        change, still = path.derivative(), np.zeros(model.size)
        stiffness, damping = 5.0 * model.drives.stiffness, model.drives.damping
        first = momentum(world.physics, *bodies)
        linear, angular, geared, couples = [], [], [], []
        couple, gross, used = np.zeros(3), np.zeros(2), np.zeros(4)
        command = JointCommand(0.0, path(0.0), still, still, stiffness, damping)
        for tick in range(round(_SECONDS / dt)):
            time = tick * dt
            if tick % round(_PERIOD / dt) == 0:
                position, velocity = path(time), change(time)
                position[head] = 0.4 * np.sin(9.0 * time)
                position[grips] = _GRIP_CLOSED + _SQUEEZE * np.sin(3.0 * np.pi * time) ** 2
                command = replace(command, time=time, position=position, velocity=velocity)
            world.advance(command)
            couple = couple + dt * contact_couple(world.physics, *bodies)
            truth = world.truth
            used = np.maximum(used, (
                truth.grip_force.max(), truth.drive_torque, truth.brake_torque.max(),
                np.abs(np.concatenate((truth.saddle_force, truth.foot_force))).max(),
            ))  # fmt: skip
            if (tick + 1) % round(_LOOK / dt) == 0:
                now = momentum(world.physics, *bodies)
                gross = np.maximum(gross, (now.gross, now.gross_angular))
                linear.append(now.linear - first.linear + np.array((0.0, 0.0, now.mass * GRAVITY * world.time)))
                angular.append(now.angular - first.angular - np.array(world.rotors.impulse))
                geared.append(momentum(world.physics, *bodies, geared=world.robot).angular - first.angular)
                couples.append(couple)
    finally:
        world.close()
    hand, chain, brake, contact = used.tolist()
    return _Flight(
        np.array(linear), np.array(angular), np.array(geared), np.array(couples), float(gross[0]), float(gross[1]),
        (hand, chain, brake, contact),
    )  # fmt: skip


def _floating_world(
    dt: float, model: RobotModel, bicycle: BicycleParameters, posture: RiderPosture, path: CubicSpline
) -> World:
    """Seated, hands around the grips, cranks level, both wheels turning, a hundred metres above the ground."""
    height, level = np.array((0.0, 0.0, 100.0)), np.array((0.0, 0.0, 0.0, 1.0))
    angles, rates = dict.fromkeys(JOINTS, 0.0), dict.fromkeys(JOINTS, 0.0)
    angles["crank_joint"] = 0.5 * np.pi
    for side, name in enumerate(("left_pedal_joint", "right_pedal_joint")):
        sole = posture.sole_rotation(side, 0.5 * np.pi)
        angles[name] = float(np.arctan2(sole[0, 2], sole[0, 0])) - 0.5 * np.pi
    rates["rear_wheel_joint"] = rates["front_wheel_joint"] = 12.0
    initial = InitialState(
        pelvis_position=height + posture.pelvis_in_bicycle,
        pelvis_orientation=level,
        joint_position=path(0.0),
        bicycle_position=height,
        bicycle_orientation=level,
        bicycle_joint_position=np.array([angles[name] for name in JOINTS]),
        bicycle_joint_velocity=np.array([rates[name] for name in JOINTS]),
        velocity=np.zeros(3),
    )
    settings = WorldSettings(
        PhysicsSettings(step=dt), SensorParameters(), drive_noise=0.0, air_density=0.0, pushes=(), period=dt
    )
    return World(model, bicycle, ROBOT_URDF, BICYCLE_URDF, initial, settings, np.random.default_rng(0))


CHECKS = (
    Check("drive-train", "chain, freewheel and brakes neither move nor turn the bicycle", _drive_train),
    Check("internal-forces", "nothing that rider and bicycle do to each other moves or turns both", _internal_forces),
)
