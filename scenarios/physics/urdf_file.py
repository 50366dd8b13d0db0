"""Looks at a URDF file as loading does, and prints every fault instead of the first."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from scenarios.errors import BadInput
from sim.physics import Physics, PhysicsSettings
from urdf.guard import inspect, summary


def inspect_files(files: Sequence[Path]) -> int:
    """Print a line for each fault of each file, or the body's size; returns the exit status: 0 sound, 2 not.

    Raises:
        BadInput: A file cannot be read.
    """
    sound = True
    for file in files:
        faults = _faults(file)
        for fault in faults:
            print(f"{file}: {fault}")
        if not faults:
            print(f"{file}: sound: {summary(file.read_text(encoding='utf-8'))}")
        sound = sound and not faults
    return 0 if sound else 2


def _faults(file: Path) -> list[str]:
    """What the guard finds in the text; if that is nothing, what PyBullet makes of it."""
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: byte {error.start} is not UTF-8, a URDF must be") from error
    faults = [str(fault) for fault in inspect(text, file.parent)]
    if faults:
        return faults
    with closing(Physics(PhysicsSettings())) as physics:
        try:
            physics.load(file)
        except ValueError as error:
            return [str(error).removeprefix(f"{file}: ")]
    return []
