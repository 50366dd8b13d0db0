"""What this machine needs to run scenarios, and how to mend what is missing."""

import importlib
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from scenarios.errors import BadInput
from scenarios.folder import atomic_folder
from scenarios.provenance import BODIES
from sim.silence import silence
from urdf.guard import require_sound, summary

_INSTALL = "pip install 'draisine[sim,video]'"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        what: What was looked for.
        fine: Whether it is there.
        found: What was found, or what is wrong.
        remedy: The command that mends it.
        needed: Whether runs need it; what only a window or a page needs may be missing.
    """

    what: str
    fine: bool
    found: str
    remedy: str
    needed: bool = True


def examine(out: Path) -> list[Finding]:
    """Make every check; `out` is the folder in which results would be written."""
    return [
        _check("Python 3.11", _python, "make ride PYTHON=python3.11"),
        _check("pybullet", lambda: _package("pybullet", "pybullet"), _INSTALL),
        _check("pinocchio", lambda: _package("pinocchio", "pin"), _INSTALL),
        _check("ffmpeg", _ffmpeg, _INSTALL),
        _check(f"output folder {out}", lambda: _writable(out), "choose another folder with --out"),
        _check("humanoid.urdf", _robot, "make urdf"),
        _check("bicycle.urdf", _bicycle, "make urdf"),
        _optional("page (gui --web)", lambda: _package("viser", "viser"), "pip install 'draisine[web]'"),
        _optional("environments and policies", _learning, "pip install 'draisine[learn]'"),
        _optional("gamepad (gui)", lambda: _package("pygame", "pygame-ce"), "pip install 'draisine[gamepad]'"),
        _optional("window (gui)", _display, "run it on a desktop, or show the ride with 'draisine gui --web'"),
    ]


def _optional(what: str, look: Callable[[], str], remedy: str) -> Finding:
    """As `_check`, for what not everybody needs."""
    return replace(_check(what, look, remedy), needed=False)


def _check(what: str, look: Callable[[], str], remedy: str) -> Finding:
    """Take whatever a look raises, native libraries included, for a sign that the thing is missing."""
    try:
        with silence():
            found = look()
    except Exception as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return Finding(what, False, reason, remedy)
    return Finding(what, True, found, remedy)


def _python() -> str:
    if sys.version_info[:2] != (3, 11):
        raise RuntimeError(f"this is Python {platform.python_version()}, and pybullet has no wheels for it")
    return platform.python_version()


def _package(module: str, distribution: str) -> str:
    importlib.import_module(module)
    return version(distribution)


def _learning() -> str:
    runtime = _package("onnxruntime", "onnxruntime")
    return f"Gymnasium {_package('gymnasium', 'gymnasium')}, ONNX Runtime {runtime}"


def _display() -> str:
    display = os.environ.get("DISPLAY")
    if not display:
        raise RuntimeError("there is no display: DISPLAY is not set")
    return f"display {display}"


def _ffmpeg() -> str:
    executable = str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    if not os.access(executable, os.X_OK):
        raise RuntimeError(f"{executable} cannot be executed")
    return Path(executable).name


def _writable(out: Path) -> str:
    """Go through the motions of writing a result, and take everything back."""
    try:
        with atomic_folder(out / "doctor"):
            raise _TakeBack
    except _TakeBack:
        return "can be written"
    except BadInput as error:
        raise RuntimeError(str(error)) from None


class _TakeBack(Exception):
    """Makes an atomic folder vanish again."""


def _robot() -> str:
    robot = importlib.import_module("robot")
    drives = Path(str(robot.__file__)).with_name("drives.toml").read_text(encoding="utf-8")
    model = robot.RobotModel.from_urdf(_text(BODIES / "humanoid.urdf"), drives)
    return f"{model.size} joints, {model.mass:.2f} kg"


def _bicycle() -> str:
    text = _text(BODIES / "bicycle.urdf")
    require_sound(text, "bicycle.urdf", BODIES)
    return summary(text)


def _text(urdf: Path) -> str:
    if not urdf.is_file():
        raise RuntimeError(f"{urdf.name} is not there")
    return urdf.read_text(encoding="utf-8")
