"""Whose reply is a frame? The drives of one bus, found by id in constant time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from robot.drivers.codec import DriveCodec
from robot.drivers.frame import CanFrame
from robot.drivers.reply import DriveReply, FrameError


class Identified(NamedTuple):
    """A frame that belongs to a drive of the roster.

    Attributes:
        drive: Which one, in the order of the codecs; None for a bad frame on an id that several reply on.
        reply: Its state, or why the frame was not accepted.
    """

    drive: int | None
    reply: DriveReply | FrameError


class Roster:
    """The codecs of the drives on one bus."""

    def __init__(self, codecs: Sequence[DriveCodec]) -> None:
        """Set up a bus.

        Raises:
            ValueError: A drive would take frames of another one as meant for it, or replies of two cannot be told
                apart.
        """
        self.codecs = tuple(codecs)
        _check(self.codecs)
        by_id: defaultdict[int, list[int]] = defaultdict(list)
        for index, codec in enumerate(self.codecs):
            by_id[codec.reply_id].append(index)
        self._by_id = dict(by_id)

    def hear(self, frame: CanFrame) -> Identified | None:
        """Whose state a frame tells; None if it is no reply of these drives."""
        bad: Identified | None = None
        for index in self._by_id.get(frame.id, ()):
            reply = self.codecs[index].reply(frame)
            if isinstance(reply, FrameError):
                bad = Identified(index if bad is None else None, reply)
            elif reply is not None:
                return Identified(index, reply)
        return bad


def _check(codecs: Sequence[DriveCodec]) -> None:
    replies: dict[int, dict[int | None, DriveCodec]] = {}
    for codec in codecs:
        for other in codecs:
            taken = sorted(arbitration for arbitration in other.ids if codec.takes(arbitration))
            if taken and other is not codec:
                raise ValueError(
                    f"drive {_who(codec)} would take frames of id {taken[0]:#x}, which are those of drive "
                    f"{_who(other)}; give one of them another id, or another bus"
                )
        there = replies.setdefault(codec.reply_id, {})
        same = (
            there.get(codec.told)
            or there.get(None)
            or (next(iter(there.values()), None) if codec.told is None else None)
        )
        if same is not None:
            raise ValueError(
                f"drives {_who(same)} and {_who(codec)} reply on id {codec.reply_id:#x} and nothing in their replies "
                f"tells them apart; give one another id, or another bus"
            )
        there[codec.told] = codec


def _who(codec: DriveCodec) -> str:
    return f"{codec.drive} ({codec.model.title})"
