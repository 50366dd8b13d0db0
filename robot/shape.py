"""One question before any arithmetic: has a command one entry for each joint?"""

from robot.command import JointCommand


def require_joint_count(command: JointCommand, count: int) -> None:
    """Refuse a command whose arrays have not the shape (count,).

    A wrong shape is a mistake in the program, not on the wire, so it raises instead of being repaired.

    Raises:
        ValueError: An array has another shape; the message names it.
    """
    shape = (count,)
    if (
        command.position.shape == shape
        and command.velocity.shape == shape
        and command.torque.shape == shape
        and command.stiffness.shape == shape
        and command.damping.shape == shape
    ):
        return
    wrong = [
        f"{field} has shape {array.shape}"
        for field, array in (
            ("position", command.position),
            ("velocity", command.velocity),
            ("torque", command.torque),
            ("stiffness", command.stiffness),
            ("damping", command.damping),
        )
        if array.shape != shape
    ]
    raise ValueError(f"joint command for {count} joints: {', '.join(wrong)}, expected {shape}")
