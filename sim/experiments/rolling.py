"""A riderless bicycle, or a single wheel, rolling over ground of several shapes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from math import cos, sin
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
import pybullet
from numpy.typing import NDArray

from sim.bicycle_body import FRONT_WHEEL, REAR_WHEEL, BicycleBody
from sim.mesh import Mesh
from sim.physics import Physics, PhysicsSettings
from sim.pose import rotate
from sim.terrain import Strip, Terrain
from sim.wheel_ground import WheelGround
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]
Ground = Callable[[Physics, BicycleBody], WheelGround | None]
"""Puts a ground into a world with a bicycle in it."""

_REACH, _SIDE, _THICK = (-2.0, 58.0), 16.0, 0.5
"""Where the flat grounds below begin and end along x, how wide they are, half of their thickness [m]."""


@dataclass(frozen=True, slots=True)
class Rolled:
    """What was seen of a rolling bicycle, one row a step.

    Attributes:
        position: Origin of the bicycle frame in world, shape (T, 3) [m].
        velocity: Of it, shape (T, 3) [m/s].
        roll: Positive to the right, shape (T,) [rad].
        hub_height: Of rear and front wheel, shape (T, 2) [m].
        load: Normal forces under rear and front wheel, shape (T, 2) [N].
        resistance: Work taken by the declared resistances since the start, shape (T,) [J].
        normal_error: Greatest angle between a contact's normal and the vertical [rad].
        points: Mean number of contact points [1].
        step_time: Mean processor time of a step, the laying of the ground included [s].
    """

    position: Array
    velocity: Array
    roll: Array
    hub_height: Array
    load: Array
    resistance: Array
    normal_error: float
    points: float
    step_time: float

    @property
    def speed(self) -> Array:
        """Horizontal speed, shape (T,) [m/s]."""
        return np.hypot(self.velocity[:, 0], self.velocity[:, 1])


def freely_rolling(bicycle: BicycleParameters) -> BicycleParameters:
    """The same bicycle without rolling resistance and bearing friction."""
    return bicycle.model_copy(
        update={
            "resistance": bicycle.resistance.model_copy(update={"rolling_coefficient": 0.0}),
            "bearings": bicycle.bearings.model_copy(update=dict.fromkeys(("wheel", "crank", "pedal", "steer"), 0.0)),
        }
    )


def roll(
    urdf: Path, bicycle: BicycleParameters, ground: Ground, speed: float, seconds: float, *,
    start: tuple[float, float] = (0.0, 0.0), grade_angle: float = 0.0, locked: bool = False,
) -> Rolled:  # fmt: skip
    """Let the bicycle roll without a rider, upright, along x.

    Args:
        urdf: Of the bicycle.
        bicycle: Its parameters.
        ground: What it rolls on.
        speed: At the start [m/s].
        seconds: How long.
        start: Where the rear wheel stands, (x, z) [m].
        grade_angle: Angle of the ground there, positive uphill [rad].
        locked: Whether its wheels are held fast.
    """
    with closing(Physics(PhysicsSettings())) as physics:
        body = BicycleBody(physics, urdf, bicycle, air_density=0.0)
        laid = ground(physics, body)
        tilt = np.array((0.0, -sin(grade_angle / 2), 0.0, cos(grade_angle / 2)))
        ahead = np.array((cos(grade_angle), 0.0, sin(grade_angle)))
        body.base.place(np.array((start[0], 0.0, start[1])), tilt, speed * ahead)
        wheels = [body.joint_index[wheel] for wheel in (REAR_WHEEL, FRONT_WHEEL)]
        rates = np.zeros(len(JOINTS))
        if not locked:
            rates[[REAR_WHEEL, FRONT_WHEEL]] = [speed / radius for radius in body.wheels.values()]
        body.reset(np.zeros(len(JOINTS)), rates)
        if locked:
            pybullet.setJointMotorControlArray(
                body.id, wheels, pybullet.VELOCITY_CONTROL, targetVelocities=(0.0, 0.0), forces=(1e4, 1e4),
                physicsClientId=physics.id,
            )  # fmt: skip
        return _watch(physics, body, wheels, laid, seconds, locked=locked)


def _watch(
    physics: Physics, body: BicycleBody, wheels: list[int], laid: WheelGround | None, seconds: float, *, locked: bool
) -> Rolled:
    dt = physics.settings.step
    rows = np.empty((round(seconds / dt), 12))
    leaning, points, spent = 0.0, 0, 0.0
    for row in rows:
        if not locked:
            body.apply(dt)
        before = process_time()
        if laid is not None:
            laid.lay(body.ground_contacts)
        pybullet.stepSimulation(physicsClientId=physics.id)
        spent += process_time() - before
        body.read()
        body.weigh_wheels()
        base = body.base
        base.read()
        hubs = pybullet.getLinkStates(body.id, wheels, computeForwardKinematics=1, physicsClientId=physics.id)
        row[:3], row[3:6] = base.position, base.linear
        row[6] = np.arcsin(rotate(base.orientation, (0.0, 1.0, 0.0))[2])
        row[7:9] = hubs[0][0][2], hubs[1][0][2]
        row[9:11], row[11] = body.wheel_load, body.resistance_work
        points += len(body.ground_contacts)
        leaning = max((leaning, *(np.hypot(*contact[7][:2]) for contact in body.ground_contacts if contact[9])))
    return Rolled(
        rows[:, :3], rows[:, 3:6], rows[:, 6], rows[:, 7:9], rows[:, 9:11], rows[:, 11],
        float(leaning), points / len(rows), spent / len(rows),
    )  # fmt: skip


# Grounds


def plain(physics: Physics, body: BicycleBody) -> None:
    """Bullet's own plane, as it is."""


