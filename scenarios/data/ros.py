"""A run as ROS 2 messages in an MCAP file: what Foxglove and Rerun show by themselves, bodies in their places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from mcap_ros2.writer import Writer
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from scenarios.assembly import BICYCLE_URDF
from scenarios.context import FootContext, RideContext, RunContext
from scenarios.data.export import rows
from scenarios.data.rebuilt import context_of
from scenarios.data.ros_messages import definition
from scenarios.errors import BadInput
from scenarios.folder import partial_file
from scenarios.provenance import BODIES
from scenarios.replay.recording import Recording
from sim.scene import Figure, Scene
from sim.urdf_source import UrdfSource, UrdfText
from urdf.bicycle_parameters import JOINTS

Array = NDArray[np.float64]
WORLD = "world"
"""The frame in which all stands."""
RATE = 50.0
"""Messages a second where nothing is said [Hz]."""


@dataclass(frozen=True, slots=True)
class Body:
    """A body in the tree of frames.

    Attributes:
        figure: Tells where its links are.
        parent: Index of each link's parent among the links; -1 for that which hangs on the world.
    """

    figure: Figure
    parent: NDArray[np.intp]

    @classmethod
    def of(cls, figure: Figure, source: UrdfSource) -> Body:
        """Read from its URDF which link hangs on which."""
        parents = {
            joint.find("child").get("link"): joint.find("parent").get("link")  # type: ignore[union-attr]
            for joint in ElementTree.fromstring(UrdfText.of(source).text).iter("joint")
            if joint.find("child") is not None
        }
        links = figure.links
        return cls(figure, np.array([links.index(parents[one]) if parents.get(one) in links else -1 for one in links]))

    def transforms(self, stamp: dict[str, int]) -> Iterator[dict[str, Any]]:
        """Where each link is against that on which it hangs."""
        place, turn = self.figure.poses()
        turned = Rotation.from_quat(turn)
        hangs = self.parent >= 0
        inverse = turned[self.parent].inv()
        place = np.where(hangs[:, None], inverse.apply(place - place[self.parent]), place)
        turn = np.where(hangs[:, None], (inverse * turned).as_quat(), turn)
        links = self.figure.links
        for link, parent, (x, y, z), quaternion in zip(
            links, self.parent.tolist(), place.tolist(), turn.tolist(), strict=True
        ):
            yield {
                "header": {"stamp": stamp, "frame_id": links[parent] if parent >= 0 else WORLD},
                "child_frame_id": link,
                "transform": {"translation": {"x": x, "y": y, "z": z}, "rotation": _quaternion(quaternion)},
            }


def write_ros(recording: Recording, file: Path, rate: float = RATE) -> int:
    """Write a run; gives the number of moments.

    Topics: `/robot_description` and `/bicycle/robot_description` (the URDFs), `/tf` (all links, by the truth),
    `/joint_states` (as the robot feels them), `/joint_commands` (position, velocity, feed-forward torque),
    `/imu/pelvis`, and of a ride `/course`. Times count from the start of the run.

    Args:
        recording: The run.
        file: Where to; as a whole or not at all.
        rate: Messages a second, at most one a tick [Hz].

    Raises:
        BadInput: The run's scenario is not in the library, its log cannot be read, or the file cannot be written.
    """
    if not 0.0 < rate <= 500.0:
        raise BadInput(f"--rate {rate:g}: more than 0 and at most 500 messages a second")
    context = context_of(recording)
    every, count = max(round(500.0 / rate), 1), 0
    partial = partial_file(file)
    try:
        with _bodies(context) as (scene, bodies, descriptions), partial.open("wb") as stream, Writer(stream) as writer:
            out = _Out(writer)
            for topic, text in descriptions.items():
                out.say(topic, "std_msgs/String", 0.0, {"data": text})
            if isinstance(context, RideContext):
                out.say("/course", "nav_msgs/Path", 0.0, _path(context.course_points_on_ground))
            for row in rows(recording, every):
                _pose(scene, context, row)
                _say(out, row, context.joint_names, bodies)
                count += 1
        partial.replace(file)
    except OSError as error:
        raise BadInput(f"{file}: cannot be written: {error.strerror or error}") from None
    finally:
        partial.unlink(missing_ok=True)
    return count


class _Out:
    """Messages on their way into a file."""

    def __init__(self, writer: Writer) -> None:
        self._writer, self._schemas = writer, dict[str, Any]()

    def say(self, topic: str, kind: str, time: float, message: Mapping[str, Any]) -> None:
        if kind not in self._schemas:
            package, name = kind.split("/")
            self._schemas[kind] = self._writer.register_msgdef(f"{package}/msg/{name}", definition(kind))
        at = round(time * 1e9)
        self._writer.write_message(topic, self._schemas[kind], message, at, at)


@contextmanager
def _bodies(context: RunContext) -> Iterator[tuple[Scene, list[Body], dict[str, str]]]:
    """A scene with the run's bodies, these, and the texts of their URDFs by topic."""
    robot: UrdfSource = BODIES / "humanoid.urdf"
    if isinstance(context, FootContext) and context.robot is not None:
        robot = context.robot
    riding = isinstance(context, RideContext)
    sources = {"robot": robot, **({"bicycle": BICYCLE_URDF} if riding else {})}
    topics = {"robot": "/robot_description", "bicycle": "/bicycle/robot_description"}
    with Scene(BODIES, robot=robot, bicycle=riding) as scene:
        bodies = [Body.of(scene.figures[name], source) for name, source in sources.items()]
        yield scene, bodies, {topics[name]: UrdfText.of(source).text for name, source in sources.items()}


