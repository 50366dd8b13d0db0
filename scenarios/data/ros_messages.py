"""ROS 2 messages that Foxglove, Rerun and ROS itself know, as their interface files define them (Apache-2.0, BSD)."""

from __future__ import annotations

_TIME = "int32 sec\nuint32 nanosec"
_HEADER = "builtin_interfaces/Time stamp\nstring frame_id"
_VECTOR, _QUATERNION = "float64 x\nfloat64 y\nfloat64 z", "float64 x\nfloat64 y\nfloat64 z\nfloat64 w"

_PARTS = {
    "builtin_interfaces/Time": (_TIME, ()),
    "std_msgs/Header": (_HEADER, ("builtin_interfaces/Time",)),
    "std_msgs/String": ("string data", ()),
    "geometry_msgs/Vector3": (_VECTOR, ()),
    "geometry_msgs/Point": (_VECTOR, ()),
    "geometry_msgs/Quaternion": (_QUATERNION, ()),
    "geometry_msgs/Transform": (
        "geometry_msgs/Vector3 translation\ngeometry_msgs/Quaternion rotation",
        ("geometry_msgs/Vector3", "geometry_msgs/Quaternion"),
    ),
    "geometry_msgs/TransformStamped": (
        "std_msgs/Header header\nstring child_frame_id\ngeometry_msgs/Transform transform",
        ("std_msgs/Header", "geometry_msgs/Transform"),
    ),
    "geometry_msgs/Pose": (
        "geometry_msgs/Point position\ngeometry_msgs/Quaternion orientation",
        ("geometry_msgs/Point", "geometry_msgs/Quaternion"),
    ),
    "geometry_msgs/PoseStamped": (
        "std_msgs/Header header\ngeometry_msgs/Pose pose", ("std_msgs/Header", "geometry_msgs/Pose"),
    ),
    "tf2_msgs/TFMessage": ("geometry_msgs/TransformStamped[] transforms", ("geometry_msgs/TransformStamped",)),
    "nav_msgs/Path": (
        "std_msgs/Header header\ngeometry_msgs/PoseStamped[] poses", ("std_msgs/Header", "geometry_msgs/PoseStamped"),
    ),
    "sensor_msgs/JointState": (
        "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort",
        ("std_msgs/Header",),
    ),
    "sensor_msgs/Imu": (
        "std_msgs/Header header\ngeometry_msgs/Quaternion orientation\nfloat64[9] orientation_covariance\n"
        "geometry_msgs/Vector3 angular_velocity\nfloat64[9] angular_velocity_covariance\n"
        "geometry_msgs/Vector3 linear_acceleration\nfloat64[9] linear_acceleration_covariance",
        ("std_msgs/Header", "geometry_msgs/Quaternion", "geometry_msgs/Vector3"),
    ),
}  # fmt: skip
"""Fields of each, and the messages in them."""


def definition(name: str) -> str:
    """A message's definition with those of all that is in it, as MCAP's registry asks for `ros2msg`."""
    fields, inside = _PARTS[name]
    needed: list[str] = []
    waiting = list(inside)
    while waiting:
        part = waiting.pop(0)
        if part not in needed:
            needed.append(part)
            waiting += _PARTS[part][1]
    return "\n".join((fields, *(f"{'=' * 80}\nMSG: {part}\n{_PARTS[part][0]}" for part in needed))) + "\n"
