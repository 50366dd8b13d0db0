"""What a run logs, a ride above all: one row for each control tick, values at the time of the tick's robot state."""

from __future__ import annotations

from dataclasses import dataclass, replace

from urdf.bicycle_parameters import JOINTS

ROBOT_JOINTS = 33
"""Of the project's own body; the log of another one is as wide as that has joints."""


@dataclass(frozen=True, slots=True)
class Column:
    """One named quantity over time.

    Attributes:
        name: How the log is asked for it.
        width: Numbers in a row; 1 makes an array of shape (T,), k one of shape (T, k).
        unit: SI unit.
        about: What it is, in which frame and order.
        per_joint: Whether it has a number for each joint of the robot.
    """

    name: str
    width: int
    unit: str
    about: str
    per_joint: bool = False


_B = len(JOINTS)
ROBOT_ORDER = "joints of the robot model"
_BICYCLE_ORDER = ", ".join(name.removesuffix("_joint") for name in JOINTS)


def per_joint(name: str, unit: str, about: str = "") -> Column:
    """A column with a number for each joint of the project's own body."""
    return Column(name, ROBOT_JOINTS, unit, f"{about}; {ROBOT_ORDER}" if about else ROBOT_ORDER, per_joint=True)


STATE = (
    Column("time", 1, "s", "time of the robot state"),
    per_joint("joint_position", "rad", "as sensed"),
    per_joint("joint_velocity", "rad/s", "as sensed"),
    per_joint("joint_torque", "Nm", "as sensed"),
    Column("pelvis_orientation", 4, "1", "quaternion x y z w of the pelvis IMU in the world"),
    Column("pelvis_angular_velocity", 3, "rad/s", "pelvis IMU, in the IMU's frame"),
    Column("pelvis_specific_force", 3, "m/s²", "pelvis IMU, in the IMU's frame"),
    Column("localization", 3, "m", "pelvis in the world as the latest fix says; NaN without a fix"),
    Column("localization_stamp", 1, "s", "when that was true; NaN without a fix"),
    Column("localization_deviation", 1, "m", "standard deviation that the fix declares; NaN without a fix"),
)
"""What the body felt."""

COMMAND = (
    per_joint("command_position", "rad", "as applied"),
    per_joint("command_velocity", "rad/s", "as applied"),
    per_joint("command_torque", "Nm", "feed-forward as applied"),
    per_joint("command_stiffness", "Nm/rad", "as applied"),
    per_joint("command_damping", "Nm·s/rad", "as applied"),
    Column("applied_reason", ROBOT_JOINTS, "1", "bits of robot.Reason: why it differs from what was asked", True),
)
"""What the drives were given in the period that follows; the command made from the row's state may come later."""

ESTIMATE = (
    Column("estimate_roll", 1, "rad", "bicycle, right side down positive"),
    Column("estimate_lean", 1, "rad", "roll, from where the bicycle balances"),
    Column("estimate_roll_rate", 1, "rad/s", "bicycle"),
    Column("estimate_x", 1, "m", "rear wheel's contact point in the world"),
    Column("estimate_y", 1, "m", "the same"),
    Column("estimate_heading", 1, "rad", "bicycle, from x to the left"),
    Column("estimate_speed", 1, "m/s", "bicycle, forward"),
    Column("estimate_steer", 1, "rad", "handlebar, left positive"),
    Column("estimate_steer_rate", 1, "rad/s", "handlebar"),
    Column("estimate_rock", 1, "rad", "roll of the pelvis on the saddle, right side down positive"),
    Column("estimate_rock_rate", 1, "rad/s", "the same"),
    Column("estimate_crank_angle", 1, "rad", "crank"),
    Column("estimate_crank_rate", 1, "rad/s", "crank"),
    Column("estimate_lateral_error", 1, "m", "from the course, left positive"),
    Column("estimate_progress", 1, "m", "along the course"),
    Column("reference_steer", 1, "rad", "what the steering layer asks"),
    Column("reference_speed", 1, "m/s", "what the planner asks"),
    Column("reference_crank_torque", 1, "Nm", "what the pedalling layer asks"),
    Column("steered_roll_rate", 1, "rad/s", "what the steering answers of the roll rate"),
    Column("braced_rock_rate", 1, "rad/s", "what the hands brace against of the pelvis' rocking"),
    Column("route", 1, "1", "how often the route was changed so far"),
    Column("mode", 1, "1", "index into the modes of the rider"),
    Column("hands_asked", 1, "1", "hands that the planner wants off the bars: 1 left, 2 right"),
    Column("hands_off", 1, "1", "hands that have let go by themselves and do not hold yet: 1 left, 2 right"),
)
"""What the controller believed and wanted: the attributes of its `telemetry`, by the same names."""

