"""From what a user asks for to bicycles and speeds; what only the rider needs is imported with him."""

import math
from pathlib import Path

from pydantic import ValidationError

from scenarios.complaint import complaint
from scenarios.errors import BadInput
from scenarios.suggest import suggestion
from urdf.whipple_file import load_whipple, parse
from urdf.whipple_parameters import WhippleParameters


def benchmark() -> WhippleParameters:
    """The benchmark of Meijaard et al. 2007."""
    return load_whipple()


def own() -> WhippleParameters:
    """The project's own bicycle with its rider on it as if he were rigid: cranks level, as at the start of a ride."""
    from controllers.riding.posture import RiderPosture
    from controllers.riding.rider_dynamics import with_rigid_rider
    from scenarios.assembly import load_robot
    from scenarios.schema import CONTROL_PERIOD
    from urdf.bicycle_parameters import BicycleParameters

    model, bicycle = load_robot(), BicycleParameters.load()
    posture = RiderPosture(model, bicycle, CONTROL_PERIOD)
    return with_rigid_rider(model, posture.solve(0.0, 0.5 * math.pi), posture, bicycle)


_FASTEST = 30.0
"""[m/s]"""
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


def parse_speeds(text: str) -> tuple[float, ...]:
    """Speeds from ``3.5,4,5``, in ascending order, each once [m/s].

    Raises:
        BadInput: The text is no list of speeds that a bicycle rolls at.
    """
    try:
        speeds = sorted({float(part) for part in text.split(",")})
    except ValueError:
        speeds = [math.nan]
    if not all(0.0 < speed <= _FASTEST for speed in speeds):
        raise BadInput(f"--speeds {text}: write speeds above 0 and up to {_FASTEST:g} m/s, such as 3.5,4,5")
    return tuple(speeds)
