"""Are a drive's own settings those of the dialect file? Asked when a drive is connected, before it is enabled."""

from __future__ import annotations

from robot.drivers.codec import DriveCodec
from robot.drivers.frame import CanFrame
from robot.drivers.reply import FrameError


class SettingsCheck:
    """The questions for a drive's settings, one after another, and what came of them.

    It does not wait: send `question()`, give `take` the frames that arrive, and ask anew when a question was lost.
    """

    def __init__(self, codec: DriveCodec) -> None:
        """Check the drive at the other end of a codec; one that cannot be asked has nothing to check."""
        self.codec = codec
        """Of the drive."""
        self._open = list(codec.settings) if codec.readable else []
        self.found: dict[str, float] = {}
        """What the drive said, in SI units."""

    @property
    def questions(self) -> tuple[str, ...]:
        """The settings that have no answer yet."""
        return tuple(self._open)

    @property
    def done(self) -> bool:
        """Whether every question has its answer."""
        return not self._open

    def question(self) -> tuple[CanFrame, ...]:
        """The frames of the first question that has no answer yet; none when all have."""
        return self.codec.ask(self._open[0]) if self._open else ()

    def take(self, frame: CanFrame) -> bool:
        """Look at a frame that arrived, and say whether it was the answer to the present question."""
        if not self._open:
            return False
        value = self.codec.answer(self._open[0], frame)
        if value is None or isinstance(value, FrameError):
            return False
        self.found[self._open.pop(0)] = value
        return True

    def doubt(self) -> bool:
        """Open the questions again whose answers are not as the dialect file says, and say whether there are any."""
        doubtful = [name for name, value in self.found.items() if not self._fits(name, value)]
        for name in doubtful:
            del self.found[name]
        self._open += doubtful
        return bool(doubtful)

    def complaints(self) -> list[str]:
        """One line for each setting that is not as the dialect file says, or that the drive did not tell."""
        who = f"drive {self.codec.drive} ({self.codec.model.title})"
        settings = self.codec.settings
        lines = [f"{who} does not tell its {_words(name)} ({settings[name].place})" for name in self._open]
        for name, value in self.found.items():
            setting = settings[name]
            if not self._fits(name, value):
                unit = f" {setting.unit}" if setting.unit else ""
                lines.append(
                    f"{who}: its {_words(name)} is {value:.6g}{unit} in the drive ({setting.place}), and "
                    f"{setting.expected:.6g}{unit} in the dialect file; set the drive, or name its firmware"
                )
        return lines

    def _fits(self, name: str, value: float) -> bool:
        setting = self.codec.settings[name]
        return abs(value - setting.expected) <= setting.tolerance

    def require(self) -> None:
        """Refuse a drive that is not set as the dialect file says.

        Raises:
            ValueError: It is not; the message is the first complaint.
        """
        lines = self.complaints()
        if lines:
            raise ValueError(lines[0] + (f" (and {len(lines) - 1} more)" if len(lines) > 1 else ""))


def _words(name: str) -> str:
    """``velocity`` is a range where it stands by itself."""
    number, _, end = name.partition("_")
    ranges = ("position", "velocity", "torque", "stiffness", "damping")
    if number in ranges:
        return f"{number} range" if not end else f"{end} end of the {number} range"
    return name.replace("_", " ")
