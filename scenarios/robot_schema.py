"""Which body a run on foot is asked of, as it stands in a scenario file."""

from typing import Annotated

from pydantic import Field

from scenarios.table import Table

_Place = Annotated[str, Field(min_length=1)]


class RobotTable(Table):
    """A body by its two files: paths, or `package://NAME/...` for what the installed Python package NAME has."""

    urdf: _Place
    """Its URDF."""
    parameters: _Place
    """All that the URDF does not say: `docs/add_your_robot.md`."""
