"""The committed wiring, for what goes over real frames; a run without buses does not load what those need."""

from __future__ import annotations

from pathlib import Path

import robot
from robot import RobotModel
from robot.wiring import Wiring, parse
from scenarios.committed import load_drive_models

WIRING = Path(robot.__file__).with_name("wiring.toml")


def load_wiring(model: RobotModel) -> Wiring:
    """How the joints of this project's robot are wired, from the committed wiring file.

    Raises:
        ValueError: The file does not fit the body.
    """
    return parse(WIRING.read_text(encoding="utf-8"), model, load_drive_models())
