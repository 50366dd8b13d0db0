"""Whole-body inverse kinematics: the motion of joints and base that serves tasks within the joints' limits."""

from __future__ import annotations

from collections.abc import Sequence

import daqp
import numpy as np
import pinocchio as pin
from numpy.typing import NDArray

from controllers.whole_body.kinematics import Kinematics
from controllers.whole_body.tasks import ComTask, FrameTask, MomentumTask, Service, Verdict
from robot import JointLimits

Array = NDArray[np.float64]

_FIRST = 100.0
"""Factor on the weights of tasks that go first; 1000 would leave daqp too few digits (see `_DIGITS`)."""
_DIGITS = 1e-10
"""Least damping when tasks go first, as a share of the cost's trace: daqp takes a cost for singular from 4e-11 on."""
_FREE = 1e30
"""Bound of what has none."""
_LONG = 1e9
"""A stride that no error reaches."""
_BASE_COST = 1e-6
"""Of a step of the base, so that the program has one solution [1/m²], [1/rad²]."""
_DISTANCE, _TURN, _MOMENTUM = 1e-3, 1e-2, 0.1
"""Up to which error a task is served [m], [rad], [N·m·s]."""
_PROGRESS = 0.01
"""Share of the tolerance by which a step must bring a task nearer to count as such."""
_SHARE = 0.05
"""Joints whose effect on a task is less than this share of the greatest are not named as its limits."""


