"""What a run on foot logs besides what every run does; the estimate's world has its origin where the robot started."""

from scenarios.columns import COMMAND, DERIVED, STATE, Column, Layout, per_joint

ESTIMATE = (
    Column("estimate_position", 3, "m", "pelvis, in the estimate's world"),
    Column("estimate_velocity", 3, "m/s", "of the pelvis, in the estimate's world"),
    Column("estimate_orientation", 4, "1", "quaternion x y z w of the pelvis in the estimate's world"),
    Column("estimate_com", 3, "m", "centre of mass, in the estimate's world"),
    Column("estimate_com_velocity", 3, "m/s", "of it"),
    Column("estimate_foot_load", 2, "N", "that the left and the right foot bear, by the joints' torques"),
    Column("estimate_contact", 2, "1", "how surely the left and the right foot stand, 0 to 1"),
    Column("reference_com", 3, "m", "where the weight should act, at the height of the centre of mass"),
    Column("reference_foot", 6, "m", "middle of the left sole xyz, of the right sole xyz, that is asked"),
    Column("reference_foot_force", 6, "N", "that is asked of the left foot xyz, of the right foot xyz, in the world"),
    Column("reference_velocity", 3, "m/s, rad/s", "of the walk: forward, to the left, turn"),
    Column("reference_hand", 6, "m", "left grip xyz, right grip xyz, in the stance frame; NaN where none is asked"),
    Column("reference_torso", 3, "rad", "roll, pitch, yaw that are asked"),
    Column("reference_pelvis_height", 1, "m", "above the soles, that is asked"),
    Column("estimate_hand", 6, "m", "left grip xyz, right grip xyz, in the stance frame"),
    Column("task_residual", 1, "1", "of the tasks that the whole body should hold hardest, 0 when all are served"),
    Column("solver_failed", 1, "1", "1 when the quadratic program was not solved"),
    Column("steps", 1, "1", "steps taken so far"),
    Column("mode", 1, "1", "index into the modes of the controller"),
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
    Column("truth_torso_orientation", 4, "1", "torso link frame in the world, quaternion x y z w"),
    Column("truth_com", 3, "m", "centre of mass in the world"),
    Column("truth_com_velocity", 3, "m/s", "of it"),
    Column("truth_foot_position", 6, "m", "middle of the left sole xyz, of the right sole xyz, in the world"),
    Column("truth_foot_yaw", 2, "rad", "heading of the left and the right sole"),
    Column("truth_foot_force", 6, "N", "on the left foot xyz, on the right foot xyz, in the world"),
    Column("truth_foot_cop", 6, "m", "centre of pressure, left xyz, right xyz, in the world; 0 without load"),
    Column("truth_foot_slip", 2, "m", "way that the loaded sole slid level, left and right, since the start"),
    Column("truth_hand_position", 6, "m", "centre of the left grip xyz, of the right grip xyz, in the world"),
    Column("truth_hand_orientation", 8, "1", "left grip, right grip, in the world, quaternions x y z w"),
    Column("truth_push", 3, "N", "declared disturbance, in the world"),
    Column("truth_push_work", 1, "J", "of the declared disturbances, since the start"),
    Column("truth_joint_work", 1, "J", "of the robot's joints, since the start"),
    Column("truth_external_impulse", 3, "N·s", "gravity, ground and pushes, in the world, since the start"),
    Column("truth_undeclared_wrench", 1, "N", "external wrench that nobody declared"),
    Column("truth_body_ground_contact", 1, "1", "1 when a part that is no foot touches the ground"),
    Column("truth_self_contact", 1, "N", "normal forces between links of the robot"),
    Column("truth_torque_saturated", 1, "1", "fraction of the joints at their torque limit"),
    Column("truth_torque_derated", 1, "1", "fraction of the joints whose drive is too warm for its full torque"),
)
"""What really happened: the attributes of the world's `truth`, by the names without `truth_`."""

FOOT = Layout(STATE, COMMAND, ESTIMATE, TRUTH, (), DERIVED)
"""The log of a run on foot."""
