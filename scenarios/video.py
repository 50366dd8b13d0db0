"""Films a run from its log, as somebody would who goes along beside it."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from imageio_ffmpeg import write_frames
from joblib import Parallel, delayed
from numpy.typing import NDArray

from scenarios.context import Array, FootContext, RideContext, RunContext
from scenarios.metric import elapsed
from scenarios.progress_board import Stage
from scenarios.provenance import BODIES
from scenarios.run_log import RunLog
from scenarios.runner import Progress
from scenarios.stance import heading
from sim.silence import silence
from sim.standing import Standing
from urdf.bicycle_parameters import JOINTS

SIZE = (960, 540)
"""Width and height [pixel]."""
RATE = 30
"""[frames/s]"""
JointPositions = tuple[tuple[str, ...], Array]
Label = Callable[[NDArray[np.uint8], float], NDArray[np.uint8]]
"""Gives a picture of the same size in which stands what there is to say at a time of the ride [s]."""
_STRIP = 60  # frames that one process draws in one go
_DISTANCE, _PITCH = 3.4, 0.22  # [m, rad]
BESIDE, BEHIND = 2.2, 0.0
"""Directions of looking against the heading [rad]; beside, the rider is seen from ahead on the right."""
_LAG = 1.5  # time with which the camera follows a turn [s]
_GLIDE = 0.5  # half of the time over which the camera evens the ground out [s]
_LEVEL = 0.001  # what counts as level ground [m]
_HEIGHT = 0.62  # of the point that is looked at [m]
_ON_FOOT = 2.6  # distance of the camera from a body on its feet, of the size of the project's own [m]
_LOW, _SHARE = 0.3, 0.5  # height that is looked at: so much, of that size, and that part of the pelvis' height [m, 1]
_LINE = 0.12  # width of a stop line [m]
_AROUND = 2.5  # how far from the way the ground is drawn [m]
_FOLLOW = 0.5  # time with which the camera follows a body on its feet [s]


@dataclass(frozen=True, slots=True)
class Strip:
    """Poses of some frames in a row: arrays with one row a frame, named as in the log; None where there is no bicycle.

    `time` is that of each frame [s], `target` is the point that is looked at, `ground` the height below it [m], `yaw`
    from where, and `way` where the whole film leads, shape (k, 2) [m].
    """

    time: Array
    robot_position: Array
    robot_orientation: Array
    robot_joint_position: Array
    bicycle_position: Array | None
    bicycle_orientation: Array | None
    bicycle_joint_position: Array | None
    target: Array
    ground: Array
    yaw: Array
    way: Array


def film(
    file: Path,
    log: RunLog,
    context: RunContext,
    progress: Progress,
    *,
    processes: int = 1,
    span: tuple[float, float] | None = None,
    size: tuple[int, int] = SIZE,
    label: Label | None = None,
    views: Sequence[float] = (BESIDE,),
    rate: int = RATE,
) -> None:
    """Write an MP4 in real time.

    Args:
        file: Where to.
        log: The run.
        context: Its course or ground, and joints.
        progress: Told how much of the ride is filmed.
        processes: How many processes draw.
        span: From when to when of the log's time, at most all of it [s]; the whole ride where none is given.
        size: Width and height [pixel], both even.
        label: Writes into each picture.
        views: Directions of looking against the heading, side by side; they share the width [rad].
        rate: Frames a second.

    Raises:
        OSError: The file cannot be written.
    """
    begin, length = _section(log, span)
    strips = _strips(log, context, begin, length, rate)
    writer = write_frames(
        str(file), size, fps=rate, quality=7, macro_block_size=2, output_params=["-movflags", "+faststart"]
    )
    writer.send(None)
    drawn = Parallel(n_jobs=processes, return_as="generator", pre_dispatch=2 * processes)(
        delayed(_draw)(strip, context, size, views) for strip in strips
    )
    try:
        count = 0
        for frames in drawn:
            for frame in frames:
                writer.send(frame if label is None else np.ascontiguousarray(label(frame, begin + count / rate)))
                count += 1
            progress(Stage.filming, min(count / rate, length), 0.0)
    finally:
        writer.close()
        with warnings.catch_warnings():  # joblib warns of pictures that nobody waits for any more
            warnings.simplefilter("ignore")
            drawn.close()


def still(log: RunLog, context: RunContext) -> Strip:
    """The only frame of a log of one row."""
    return next(_strips(log, context, float(log["time"][0]), 0.0))


def _section(log: RunLog, span: tuple[float, float] | None) -> tuple[float, float]:
    """Where the film begins in the log's time, and how long it is [s]."""
    first = float(log["time"][0])
    if span is None:
        return first, elapsed(log)
    begin = min(max(span[0], first), first + elapsed(log))
    return begin, min(max(span[1], begin), first + elapsed(log)) - begin


def _strips(log: RunLog, context: RunContext, begin: float, length: float, rate: int = RATE) -> Iterator[Strip]:
    """Cut a part of the run into frames, so many a second, and these into strips."""
    wanted = begin + np.arange(int(length * rate + 1e-6) + 1) / rate
    frames = np.minimum(np.searchsorted(log["time"], wanted - 1e-9), len(log) - 1)
    riding = isinstance(context, RideContext)
    if isinstance(context, FootContext):
        target, ground, yaw = _beside_body(log, context, frames, rate)
    else:
        target, ground, yaw = _beside_ride(log, frames, rate)
    way = np.unique(np.round(target[:, :2], 1), axis=0)
    for start in range(0, len(frames), _STRIP):
        some = slice(start, start + _STRIP)
        rows = frames[some]
        yield Strip(
            log["time"][rows],
            log["truth_robot_position"][rows],
            log["truth_robot_orientation"][rows],
            log["truth_robot_joint_position"][rows],
            log["truth_bicycle_position"][rows] if riding else None,
            log["truth_bicycle_orientation"][rows] if riding else None,
            log["truth_bicycle_joint_position"][rows] if riding else None,
            target[some],
            ground[some],
            yaw[some],
            way,
        )


