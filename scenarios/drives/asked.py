"""What the command line says of the bus; it loads nothing, so that help is quick."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says of the bus; None is as the wiring file has it."""

    wiring: Path | None = None
    bus: str | None = None
    interface: str | None = None
    channel: str | None = None
    bitrate: int | None = None
    data_bitrate: int | None = None
    fd: bool | None = None