def laid(terrain: Terrain) -> Ground:
    """Planes laid under the wheels, as rides have them."""

    def put(physics: Physics, body: BicycleBody) -> WheelGround:
        return WheelGround(physics, body.id, body.wheels, terrain)

    return put


def boxes(length: float) -> Ground:
    """Boxes side by side, each of a length [m]."""

    def put(physics: Physics, body: BicycleBody) -> None:
        half = (0.5 * length, _SIDE / 2, _THICK)
        shape = pybullet.createCollisionShape(pybullet.GEOM_BOX, halfExtents=half, physicsClientId=physics.id)
        _row(physics, shape, length)

    return put


def hulls(length: float) -> Ground:
    """The same as convex hulls."""

    def put(physics: Physics, body: BicycleBody) -> None:
        corners = [
            (x, y, z) for x in (-0.5 * length, 0.5 * length) for y in (-_SIDE / 2, _SIDE / 2) for z in (-_THICK, _THICK)
        ]
        shape = pybullet.createCollisionShape(pybullet.GEOM_MESH, vertices=corners, physicsClientId=physics.id)
        _row(physics, shape, length)

    return put


def mesh(side: float) -> Ground:
    """A flat triangle mesh, two triangles to a square of a side [m]."""

    def put(physics: Physics, body: BicycleBody) -> None:
        x = np.linspace(*_REACH, round((_REACH[1] - _REACH[0]) / side) + 1)
        y = np.linspace(-_SIDE / 2, _SIDE / 2, round(_SIDE / side) + 1)
        vertices = np.column_stack((np.repeat(x, y.size), np.tile(y, x.size), np.zeros(x.size * y.size)))
        index = np.arange(len(vertices)).reshape(x.size, y.size)
        a, b, c, d = (part.ravel() for part in (index[:-1, :-1], index[1:, :-1], index[:-1, 1:], index[1:, 1:]))
        triangles = np.concatenate((np.column_stack((a, b, d)), np.column_stack((a, d, c))))
        up = np.tile((0.0, 0.0, 1.0), (len(vertices), 1))
        with TemporaryDirectory() as folder:
            file = Path(folder) / f"flat_{side:g}.obj"  # PyBullet keeps meshes by the names of their files
            Mesh(vertices, up, triangles).write_obj(file)
            shape = pybullet.createCollisionShape(
                pybullet.GEOM_MESH, fileName=str(file), flags=pybullet.GEOM_FORCE_CONCAVE_TRIMESH,
                physicsClientId=physics.id,
            )  # fmt: skip
            _replace_plain(physics, [(shape, (0.0, 0.0, 0.0))])

    return put


