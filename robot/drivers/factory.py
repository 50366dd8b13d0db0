"""A codec for a drive, whatever it speaks."""

from __future__ import annotations

from robot.drivers.codec import DriveCodec, DriveEnd
from robot.drivers.dialect import DriveModel, MitDialect
from robot.drivers.mit_codec import MitCodec, MitEnd
from robot.drivers.moteus_codec import MoteusCodec
from robot.drivers.moteus_end import MoteusEnd


def codec_of(
    model: DriveModel, drive: int, *, host: int = 0, reply_id: int | None = None, fd: bool = False
) -> DriveCodec:
    """The host's end of a drive.

    Args:
        model: Its model.
        drive: Its id on the bus.
        host: The host's id there.
        reply_id: The id of its replies, where it is set to another than the dialect says.
        fd: Whether the bus is CAN-FD; a drive that speaks both then speaks CAN-FD.

    Raises:
        ValueError: The model does not go over such a bus, or an id is out of range or taken.
    """
    if isinstance(model.dialect, MitDialect):
        return MitCodec(model, drive, host=host, reply_id=reply_id, fd=_carried(model, drive, fd))
    _require_bus(model, drive, reply_id, fd)
    return MoteusCodec(model, drive, host=host)


def end_of(model: DriveModel, drive: int, *, host: int = 0, reply_id: int | None = None, fd: bool = False) -> DriveEnd:
    """The drive's end of the same, with the same arguments and errors."""
    if isinstance(model.dialect, MitDialect):
        return MitEnd(model, drive, host=host, reply_id=reply_id, fd=_carried(model, drive, fd))
    _require_bus(model, drive, reply_id, fd)
    return MoteusEnd(model, drive, host=host)


def _carried(model: DriveModel, drive: int, fd: bool) -> bool:
    """Whether the frames are CAN-FD: a drive of classic frames can share a CAN-FD bus."""
    if not fd and "can" not in model.dialect.carriage:
        raise ValueError(f"drive {drive} ({model.title}) speaks in CAN-FD frames; its bus must be CAN-FD")
    return fd and "can_fd" in model.dialect.carriage


def _require_bus(model: DriveModel, drive: int, reply_id: int | None, fd: bool) -> None:
    _carried(model, drive, fd)
    if reply_id is not None:
        raise ValueError(f"drive {drive} ({model.title}) replies on an id of its own making; take reply_id out")
