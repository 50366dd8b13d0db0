"""Films a ride from its log, as a car beside it would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from imageio_ffmpeg import write_frames
from joblib import Parallel, delayed
from numpy.typing import NDArray

from scenarios.context import Array, RideContext
from scenarios.metric import elapsed
from scenarios.progress_board import Stage
from scenarios.provenance import BODIES
from scenarios.run_log import RunLog
from scenarios.runner import Progress
from sim.silence import silence
from urdf.bicycle_parameters import JOINTS

SIZE = (960, 540)
"""Width and height [pixel]."""
RATE = 30
"""[frames/s]"""
Label = Callable[[NDArray[np.uint8], float], NDArray[np.uint8]]
"""Gives a picture of the same size in which stands what there is to say at a time of the ride [s]."""
_STRIP = 60  # frames that one process draws in one go
_DISTANCE, _PITCH = 3.4, 0.22  # [m, rad]
_BESIDE = 2.2  # direction of looking against the heading: the rider is seen from ahead on the right [rad]
_LAG = 1.5  # time with which the camera follows a turn [s]
_GLIDE = 0.5  # half of the time over which the camera evens the ground out [s]
_LEVEL = 0.001  # what counts as level ground [m]
_HEIGHT = 0.62  # of the point that is looked at [m]


@dataclass(frozen=True, slots=True)
class Strip:
    """Poses of some frames in a row: the arrays have one row a frame, named as in the log; `yaw` is where to look."""

    robot_position: Array
    robot_orientation: Array
    robot_joint_position: Array
    bicycle_position: Array
    bicycle_orientation: Array
    bicycle_joint_position: Array
    target: Array
    yaw: Array


def film(
    file: Path,
    log: RunLog,
    context: RideContext,
    progress: Progress,
    *,
    processes: int = 1,
    span: tuple[float, float] | None = None,
    size: tuple[int, int] = SIZE,
    label: Label | None = None,
) -> None:
    """Write an MP4 in real time.

    Args:
        file: Where to.
        log: The ride.
        context: Its course, cones and joints.
        progress: Told how much of the ride is filmed.
        processes: How many processes draw.
        span: From when to when of the log's time, at most all of it [s]; the whole ride where none is given.
        size: Width and height [pixel], both even.
        label: Writes into each picture.

    Raises:
        OSError: The file cannot be written.
    """
    begin, length = _section(log, span)
    strips = _strips(log, begin, length)
    drawn = Parallel(n_jobs=processes, return_as="generator", pre_dispatch=2 * processes)(
        delayed(_draw)(strip, context, size) for strip in strips
    )
    writer = write_frames(
        str(file), size, fps=RATE, quality=7, macro_block_size=2, output_params=["-movflags", "+faststart"]
    )
    writer.send(None)
    try:
        count = 0
        for frames in drawn:
            for frame in frames:
                writer.send(frame if label is None else np.ascontiguousarray(label(frame, begin + count / RATE)))
                count += 1
            progress(Stage.filming, min(count / RATE, length), 0.0)
    finally:
        writer.close()


def _section(log: RunLog, span: tuple[float, float] | None) -> tuple[float, float]:
    """Where the film begins in the log's time, and how long it is [s]."""
    first = float(log["time"][0])
    if span is None:
        return first, elapsed(log)
    begin = min(max(span[0], first), first + elapsed(log))
    return begin, min(max(span[1], begin), first + elapsed(log)) - begin


def _strips(log: RunLog, begin: float, length: float) -> Iterator[Strip]:
    """Cut a part of the ride into frames, one every 1/30 s, and these into strips."""
    wanted = begin + np.arange(int(length * RATE) + 1) / RATE
    frames = np.minimum(np.searchsorted(log["time"], wanted - 1e-9), len(log) - 1)
    target = 0.5 * (log["truth_rear_contact"] + log["truth_front_contact"])[frames]
    target[:, 2] = _HEIGHT + _smooth(target[:, 2])
    yaw = _yaw(log["truth_heading"][frames])
    for start in range(0, len(frames), _STRIP):
        some = slice(start, start + _STRIP)
        yield Strip(
            log["truth_robot_position"][frames[some]],
            log["truth_robot_orientation"][frames[some]],
            log["truth_robot_joint_position"][frames[some]],
            log["truth_bicycle_position"][frames[some]],
            log["truth_bicycle_orientation"][frames[some]],
            log["truth_bicycle_joint_position"][frames[some]],
            target[some],
            yaw[some],
        )


def _yaw(heading: Array) -> Array:
    """Where the camera looks in each frame [rad]: along the heading, smoothed, turned to the rider's side."""
    smooth = np.unwrap(heading)
    for frame in range(1, len(smooth)):
        smooth[frame] = smooth[frame - 1] + (smooth[frame] - smooth[frame - 1]) / (_LAG * RATE)
    return smooth + _BESIDE


def _smooth(height: Array) -> Array:
    """Height of the ground in each frame [m], over which the camera glides; level ground has none."""
    if np.abs(height).max() < _LEVEL:
        return np.zeros_like(height)
    reach = round(_GLIDE * RATE)
    padded = np.concatenate((np.full(reach, height[0]), height, np.full(reach, height[-1])))
    return np.convolve(padded, np.ones(2 * reach + 1) / (2 * reach + 1), "valid")


def _draw(strip: Strip, context: RideContext, size: tuple[int, int]) -> list[NDArray[np.uint8]]:
    """Draw the frames of a strip."""
    with silence():  # PyBullet greets every process that imports it
        from sim.camera import Camera

    frames = []
    with Camera(BODIES, size) as camera:
        camera.add_path(context.course_points_on_ground)
        camera.add_terrain(context.terrain)
        camera.add_cones(context.cones)
        for row, yaw in enumerate(strip.yaw):
            camera.set_pose(
                strip.robot_position[row],
                strip.robot_orientation[row],
                (context.joint_names, strip.robot_joint_position[row]),
                strip.bicycle_position[row],
                strip.bicycle_orientation[row],
                (JOINTS, strip.bicycle_joint_position[row]),
            )
            camera.follow(
                strip.target[row].tolist(), _DISTANCE, float(yaw), _PITCH, float(strip.target[row, 2]) - _HEIGHT
            )
            frames.append(np.ascontiguousarray(camera.frame()))
    return frames
