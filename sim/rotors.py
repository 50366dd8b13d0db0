"""Rotors as geared rotors: what Bullet's rigid links make of them, put right."""

from __future__ import annotations

import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from sim.physics import Source
from sim.pose import Triple, inverse, rotate
from sim.robot_body import RobotBody

Array = NDArray[np.float64]

_SHARE = 0.4
"""Part of the newest acceleration in the mean that the correction acts on; stable below 2 / 3.2 (docs/physics.md)."""


class Rotors:
    """Takes from a body what its links have too much by carrying rotors.

    A rotor of reflected inertia I behind a gear has the kinetic energy I q'² / 2 (plus I q' (a·ω) / ratio and
    I (a·ω)² / (2 ratio²), which are left out, as in Pinocchio's armature). Bullet knows links alone, and a link that
    carries the rotor has I (a·ω + q')² / 2, ω being the rotation of its parent: it reacts on the parent, and it
    resists when both turn as one. The difference of the two, as generalised forces of the motion that is going on, is
    given back at each step: to the joints by their torques, to the pelvis by a torque under the source `ROTORS`.
    No force is among it. Links and geared rotors keep their angular momentum by it, and would not without.

    The forces are those of inverse dynamics on a body of nothing but rotors (recursive Newton-Euler, Featherstone
    2008), with accelerations by difference quotient in a sliding mean.
    """

    def __init__(self, body: RobotBody) -> None:
        self._body = body
        self._inertia = body.model.drives.rotor_inertia
        self._model = body.model.pinocchio_floating.copy()
        self._model.gravity.setZero()
        self._model.armature[:] = 0.0
        self._model.inertias[1] = pin.Inertia.Zero()
        for joint, carried in enumerate(body.carried):
            self._model.inertias[joint + 2] = pin.Inertia(0.0, np.zeros(3), carried)
        self._data = self._model.createData()
        self._place = pin.neutral(self._model)
        self._step = body.physics.settings.step
        size = self._model.nv
        self._now, self._before = np.zeros(size), np.zeros(size)
        self._change, self._acceleration = np.zeros(size), np.zeros(size)
        self._torque = np.zeros(body.model.size)
        self.impulse: Triple = (0.0, 0.0, 0.0)
        """What the pelvis got so far, in world [N·m·s]."""
        self._inertial_in_base = inverse(body.base.inertial_orientation)
        self.start()

    def start(self) -> None:
        """Begin with the body as it is now, without acceleration."""
        self._read()
        self._before[:] = self._now
        self._acceleration[:] = 0.0

    def load(self, torque: Array) -> Array:
        """Torques for the joints in place of their drives', shape (n,) [Nm]; the pelvis gets its own by this call.

        The next call writes the array anew.
        """
        self._read()
        change, mean = self._change, self._acceleration
        np.subtract(self._now, self._before, out=change)
        np.multiply(change, _SHARE / self._step, out=change)
        np.multiply(mean, 1.0 - _SHARE, out=mean)
        np.add(mean, change, out=mean)
        self._before[:] = self._now
        surplus = pin.rnea(self._model, self._data, self._place, self._now, mean)
        body, joints = self._body, self._torque
        twist = surplus[3:6].tolist()
        body.physics.twist(body.id, -1, rotate(self._inertial_in_base, twist), Source.ROTORS)
        (x, y, z), (a, b, c), dt = self.impulse, rotate(body.base.orientation, twist), self._step
        self.impulse = x + a * dt, y + b * dt, z + c * dt
        np.multiply(self._inertia, mean[6:], out=joints)
        np.subtract(surplus[6:], joints, out=joints)
        np.add(joints, torque, out=joints)
        return joints

    def _read(self) -> None:
        """Where the joints are, and how fast everything turns; where the pelvis is and moves to does not matter."""
        body, base = self._body, self._body.base
        base.read()
        self._place[7:] = body.position
        self._now[3:6] = rotate(inverse(base.orientation), base.angular)
        self._now[6:] = body.velocity