class InverseKinematics:
    """One Gauss-Newton step of weighted tasks a tick, as a quadratic program with the joints' limits as bounds.

    Minimises over the step s (of the base, when it is free, and the joints): sum |W (J s - error)|² + |p (q + s -
    posture)|² + damping, subject to position limits (less a margin) and velocity limits. These are bounds alone, so a
    solution exists in every state. After Kanoun, Lamiraux, Wieber 2011; solved by daqp (Arnström, Bemporad, Axehill
    2022). Tasks that go first have weights 100 times as great: priority by weighting (Van Loan 1985), strict to the
    share 1e-4 of the other tasks' errors, which are no longer than a stride. It needs no decision on ranks and
    therefore does not jump where a limb is singular.

    An error longer than a stride counts as one of that length, so that what is out of reach pulls no harder than what
    is near; and the joints of a limb are damped in proportion to its error, as the curvature that Gauss-Newton leaves
    out would (Sugihara 2011), so that a stretched limb comes to rest.

    What is wanted is written into the public arrays; :meth:`step` reads them.
    """

    def __init__(
        self, kinematics: Kinematics, tasks: Sequence[FrameTask | ComTask | MomentumTask], limits: JointLimits,
        posture_weight: Array, period: float, margin: float = 0.02, *, damping: float = 0.5,
        stride: tuple[float, float] = (0.02, 0.1), approach: float = 1.0,
    ) -> None:  # fmt: skip
        """Set the problem up.

        Args:
            kinematics: The body and the frames that the tasks refer to.
            tasks: What is wanted: of frames first, then of the centre of mass, then of the momentum.
            limits: Of all joints of the robot model.
            posture_weight: Cost of leaving the posture, shape (n,) [1/rad]; positive; n joints that are not held.
            period: Time between two steps [s].
            margin: Distance kept to each position limit [rad].
            damping: Lever on which an error acts as damping [m]; 0 for none.
            stride: Greatest errors of position [m] and orientation [rad] that a step works on.
            approach: Share of the distance to a position limit that a step may take (Faverjon, Tournassoud 1987).

        Raises:
            ValueError: The tasks are in another order, or the momentum is asked of a held base.
        """
        self._body, self._tasks, self._period, self._approach = kinematics, tuple(tasks), period, approach
        frames = [task for task in tasks if isinstance(task, FrameTask)]
        self._com = any(isinstance(task, ComTask) for task in tasks)
        self._momentum = any(isinstance(task, MomentumTask) for task in tasks)
        order = [FrameTask] * len(frames) + [ComTask] * self._com + [MomentumTask] * self._momentum
        if [type(task) for task in tasks] != order:
            raise ValueError("tasks: expected frames, then at most one centre of mass, then at most one momentum")
        if self._momentum and not kinematics.base:
            raise ValueError("tasks: the angular momentum is asked of a held base; let the base be free")
        count, nv, base = len(frames), kinematics.nv, kinematics.base
        groups = 2 * count + self._com + self._momentum
        size = nv - base

        self.position = np.zeros((count, 3))
        """Wanted of each frame task, shape (frame tasks, 3) [m]."""
        self._wanted, self._found = _Axes(count), _Axes(count)
        self.rotation = self._wanted.axes
        """Axes wanted of each frame task as columns, shape (frame tasks, 3, 3)."""
        self.rotation[:] = np.eye(3)
        self.direction = np.zeros((count, 3))
        """Unit vector along which the axis of a task with an axis should point, shape (frame tasks, 3)."""
        self.com = np.zeros(3)
        """Wanted of the centre of mass, shape (3,) [m]."""
        self.momentum = np.zeros(3)
        """Wanted angular momentum about the centre of mass, shape (3,) [N·m·s]."""
        self.posture = np.zeros(size)
        """Joint positions to prefer, shape (n,) [rad]."""
        self._weight = np.zeros((groups, 3))
        self.frame_weight = self._weight[: 2 * count].reshape(count, 6)
        """Cost of an error of position and orientation, shape (frame tasks, 6) [1/m], [1/rad]; of tasks that are first
        it is 100 times that of the task."""
        self.com_weight = self._weight[2 * count : 2 * count + self._com].reshape(-1)
        """The same of the centre of mass, shape (3,) [1/m]; empty when it is no task."""
        self.momentum_weight = self._weight[2 * count + self._com :].reshape(-1)
        """The same of the momentum, shape (3,) [1/(N·m·s)]; empty when it is no task."""
        self.posture_weight = posture_weight.copy()
        """Cost of leaving the posture, shape (n,) [1/rad]; positive."""
        self.change = np.zeros(nv)
        """The last step, shape (nv,) [m], [rad]."""
        self.failures = 0
        """How many programs were not solved so far; such a step leaves everything where it is."""

        self._rows = _rows([task.index for task in frames], len(kinematics.frames))
        self._axes = [(number, task.axis) for number, task in enumerate(frames) if task.axis is not None]
        self._set_weights(frames)
        self._lower = limits.lower[kinematics.joints] + margin
        self._upper = limits.upper[kinematics.joints] - margin
        self._step = limits.velocity[kinematics.joints] * period
        longest, widest = (min(length, _LONG) for length in stride)
        self._stride = np.array([longest, widest] * count + [longest] * self._com + [_LONG] * self._momentum)
        self._chains = np.zeros((groups, nv))
        for number, task in enumerate(frames):
            self._chains[2 * number] = damping * kinematics.chain(task.index)
            self._chains[2 * number + 1] = bool(damping) * kinematics.chain(task.index)
        if self._com:
            self._chains[2 * count, base:] = damping
        self._damped = damping > 0.0
        self._ranked = any(task.first for task in tasks)

        self._error = np.zeros((groups, 3))
        frame_error = self._error[: 2 * count].reshape(count, 6)
        self._offset, self._turn = frame_error[:, :3], frame_error[:, 3:]
        self._crosses, self._others = np.zeros((count, 3, 3)), np.zeros((count, 3, 3))
        self._short = np.zeros((groups, 3))
        self._pull = np.zeros((groups, 3))
        self._size = np.zeros(groups)
        self._stack = np.zeros((3 * groups, nv))
        self._frame_stack = self._stack[: 6 * count].reshape(count, 6, nv)
        self._hessian = np.zeros((nv, nv))
        self._hessian[range(nv), range(nv)] = 1.0
        self._diagonal = self._hessian.reshape(-1)[:: nv + 1]
        self._regular = np.full(nv, _BASE_COST)
        self._gradient = np.zeros(nv)
        self._above, self._below = np.full(nv, _FREE), np.full(nv, -_FREE)
        self._model = daqp.Model()
        self._model.setup(self._hessian, self._gradient, np.zeros((0, nv)), self._above, self._below)
        self._info: dict[str, Array] = {"lam": np.zeros(nv)}

    def _set_weights(self, frames: list[FrameTask]) -> None:
        for number, task in enumerate(self._tasks):
            factor = _FIRST if task.first else 1.0
            if isinstance(task, FrameTask):
                self.frame_weight[number, :3] = factor * np.asarray(task.position_weight)
                self.frame_weight[number, 3:] = factor * np.asarray(task.rotation_weight)
            else:
                self._weight[len(frames) + number] = factor * np.asarray(task.weight)

    def aim(self, targets: Sequence[tuple[Array, Array]], posture: Array) -> None:
        """Take in what is wanted of all frame tasks, and the posture.

        Args:
            targets: For each task its position (3,) [m] and either the rotation matrix (3, 3) or, for a task with an
                axis, the unit vector (3,) along which that axis should point; in the root's frame or the world.
            posture: Joint positions to prefer, shape (n,) [rad].
        """
        self.posture[:] = posture
        for number, (position, rotation) in zip(range(len(self.position)), targets, strict=True):
            self.position[number] = position
            if rotation.ndim == 1:
                self.direction[number] = rotation
            else:
                self.rotation[number] = rotation

    def step(self, configuration: Array) -> Array:
        """The next configuration, shape (nq,).

        Args:
            configuration: That of the last solution: joints, and before them the base's position and quaternion when
                it is free, shape (nq,).
        """
        body, stack, weight = self._body, self._stack, self._weight
        body.update(configuration)
        joints = configuration[-self.posture.size :]
        np.multiply(self.frame_weight[:, :, None], body.jacobians[self._rows], out=self._frame_stack)
        self._measure(configuration)
        np.multiply(self._error, (self._stride / np.maximum(self._size, self._stride))[:, None], out=self._short)
        pull = np.multiply(weight, self._short, out=self._pull)
        hessian, gradient = self._hessian, self._gradient
        cost = np.square(self.posture_weight, out=self._regular[body.base :])
        np.matmul(stack.T, stack, out=hessian)
        self._diagonal += self._regular
        if self._damped:
            tension = weight * pull
            self._diagonal += np.sqrt(np.vecdot(tension, tension)) @ self._chains
        if self._ranked:
            self._diagonal += _DIGITS * self._diagonal.sum()
        np.negative(pull.reshape(-1) @ stack, out=gradient)
        gradient[body.base :] += cost * (joints - self.posture)
        self._bound(joints)
        self._model.update(H=hessian, f=gradient, bupper=self._above, blower=self._below)
        step, _, flag, self._info = self._model.solve()
        if flag < 1:
            self.failures += 1
            self.change[:] = 0.0
            return configuration
        self.change[:] = step
        return body.moved(configuration, step)

    def _measure(self, configuration: Array) -> None:
        """Errors of all tasks and their lengths; and the rows of all tasks but whole poses."""
        body, rows, count = self._body, self._rows, len(self.position)
        np.subtract(self.position, body.positions[rows], out=self._offset)
        found, wanted = self._found, self._wanted
        found.axes[:] = body.rotations[rows]
        found.repeat()
        wanted.repeat()
        # Half the sum of the axes' cross products: a small rotation vector.
        crosses = np.multiply(found.yzx, wanted.zxy, out=self._crosses)
        crosses -= np.multiply(found.zxy, wanted.yzx, out=self._others)
        np.add.reduce(crosses, axis=2, out=self._turn)
        self._turn *= 0.5
        traces = np.vecdot(found.flat, wanted.flat)
        if traces.size and traces.min() < 1.0:
            for far in np.flatnonzero(traces < 1.0):  # beyond a right angle
                self._turn[far] = pin.log3(wanted.axes[far] @ found.axes[far].T)
        for number, axis in self._axes:
            there = found.axes[number] @ axis
            self._turn[number] = _turn(there, self.direction[number])
            across = np.eye(3) - np.outer(there, there)
            turned = across @ body.jacobians[rows][number, 3:]
            np.multiply(self.frame_weight[number, 3:, None], turned, out=self._frame_stack[number, 3:])
        row = 2 * count
        if self._com:
            np.multiply(self._weight[row][:, None], body.com_jacobian(), out=self._stack[3 * row : 3 * row + 3])
            np.subtract(self.com, body.com, out=self._error[row])
            row += 1
        if self._momentum:
            rate = self._weight[row][:, None] / self._period
            np.multiply(rate, body.momentum_jacobian(configuration), out=self._stack[3 * row : 3 * row + 3])
            self._error[row] = self.momentum
        np.sqrt(np.vecdot(self._error, self._error), out=self._size)

    def _bound(self, joints: Array) -> None:
        """Bounds of the joints' steps: within the position limits, or back to them, as fast as may be."""
        base, step = self._body.base, self._step
        above, below = self._above[base:], self._below[base:]
        np.subtract(self._upper, joints, out=above)
        np.subtract(self._lower, joints, out=below)
        if self._approach != 1.0:
            above *= self._approach
            below *= self._approach
        np.minimum(above, step, out=above)
        np.maximum(above, -step, out=above)
        np.maximum(below, -step, out=below)
        np.minimum(below, step, out=below)

    @property
    def velocity(self) -> Array:
        """Of the last step, shape (nv,) [m/s], [rad/s]."""
        velocity: Array = self.change / self._period
        return velocity

    @property
    def residual(self) -> Array:
        """Position error of each frame task before the last step, shape (frame tasks,) [m]."""
        residual: Array = self._size[: 2 * len(self.position) : 2]
        return residual

    def hold(self, task: int) -> None:
        """Make a frame task a contact: its target is where the frame is at the last step's start."""
        self.position[task] = self._body.positions[self._rows][task]
        rotation = self.rotation[task] = self._body.rotations[self._rows][task]
        for number, axis in self._axes:
            if number == task:
                self.direction[task] = rotation @ axis

    def report(self) -> tuple[Service, ...]:
        """How each task is served; costs as much as a step, so it is made when it is asked for."""
        groups, weight = len(self._weight), self._weight
        left = (weight * self._error).reshape(-1) - self._stack @ self.change
        bare = np.divide(left.reshape(groups, 3), weight, out=np.zeros((groups, 3)), where=weight > 0.0)
        before = np.linalg.norm(self._error * (weight > 0.0), axis=1)
        after = np.linalg.norm(bare, axis=1)
        count = len(self.position)
        services = []
        for number in range(len(self._tasks)):
            is_frame = number < count
            of_task = slice(2 * number, 2 * number + 2) if is_frame else slice(count + number, count + number + 1)
            momentum = self._momentum and number == len(self._tasks) - 1
            tolerance = np.array((_DISTANCE, _TURN) if is_frame else (_MOMENTUM if momentum else _DISTANCE,))
            had, has = before[of_task] / tolerance, after[of_task] / tolerance
            if momentum:
                had = has
            services.append(self._judge(of_task, had * tolerance, had.max(), had.max() - has.max(), left))
        return tuple(services)

    def _judge(self, of_task: slice, error: Array, miss: float, progress: float, left: Array) -> Service:
        """Verdict on one task by its error in tolerances, and what of it the step takes away."""
        turn = float(error[1]) if len(error) > 1 else 0.0
        if miss <= 1.0:
            return Service(Verdict.SERVED, float(error[0]), turn, ())
        rows = slice(3 * of_task.start, 3 * of_task.stop)
        base = self._body.base
        wish = (left[rows] @ self._stack[rows])[base:]
        force = self._info["lam"][base:]
        wished = (np.abs(wish) > _SHARE * np.abs(wish).max()) & (wish * force > 0.0)
        stopped = np.where(force > 0.0, self._above[base:] < self._step, self._below[base:] > -self._step)
        underway = progress > _PROGRESS
        names = tuple(self._body.names[joint] for joint in np.flatnonzero(wished & (stopped != underway)))
        if underway:
            return Service(Verdict.UNDERWAY, float(error[0]), turn, names)
        return Service(Verdict.LIMITED if names else Verdict.OUT_OF_REACH, float(error[0]), turn, names)