def field(side: float) -> Ground:
    """A flat height field with cells of a side [m]."""

    def put(physics: Physics, body: BicycleBody) -> None:
        rows, columns = round((_REACH[1] - _REACH[0]) / side) + 1, round(_SIDE / side) + 1
        shape = pybullet.createCollisionShape(
            pybullet.GEOM_HEIGHTFIELD, meshScale=(side, side, 1.0), heightfieldData=[0.0] * (rows * columns),
            numHeightfieldRows=rows, numHeightfieldColumns=columns, physicsClientId=physics.id,
        )  # fmt: skip
        _replace_plain(physics, [(shape, (0.5 * sum(_REACH), 0.0, 0.0))])

    return put


def _row(physics: Physics, shape: int, length: float) -> None:
    count = round((_REACH[1] - _REACH[0]) / length)
    _replace_plain(physics, [(shape, (_REACH[0] + (k + 0.5) * length, 0.0, -_THICK)) for k in range(count)])


def _replace_plain(physics: Physics, shapes: list[tuple[int, tuple[float, float, float]]]) -> None:
    pybullet.removeBody(physics.plain, physicsClientId=physics.id)
    bodies = [pybullet.createMultiBody(0.0, shape, -1, at, physicsClientId=physics.id) for shape, at in shapes]
    for ground in bodies:
        physics.set_friction(ground, -1, physics.settings.ground_friction)
    physics.ground |= set(bodies)


# A single wheel

_WHEEL = """<robot name="wheel">
<link name="load"><inertial><mass value="{load}"/><inertia ixx="0.05" iyy="0.05" izz="0.05" ixy="0" ixz="0" iyz="0"/>
</inertial></link>
<link name="rim"><inertial><mass value="{mass}"/>
<inertia ixx="{half}" iyy="{inertia}" izz="{half}" ixy="0" ixz="0" iyz="0"/></inertial>
<collision><origin rpy="1.5707963267948966 0 0"/><geometry><cylinder radius="{radius}" length="0.002"/></geometry>
</collision></link>
<joint name="axle" type="continuous"><parent link="load"/><child link="rim"/><axis xyz="0 1 0"/>
<limit effort="1" velocity="1000"/></joint>
</robot>"""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A wheel with a load on its axle: radius [m], its mass and the load's [kg], its inertia about the axle [kg·m²]."""

    radius: float
    mass: float
    load: float
    inertia: float


def roll_wheel(wheel: Wheel, strip: Strip, speed: float, seconds: float, friction: float) -> Array:
    """Let a single wheel roll along x towards a strip.

    Args:
        wheel: What rolls.
        strip: What it rolls over.
        speed: At the start [m/s].
        seconds: How long.
        friction: Of the ground.

    Returns:
        One row a step: position of the hub x, z [m], its velocity x, z [m/s], and the spin [rad/s].
    """
    with closing(Physics(PhysicsSettings(ground_friction=friction))) as physics, TemporaryDirectory() as folder:
        file = Path(folder) / "wheel.urdf"
        file.write_text(
            _WHEEL.format(
                load=wheel.load, mass=wheel.mass, inertia=wheel.inertia, half=0.55 * wheel.inertia, radius=wheel.radius
            ),
            encoding="utf-8",
        )
        body = physics.load(file)
        physics.set_friction(body, 0, 1.0)
        ground = WheelGround(physics, body, {0: wheel.radius}, Terrain((strip,)))
        client = physics.id
        level = (0.0, 0.0, 0.0, 1.0)
        pybullet.resetBasePositionAndOrientation(body, (0.0, 0.0, wheel.radius), level, physicsClientId=client)
        pybullet.resetBaseVelocity(body, (speed, 0.0, 0.0), (0.0, 0.0, 0.0), physicsClientId=client)
        pybullet.resetJointState(body, 0, 0.0, speed / wheel.radius, physicsClientId=client)
        rows = np.empty((round(seconds / physics.settings.step), 5))
        for row in rows:
            ground.lay(physics.ground_contacts(body))
            pybullet.stepSimulation(physicsClientId=client)
            at, _ = pybullet.getBasePositionAndOrientation(body, physicsClientId=client)
            velocity, turn = pybullet.getBaseVelocity(body, physicsClientId=client)
            spin = pybullet.getJointState(body, 0, physicsClientId=client)[1] + turn[1]
            row[:] = at[0], at[2], velocity[0], velocity[2], spin
        return rows
