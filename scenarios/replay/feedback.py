"""A recorded run through the controller once more: does it still think the same of the same states?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from robot import ImuReading, LocalizationFix, RobotState
from scenarios.errors import BadInput
from scenarios.replay.difference import Difference, differing
from scenarios.replay.recording import Recording

if TYPE_CHECKING:
    from scenarios.runner import Assemble


def feed_back(recording: Recording, assemble: Assemble) -> tuple[int, Difference | None]:
    """Give the controller of today the states that are recorded, and hold what it thinks against the log.

    Compared is the log's channel of estimates and references, which is in single precision. The states have the pelvis'
    IMU alone, as the log has, and no word of the drives; no controller of the library needs more.

    Returns:
        How many rows were compared, and where it first differs.

    Raises:
        BadInput: The scenario is not in the library, or cannot be built.
    """
    scenario = recording.load()
    try:
        ride = assemble(scenario, recording.seed)
        ride.bus.open()
    except ValueError as error:
        raise BadInput(f"{scenario.name} cannot be built: {error}") from error
    try:
        controller, rows = ride.controller, 0
        for state, time, logged in _rows(recording):
            if rows == 0:
                controller.reset(state)
            controller.step(state)
            thought = {name: _single(getattr(controller.telemetry, name)) for name in logged}
            columns = differing({name: _single(value) for name, value in logged.items()}, thought)
            if columns:
                return rows, Difference(rows, time, "/estimate (logged, and as the controller has it now)", columns)
            rows += 1
        return rows, None
    finally:
        ride.bus.stop()
        ride.bus.close()


def _rows(recording: Recording) -> Iterator[tuple[RobotState, float, dict[str, Any]]]:
    """State and estimates of each row."""
    state = None
    for message in recording.messages(("/robot_state", "/estimate")):
        if message.topic == "/robot_state":
            state = _state(message.values)
        elif state is not None:
            yield state, message.time, message.values


def _state(values: dict[str, Any]) -> RobotState:
    column = {name: np.array(value, dtype=np.float64) for name, value in values.items()}
    imu = ImuReading(column["pelvis_orientation"], column["pelvis_angular_velocity"], column["pelvis_specific_force"])
    fix = None
    if values["localization_stamp"] is not None:
        fix = LocalizationFix(
            values["localization_stamp"], column["localization"], values["localization_deviation"] or 0.0
        )
    return RobotState(
        values["time"], column["joint_position"], column["joint_velocity"], column["joint_torque"], imu, imu, fix
    )


def _single(value: Any) -> Any:
    """A number, or several, in the log's single precision; None for what is no number."""
    single = np.asarray(value, dtype=np.float64).astype(np.float32)
    if single.ndim == 0:
        return None if np.isnan(single) else float(single)
    return [None if np.isnan(number) else float(number) for number in single]