TRUTH = (
    Column("truth_robot_position", 3, "m", "pelvis link frame in the world"),
    Column("truth_robot_orientation", 4, "1", "pelvis link frame in the world, quaternion x y z w"),
    Column("truth_robot_velocity", 6, "m/s, rad/s", "pelvis frame origin, linear and angular, in the world"),
    per_joint("truth_robot_joint_position", "rad"),
    per_joint("truth_robot_joint_velocity", "rad/s"),
    per_joint("truth_robot_joint_torque", "Nm", "as applied to the joint"),
    per_joint("truth_winding_temperature", "°C", "of the drives' windings"),
    Column("truth_bicycle_position", 3, "m", "bicycle frame (ground point under the rear axle) in the world"),
    Column("truth_bicycle_orientation", 4, "1", "bicycle frame in the world, quaternion x y z w"),
    Column("truth_bicycle_velocity", 6, "m/s, rad/s", "bicycle frame origin, linear and angular, in the world"),
    Column("truth_bicycle_joint_position", _B, "rad", _BICYCLE_ORDER),
    Column("truth_bicycle_joint_velocity", _B, "rad/s", _BICYCLE_ORDER),
    Column("truth_rear_contact", 3, "m", "contact point of the rear wheel in the world"),
    Column("truth_front_contact", 3, "m", "contact point of the front wheel in the world"),
    Column("truth_roll", 1, "rad", "bicycle, right side down positive"),
    Column("truth_steer", 1, "rad", "handlebar, left positive"),
    Column("truth_heading", 1, "rad", "bicycle, from x to the left"),
    Column("truth_speed", 1, "m/s", "bicycle, forward"),
    Column("truth_crank_angle", 1, "rad", "crank"),
    Column("truth_crank_rate", 1, "rad/s", "crank"),
    Column("truth_foot_force", 6, "N", "on the left foot xyz, on the right foot xyz, in the world"),
    Column("truth_saddle_force", 3, "N", "of the saddle on the robot, in the world"),
    Column("truth_ground_force", 6, "N", "on the rear wheel xyz, on the front wheel xyz, in the world"),
    Column("truth_grip_force", 2, "N", "norm of the grip constraint's force, left and right"),
    Column("truth_grip_closed", 2, "1", "1 while the hand holds the bar, left and right"),
    Column("truth_drive_torque", 1, "Nm", "of the chain, at the crank"),
    Column("truth_brake_torque", 2, "Nm", "of the brakes, rear and front wheel"),
    Column("truth_push", 3, "N", "declared disturbance, in the world"),
    Column("truth_pedal_work", 1, "J", "of the feet on the pedals, since the start"),
    Column("truth_resistance_work", 1, "J", "taken by rolling, bearings and air, since the start"),
    Column("truth_brake_work", 1, "J", "taken by the brakes, since the start"),
    Column("truth_push_work", 1, "J", "of the declared disturbances, since the start"),
    Column("truth_joint_work", 1, "J", "of the robot's joints, since the start"),
    Column("truth_external_impulse", 3, "N·s", "gravity, ground, drag and pushes, in the world, since the start"),
    Column("truth_undeclared_wrench", 1, "N", "external wrench that nobody declared"),
    Column("truth_body_ground_contact", 1, "1", "1 when a part that is no foot and no wheel touches the ground"),
    Column("truth_body_bicycle_contact", 1, "N", "normal forces between body and bicycle but on pedals and saddle"),
    Column("truth_torque_saturated", 1, "1", "fraction of the joints at their torque limit"),
    Column("truth_torque_derated", 1, "1", "fraction of the joints whose drive is too warm for its full torque"),
)
"""What really happened: the attributes of the world's `truth`, by the names without `truth_`."""