class _Axes:
    """Axes of frames as columns, shape (frames, 3, 3), with the rows also readable as y z x and z x y."""

    def __init__(self, count: int) -> None:
        rows = np.zeros((count, 5, 3))
        self.axes, self.yzx, self.zxy = rows[:, :3], rows[:, 1:4], rows[:, 2:5]
        self.flat = rows.reshape(count, 15)[:, :9]
        self._first, self._last = rows[:, :2], rows[:, 3:]

    def repeat(self) -> None:
        """Bring the other readings up to date with the axes."""
        self._last[:] = self._first


def _rows(indices: list[int], frames: int) -> slice | list[int]:
    """How to take the tasks' frames from all frames; nothing is copied when they are all, in their order."""
    return slice(None) if indices == list(range(frames)) else indices


def _turn(axis: Array, direction: Array) -> Array:
    """Rotation vector that turns one unit vector towards another: the angle's sine long, 1 beyond a right angle."""
    turn = _cross(axis, direction)
    if axis @ direction >= 0.0:
        return turn
    sine = np.sqrt(turn @ turn)
    if sine < 1e-6:
        turn = _cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
        sine = np.sqrt(turn @ turn)
    return turn / sine


def _cross(a: Array, b: Array) -> Array:
    """Cross product of two 3-vectors, without numpy's generality, which costs ten times as much."""
    ax, ay, az = a
    bx, by, bz = b
    return np.array((ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx))
