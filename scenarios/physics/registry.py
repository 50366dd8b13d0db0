"""All checks of the physics, in the order of the report."""

from collections.abc import Sequence

from scenarios.errors import BadInput
from scenarios.physics import (
    conservation,
    convergence,
    determinism,
    drive_heat,
    drives,
    encoders,
    floating,
    friction,
    inside,
    model,
    rolling,
    rotors,
    sensors,
    terrain,
    whipple,
)
from scenarios.physics.check import Check

CHECKS: tuple[Check, ...] = (
    *model.CHECKS,
    *conservation.CHECKS,
    *floating.CHECKS,
    *inside.CHECKS,
    *rolling.CHECKS,
    *friction.CHECKS,
    *whipple.CHECKS,
    *drives.CHECKS,
    *drive_heat.CHECKS,
    *encoders.CHECKS,
    *rotors.CHECKS,
    *sensors.CHECKS,
    *terrain.CHECKS,
    *convergence.CHECKS,
    *determinism.CHECKS,
)


def find(names: Sequence[str]) -> tuple[Check, ...]:
    """Checks by their names; all of them when none is named.

    Raises:
        BadInput: There is no such check; the message lists those that exist.
    """
    known = {check.name: check for check in CHECKS}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise BadInput(f"there is no check {unknown!r}; there are {', '.join(known)}")
    return tuple(known[name] for name in dict.fromkeys(names)) if names else CHECKS