def _beside_ride(log: RunLog, frames: NDArray[np.intp], rate: int) -> tuple[Array, Array, Array]:
    """The point that a camera beside a ride looks at, shape (k, 3), the height of the ground [m], from where [rad]."""
    target = 0.5 * (log["truth_rear_contact"] + log["truth_front_contact"])[frames]
    ground = _smooth(target[:, 2], rate)
    target[:, 2] = _HEIGHT + ground
    return target, ground, _yaw(log["truth_heading"][frames], rate)


def _beside_body(log: RunLog, context: FootContext, frames: NDArray[np.intp], rate: int) -> tuple[Array, Array, Array]:
    """The same beside a body on its feet, that sways, steps, squats, and may fall."""
    target = log["truth_robot_position"][frames].copy()
    ground = _smooth(np.array([context.ground.height(x, y) for x, y in target[:, :2].tolist()]), rate)
    target[:, 2] = ground + _LOW * context.scale + _SHARE * (target[:, 2] - ground)
    for frame in range(1, len(target)):
        target[frame] = target[frame - 1] + (target[frame] - target[frame - 1]) / (_FOLLOW * rate)
    return target, ground, _yaw(heading(log)[frames], rate)


def _yaw(heading: Array, rate: int) -> Array:
    """Where a camera looks that is behind, in each frame: along the heading, smoothed [rad]."""
    smooth = np.unwrap(heading)
    for frame in range(1, len(smooth)):
        smooth[frame] = smooth[frame - 1] + (smooth[frame] - smooth[frame - 1]) / (_LAG * rate)
    return smooth


def _smooth(height: Array, rate: int) -> Array:
    """Height of the ground in each frame [m], over which the camera glides; level ground has none."""
    if np.abs(height).max() < _LEVEL:
        return np.zeros_like(height)
    reach = round(_GLIDE * rate)
    padded = np.concatenate((np.full(reach, height[0]), height, np.full(reach, height[-1])))
    return np.convolve(padded, np.ones(2 * reach + 1) / (2 * reach + 1), "valid")


def _draw(strip: Strip, context: RunContext, size: tuple[int, int], views: Sequence[float]) -> list[NDArray[np.uint8]]:
    """Draw the frames of a strip."""
    with Painter(context, size, views, strip.way) as painter:
        return [painter.paint(strip, row) for row in range(len(strip.yaw))]


class Painter:
    """Draws frames of a run, each from all views; a context manager."""

    def __init__(self, context: RunContext, size: tuple[int, int], views: Sequence[float], way: Array) -> None:
        """Set the scene.

        Args:
            context: Course or ground of the run, and joints.
            size: Width and height of a frame [pixel].
            views: Directions of looking against the heading, side by side; they share the width [rad].
            way: Where it leads, shape (k, 2) [m]; around it the ground is drawn for a body on its feet.
        """
        with silence():  # PyBullet greets every process that imports it
            from sim.camera import Camera

        self._context, self._views = context, views
        self._foot = context if isinstance(context, FootContext) else None
        self._standing: tuple[Standing, ...] = ()
        self._camera = Camera(
            BODIES, (size[0] // len(views), size[1]), robot=None if self._foot is None else self._foot.robot,
            bicycle=isinstance(context, RideContext),
        )  # fmt: skip
        if isinstance(context, RideContext):
            self._camera.add_path(context.course_points_on_ground)
            for line in context.lines:
                self._camera.add_path(line, _LINE)
            self._camera.add_terrain(context.terrain)
            self._camera.add_cones(context.cones)
            self._standing = context.standing
        if self._foot is not None:
            self._camera.add_ground(self._foot.ground, way, _AROUND)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Take the scene down."""
        self._camera.close()

    def paint(self, strip: Strip, row: int) -> NDArray[np.uint8]:
        """A frame of a strip, shape (height, width, 3)."""
        camera = self._camera
        camera.show_standing(self._standing, float(strip.time[row]))
        camera.set_pose(
            strip.robot_position[row],
            strip.robot_orientation[row],
            (self._context.joint_names, strip.robot_joint_position[row]),
            *_bicycle_pose(strip, row),
        )
        distance = _DISTANCE if self._foot is None else _ON_FOOT * self._foot.scale
        seen = []
        for view in self._views:
            camera.follow(
                strip.target[row].tolist(), distance, float(strip.yaw[row]) + view, _PITCH, float(strip.ground[row])
            )
            seen.append(camera.frame())
        return np.ascontiguousarray(np.concatenate(seen, axis=1))


def _bicycle_pose(strip: Strip, row: int) -> tuple[Array, Array, JointPositions] | tuple[()]:
    """Position, orientation and joints of the bicycle in a frame; nothing where there is none."""
    position, orientation, joints = strip.bicycle_position, strip.bicycle_orientation, strip.bicycle_joint_position
    if position is None or orientation is None or joints is None:
        return ()
    return position[row], orientation[row], (JOINTS, joints[row])
