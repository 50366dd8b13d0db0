"""What can be changed of a scenario while one looks at it, for the next start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tuning:
    """A value of the scenario that can be changed for the next start.

    Attributes:
        label: How a slider is named.
        key: Of the scenario.
        least: Its least value.
        most: Its greatest value.
        step: From one value to the next.
        usual: What it is when nothing is said.
        unit: Of the value; nothing where it has none.
    """

    label: str
    key: str
    least: float
    most: float
    step: float
    usual: float
    unit: str = ""


TUNINGS = (
    Tuning("gain: course", "rider.gains.course", 0.1, 10.0, 0.1, 1.0),
    Tuning("gain: roll rate", "rider.gains.roll_rate", 0.1, 10.0, 0.1, 1.0),
    Tuning("gain: effort of steering", "rider.gains.effort", 0.1, 10.0, 0.1, 1.0),
    Tuning("gain: arms at the bars", "rider.gains.bars", 0.1, 10.0, 0.1, 1.0),
    Tuning("noise of the senses", "senses.noise_scale", 0.0, 4.0, 0.1, 1.0),
    Tuning("friction of the ground", "world.friction", 0.1, 1.2, 0.05, 0.8),
    Tuning("delay of commands [ms]", "plant.command_delay", 0.0, 40.0, 1.0, 0.0, "ms"),
    Tuning("delay of senses [ms]", "plant.sensor_delay", 0.0, 40.0, 1.0, 0.0, "ms"),
    Tuning("friction of joints", "plant.joint_friction", 0.5, 3.0, 0.1, 1.0),
    Tuning("mass of the robot", "plant.robot_mass", 0.8, 1.2, 0.02, 1.0),
)
"""What can be tuned."""


def changes_of(values: Sequence[float]) -> list[str]:
    """Changes to a scenario, ``key=value`` each, from a value for each tuning; what is as usual is none."""
    changes = []
    for tuning, value in zip(TUNINGS, values, strict=True):
        stepped = tuning.usual + tuning.step * round((value - tuning.usual) / tuning.step)
        if abs(stepped - tuning.usual) > 1e-9:
            said = f'"{stepped:.6g} {tuning.unit}"' if tuning.unit else f"{stepped:.6g}"
            changes.append(f"{tuning.key}={said}")
    return changes
