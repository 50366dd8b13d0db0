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
        drive: Which drive, in the order of the codecs.
        reply: Its state, or why the frame was not accepted.
    """

    drive: int
    reply: DriveReply | FrameError


class Roster:
    """The codecs of the drives on one bus."""

    def __init__(self, codecs: Sequence[DriveCodec]) -> None:
        """Set up a bus.

        Raises:
            ValueError: Two drives have one id, one replies where another is commanded, or replies of two cannot be told
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
        for index in self._by_id.get(frame.id, ()):
            reply = self.codecs[index].reply(frame)
            if reply is not None:
                return Identified(index, reply)
        return None


def _check(codecs: Sequence[DriveCodec]) -> None:
    commanded: dict[int, DriveCodec] = {}
    for codec in codecs:
        if codec.drive in commanded:
            raise ValueError(f"drives {_who(commanded[codec.drive])} and {_who(codec)} have one id on one bus")
        commanded[codec.drive] = codec
    replies: dict[tuple[int, int | None], DriveCodec] = {}
    for codec in codecs:
        other = commanded.get(codec.reply_id)
        if other is not None and other is not codec:
            raise ValueError(
                f"drive {_who(codec)} replies on id {codec.reply_id:#x}, which is that of drive {_who(other)}; "
                f"its replies would be commands there"
            )
        for told, first in ((key[1], value) for key, value in replies.items() if key[0] == codec.reply_id):
            if told == codec.told or told is None or codec.told is None:
                raise ValueError(
                    f"drives {_who(first)} and {_who(codec)} reply on id {codec.reply_id:#x} and nothing in their "
                    f"replies tells them apart; give one another id"
                )
        replies[codec.reply_id, codec.told] = codec


def _who(codec: DriveCodec) -> str:
    return f"{codec.drive} ({codec.model.title})"