def _pose(scene: Scene, context: RunContext, row: Mapping[str, Any]) -> None:
    bicycle: tuple[Any, ...] = ()
    if isinstance(context, RideContext):
        angles = (JOINTS, row["truth_bicycle_joint_position"])
        bicycle = (row["truth_bicycle_position"], row["truth_bicycle_orientation"], angles)
    joints = (context.joint_names, row["truth_robot_joint_position"])
    scene.set_pose(row["truth_robot_position"], row["truth_robot_orientation"], joints, *bicycle)


def _say(out: _Out, row: Mapping[str, Any], names: Iterable[str], bodies: Iterable[Body]) -> None:
    """All messages of a moment."""
    time = row["time"]
    stamp = _stamp(time)
    header = {"stamp": stamp, "frame_id": ""}
    out.say(
        "/tf", "tf2_msgs/TFMessage", time, {"transforms": [one for body in bodies for one in body.transforms(stamp)]}
    )
    for topic, of in (("/joint_states", "joint"), ("/joint_commands", "command")):
        values = {
            field: row[f"{of}_{name}"]
            for field, name in (("position", "position"), ("velocity", "velocity"), ("effort", "torque"))
        }
        if None not in values["position"]:  # of the last tick of a run there is no command
            out.say(topic, "sensor_msgs/JointState", time, {"header": header, "name": list(names), **values})
    unknown = [0.0] * 9
    imu = {
        "header": {"stamp": stamp, "frame_id": "pelvis_imu"},
        "orientation": _quaternion(row["pelvis_orientation"]), "orientation_covariance": unknown,
        "angular_velocity": _vector(row["pelvis_angular_velocity"]), "angular_velocity_covariance": unknown,
        "linear_acceleration": _vector(row["pelvis_specific_force"]), "linear_acceleration_covariance": unknown,
    }  # fmt: skip
    out.say("/imu/pelvis", "sensor_msgs/Imu", time, imu)


def _path(points: Array) -> dict[str, Any]:
    header = {"stamp": _stamp(0.0), "frame_id": WORLD}
    level = _quaternion((0.0, 0.0, 0.0, 1.0))
    poses = [
        {"header": header, "pose": {"position": _vector(point), "orientation": level}} for point in points.tolist()
    ]
    return {"header": header, "poses": poses}


def _stamp(time: float) -> dict[str, int]:
    whole = round(time * 1e9)
    return {"sec": whole // 1_000_000_000, "nanosec": whole % 1_000_000_000}


def _vector(numbers: Iterable[float]) -> dict[str, float]:
    return dict(zip("xyz", numbers, strict=True))


def _quaternion(numbers: Iterable[float]) -> dict[str, float]:
    return dict(zip("xyzw", numbers, strict=True))
