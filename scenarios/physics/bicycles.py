"""From a bicycle's name or file to its Whipple parameters."""

from pathlib import Path

import numpy as np
from pydantic import ValidationError

from controllers.riding.posture import RiderPosture
from controllers.riding.rider_dynamics import with_rigid_rider
from scenarios.assembly import load_robot
from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.schema import CONTROL_PERIOD
from scenarios.suggest import suggestion
from urdf.bicycle_parameters import BicycleParameters
from urdf.whipple_file import load_whipple, parse
from urdf.whipple_parameters import WhippleParameters


def benchmark() -> WhippleParameters:
    """The benchmark of Meijaard et al. 2007."""
    return load_whipple()


def own() -> WhippleParameters:
    """The project's own bicycle with its rider on it as if he were rigid: cranks level, as at the start of a ride."""
    model, bicycle = load_robot(), BicycleParameters.load()
    posture = RiderPosture(model, bicycle, CONTROL_PERIOD)
    return with_rigid_rider(model, posture.solve(0.0, 0.5 * np.pi), posture, bicycle)


KNOWN = {"benchmark": benchmark, "own": own}
"""Bicycles that come with the project."""


def load_bicycle(reference: str) -> tuple[str, WhippleParameters]:
    """Read a bicycle; gives its name and its parameters.

    Args:
        reference: A name from `KNOWN`, or a path to a file of lines ``name = value``.

    Raises:
        BadInput: There is no such bicycle, or what the file says is wrong.
    """
    if reference in KNOWN:
        return reference, KNOWN[reference]()
    file = Path(reference)
    if "." not in file.name and not file.exists():
        raise BadInput(f"there is no bicycle {reference!r} (nor a file of this name); {suggestion(reference, KNOWN)}")
    try:
        values = parse(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: is not UTF-8 text, at byte {error.start}") from None
    except ValueError as error:
        raise BadInput(f"{file}: {error}") from None
    unknown = [name for name in values if name not in WhippleParameters.model_fields]
    if unknown:
        hint = suggestion(unknown[0], WhippleParameters.model_fields)
        raise BadInput(f"{file}: {unknown[0]}: is no parameter of the Whipple model; {hint}")
    try:
        return file.stem, WhippleParameters.model_validate(values)
    except ValidationError as error:
        raise BadInput(f"{file}: {complaint(error, values)}") from None
