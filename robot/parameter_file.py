"""The tables of a body's parameter file: one file may hold them all, each reader takes its own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from urdf import adaptation

BODY = (
    "pelvis", "torso", "imu", "torso_imu", "soles", "hands", "sole_length", "sole_width", "held", "posture", "folded",
    "joints", "walk",
)  # fmt: skip
"""Keys that balance and walking read (`robot/body.py`)."""
DRIVES = ("frame", "thermal", "drive")
"""Tables that the drives read (`robot/drive_file.py`)."""
_KNOWN = {*BODY, *DRIVES, *adaptation.TABLES}


def parse(text: str, what: str) -> dict[str, Any]:
    """Read a parameter file's text; `what` it is called in messages.

    Raises:
        ValueError: It is no TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{what}: no TOML: {error}") from error


def require_known(document: Mapping[str, Any], what: str) -> None:
    """Refuse a key at the top that no reader knows.

    Raises:
        ValueError: There is one; the message lists those that there are.
    """
    for key in document:
        if key not in _KNOWN:
            raise ValueError(f"{what}: there is no key {key!r}; there are {', '.join(sorted(_KNOWN))}")
