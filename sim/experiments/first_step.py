"""The first step of a body that was set in motion, against forward dynamics by Pinocchio from the same URDF."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pinocchio as pin
import pybullet
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from sim.physics import Physics

Array = NDArray[np.float64]
_AT = (0.0, 0.0, 50.0)
_TURNED = Rotation.from_rotvec((0.2, 0.4, 0.6))


def acceleration_error(physics: Physics, body: int, urdf: str, seed: int) -> float:
    """Greatest error of a body's acceleration, relative to its greatest acceleration [1].

    The base flies and turns at up to 1 m/s and 1 rad/s, every joint turns at up to 2 rad/s. An error in any mass,
    inertia, axis or place, and any hidden force, shows here; that of PyBullet's integration over time does not.

    Args:
        physics: The world.
        body: Loaded from the text.
        urdf: The text.
        seed: Draws the motion.
    """
    client = physics.id
    model = pin.buildModelFromXML(urdf, pin.JointModelFreeFlyer())
    joints = {name: index for name, index in physics.joints(body).items() if model.existJointName(name)}
    infos = [pybullet.getJointInfo(body, index, physicsClientId=client) for index in joints.values()]
    places = [0.5 * (info[8] + info[9]) if info[8] < info[9] else 0.3 for info in infos]
    draw = np.random.default_rng(seed).uniform
    linear, angular, rates = draw(-1.0, 1.0, 3), draw(-1.0, 1.0, 3), draw(-2.0, 2.0, len(joints))

    pybullet.resetBasePositionAndOrientation(body, _AT, _TURNED.as_quat().tolist(), physicsClientId=client)
    pybullet.resetBaseVelocity(body, linear.tolist(), angular.tolist(), physicsClientId=client)
    for index, place, rate in zip(joints.values(), places, rates, strict=True):
        pybullet.resetJointState(body, index, place, float(rate), physicsClientId=client)
    before = _velocities(client, body, list(joints.values()))
    pybullet.stepSimulation(physicsClientId=client)
    measured = (_velocities(client, body, list(joints.values())) - before) / physics.settings.step

    # PyBullet's base is the frame of the principal axes at the root link's centre of mass.
    com, principal = map(np.array, pybullet.getDynamicsInfo(body, -1, physicsClientId=client)[3:5])
    root = _TURNED * Rotation.from_quat(principal).inv()
    spin = root.inv().apply(angular)
    q, v = pin.neutral(model), np.zeros(model.nv)
    q[3:7] = root.as_quat()
    v[:3], v[3:6] = root.inv().apply(linear) - np.cross(spin, com), spin
    columns = []
    for name, place, rate in zip(joints, places, rates, strict=True):
        joint = model.joints[model.getJointId(name)]
        q[joint.idx_q : joint.idx_q + joint.nq] = (place,) if joint.nq == 1 else (np.cos(place), np.sin(place))
        v[joint.idx_v] = rate
        columns.append(joint.idx_v)
    a = pin.aba(model, model.createData(), q, v, np.zeros(model.nv))
    turning = a[3:6]
    moving = a[:3] + np.cross(spin, v[:3]) + np.cross(turning, com) + np.cross(spin, np.cross(spin, com))
    expected = np.concatenate((root.apply(moving), root.apply(turning), a[columns]))
    return float(np.abs(measured - expected).max() / np.abs(expected).max())


def _velocities(client: int, body: int, joints: Sequence[int]) -> Array:
    linear, angular = pybullet.getBaseVelocity(body, physicsClientId=client)
    states = pybullet.getJointStates(body, joints, physicsClientId=client)
    return np.array((*linear, *angular, *(state[1] for state in states)))
