"""How far, how fast and how hard each joint may go."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from robot.command import Array


def joint_label(names: Sequence[str], index: int) -> str:
    """Name a joint in a message: by its name where names are known, else by its place."""
    return f"joint '{names[index]}'" if names else f"joint {index}"


@dataclass(frozen=True, slots=True)
class JointLimits:
    """The limits of every joint, in the order of the robot model; the arrays are copied and cannot be written.

    Attributes:
        lower: Least position, shape (n,) [rad].
        upper: Greatest position, shape (n,) [rad].
        velocity: Greatest speed in either direction, shape (n,) [rad/s].
        effort: Greatest torque in either direction, shape (n,) [Nm].
        names: The joints' names, n of them, used in messages; may be left out.

    Raises:
        ValueError: Shapes differ, a value is not finite, lower is not below upper, or a speed or torque is not
            positive; the message names the first such joint and its values.
    """

    lower: Array
    upper: Array
    velocity: Array
    effort: Array
    names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for field in ("lower", "upper", "velocity", "effort"):
            array = np.array(getattr(self, field), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, field, array)
        object.__setattr__(self, "names", tuple(self.names))
        self._check_shapes()
        self._check_values()

    def __len__(self) -> int:
        """Count the joints."""
        return self.lower.size

    def _check_shapes(self) -> None:
        shapes = [array.shape for array in (self.lower, self.upper, self.velocity, self.effort)]
        if self.lower.ndim != 1 or len(set(shapes)) > 1:
            listed = ", ".join(
                f"{field} {shape}"
                for field, shape in zip(("lower", "upper", "velocity", "effort"), shapes, strict=True)
            )
            raise ValueError(f"joint limits: expected four arrays of one shape (n,), got {listed}")
        if self.names and len(self.names) != len(self):
            raise ValueError(f"joint limits: {len(self.names)} names for {len(self)} joints")

    def _check_values(self) -> None:
        for field, unit in (("lower", "rad"), ("upper", "rad"), ("velocity", "rad/s"), ("effort", "Nm")):
            values: Array = getattr(self, field)
            bad = ~np.isfinite(values)
            if field in ("velocity", "effort"):
                bad |= values <= 0.0
            if bad.any():
                index = int(np.argmax(bad))
                wanted = "finite and above zero" if field in ("velocity", "effort") else "finite"
                raise ValueError(
                    f"joint limits: {joint_label(self.names, index)} has {field} {values[index]} {unit}, "
                    f"it must be {wanted}"
                )
        crossed = self.lower >= self.upper
        if crossed.any():
            index = int(np.argmax(crossed))
            raise ValueError(
                f"joint limits: {joint_label(self.names, index)} has lower {self.lower[index]} rad and "
                f"upper {self.upper[index]} rad, lower must be below upper"
            )
