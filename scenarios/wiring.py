"""The committed wiring, for what goes over real frames; a run without buses does not load what those need."""

from __future__ import annotations

from pathlib import Path

import robot
from robot import RobotModel
from robot.wiring import Wiring, parse
from scenarios.committed import load_drive_models, load_robot
from scenarios.errors import BadInput

WIRING = Path(robot.__file__).with_name("wiring.toml")


def load_wiring(model: RobotModel) -> Wiring:
    """How the joints of this project's robot are wired, from the committed wiring file.

    Raises:
        ValueError: The file does not fit the body.
    """
    return parse(WIRING.read_text(encoding="utf-8"), model, load_drive_models())


def bus_names(path: Path | None = None) -> list[str]:
    """Names of the buses of a wiring file, of the committed one if none is given.

    Raises:
        BadInput: The file cannot be read or does not fit the robot.
    """
    file = path or WIRING
    try:
        wiring = parse(file.read_text(encoding="utf-8"), load_robot(), load_drive_models())
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise BadInput(f"wiring file {file}: {error}") from None
    return [bus.name for bus in wiring.buses]
