"""The command of last resort: every joint brakes its own motion and holds nothing."""

import numpy as np

from robot.command import Array, JointCommand


def damping_command(time: float, position: Array, damping: Array) -> JointCommand:
    """Make the command by which the drives only resist motion: torque = -damping·q'.

    Args:
        time: Time of the state that it answers [s].
        position: Where the joints are, shape (n,) [rad]; with no stiffness it exerts nothing, and a log shows it.
        damping: Shape (n,) [Nm·s/rad].
    """
    zero = np.zeros_like(position)
    zero.setflags(write=False)
    return JointCommand(time, position, zero, zero, zero, damping)