ACCOUNT = (
    Column("truth_ground_work", 1, "J", "of terrain on the wheels by knocks and sliding, since the start"),
    Column("truth_foot_ground_force", 6, "N", "ground on the left foot xyz, on the right foot xyz, in the world"),
    Column("truth_obstacle_force", 1, "N", "normal forces of what stands on the map on robot and bicycle"),
    Column("truth_grip_gap", 2, "m", "from hand to grip when it last took hold again, left and right"),
    Column("truth_steer_pulse", 1, "Nm", "declared torque between frame and fork, left on the fork"),
    Column("truth_head_speed", 1, "m/s", "of the head's centre of mass in the world"),
    Column(
        "truth_impact_force", 4, "N", "ground on head, trunk, left and right hand: greatest normal force in the tick"
    ),
    Column("truth_head_impulse", 1, "N·s", "of the ground's normal force on the head, since the start"),
)
"""What is recorded like the truth, but does not count into the state's hash."""

DERIVED = (
    Column("truth_energy", 1, "J", "kinetic and potential, of all bodies"),
    Column("truth_momentum", 3, "N·s", "linear, of all bodies, in the world"),
)
"""What is worked out from the truth once the run is over."""


SAFETY = (
    Column("safety_mode", 1, "1", "index into robot.safety.RobotMode; NaN without the layer, or with a dead host"),
    Column("safety_lost", 1, "1", "joints that are out of service; NaN in the same way"),
    Column("drives_pushing", 1, "1", "drives that follow more than damping"),
)
"""What became of a command on the way to the drives, by the safety layer and by the truth about the drives."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The tables of a kind of log.

    Attributes:
        state: What the body felt.
        command: What the drives were given.
        estimate: What the controller believed and wanted.
        truth: What really happened; its bytes are what a state's hash is made of.
        account: What is recorded like the truth, but does not count into that hash.
        derived: What is worked out from the truth afterwards.
        safety: What became of commands, where that is looked at.
        loop: What the loop of a robot with real drives says of itself.
    """

    state: tuple[Column, ...]
    command: tuple[Column, ...]
    estimate: tuple[Column, ...]
    truth: tuple[Column, ...]
    account: tuple[Column, ...]
    derived: tuple[Column, ...]
    safety: tuple[Column, ...] = ()
    loop: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column."""
        tables = self.state, self.command, self.estimate, self.truth, self.account, self.derived, self.safety, self.loop
        return sum(tables, ())

    @property
    def width(self) -> int:
        """Numbers in a row of all columns."""
        return sum(column.width for column in self.columns)

    def with_safety(self) -> Layout:
        """The same, and what became of commands on the way to the drives."""
        return replace(self, safety=SAFETY)

    def for_joints(self, joints: int) -> Layout:
        """The same tables for a body with another number of joints."""

        def sized(columns: tuple[Column, ...]) -> tuple[Column, ...]:
            return tuple(replace(column, width=joints) if column.per_joint else column for column in columns)

        return Layout(
            sized(self.state), sized(self.command), sized(self.estimate), sized(self.truth), sized(self.account),
            sized(self.derived), self.safety, sized(self.loop),
        )  # fmt: skip


RIDE = Layout(STATE, COMMAND, ESTIMATE, TRUTH, ACCOUNT, DERIVED)
"""The log of a ride."""
