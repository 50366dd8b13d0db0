"""A recorded run as it was in memory: its context, built anew, and its log, read back."""

from __future__ import annotations

import numpy as np

from scenarios.assembly import assemble
from scenarios.context import RunContext
from scenarios.data.export import rows
from scenarios.errors import BadInput
from scenarios.kinds import KINDS
from scenarios.replay.recording import Recording
from scenarios.run_log import RunLog


def context_of(recording: Recording) -> RunContext:
    """Course or ground, and joints, of a recorded run; what the rider changed of its course on the way is not in it.

    Raises:
        BadInput: The scenario is not in the library, or cannot be built.
    """
    scenario = recording.load()
    try:
        return assemble(scenario, recording.seed).context
    except ValueError as error:
        raise BadInput(f"{scenario.name} cannot be built: {error}") from error


def log_of(recording: Recording, context: RunContext) -> RunLog:
    """The log of a recorded run, as far as its file has it.

    Raises:
        BadInput: It cannot be read.
    """
    layout = KINDS[recording.load().kind].layout.for_joints(len(context.joint_names))
    found = list(rows(recording))
    log = RunLog(len(found), layout)
    for column in layout.columns:
        if found and column.name in found[0]:
            log[column.name][:] = [row.get(column.name, np.nan) for row in found]
    return log
