"""The film of a run: from the side and from behind, with its curves, and a short one that moves in any page."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from imageio_ffmpeg import get_ffmpeg_exe
from matplotlib import get_data_path
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scenarios.context import RideContext, RunContext
from scenarios.run_log import RunLog
from scenarios.runner import Progress
from scenarios.video import BEHIND, BESIDE, film

Array = NDArray[np.float64]

SIZE = (1280, 540)
"""Width and height [pixel]."""
_STRIP, _EDGE, _NAMES = 84, 12, 150
"""Height of the strip of curves, its edge, and the width of their names in it [pixel]."""
_POINTS = 600
"""How many points a curve has at most."""
_SHORT, _SHORT_RATE, _SHORT_WIDTH = 12.0, 10, 640
"""Length [s], rate [frames/s] and width [pixel] of the GIF."""
FONT = str(Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")


@dataclass(frozen=True, slots=True)
class Curve:
    """A quantity over the run: name with its unit, values shape (T,), and red, green, blue."""

    name: str
    values: Array
    colour: tuple[int, int, int]


def film_run(file: Path, log: RunLog, context: RunContext, progress: Progress, *, processes: int = 1) -> None:
    """Write an MP4 in real time, and beside it a GIF of the first 12 s at most.

    Args:
        file: Where to; the GIF has its name.
        log: The run.
        context: Its course or ground, and joints.
        progress: Told how much of the ride is filmed.
        processes: How many processes draw.

    Raises:
        OSError: A file cannot be written.
    """
    strip = CurveStrip(log["time"], curves_of(log, context), SIZE)
    film(file, log, context, progress, processes=processes, size=SIZE, label=strip.write, views=(BESIDE, BEHIND))
    write_gif(file)


def curves_of(log: RunLog, context: RunContext) -> list[Curve]:
    """What is plotted: speed and roll of a ride; height and speed of the pelvis of a body on its feet."""
    if isinstance(context, RideContext):
        first, second = ("speed [m/s]", log["truth_speed"]), ("roll [rad]", log["truth_roll"])
    else:
        pace = np.hypot(log["truth_robot_velocity"][:, 0], log["truth_robot_velocity"][:, 1])
        first, second = ("pelvis height [m]", log["truth_robot_position"][:, 2]), ("its speed [m/s]", pace)
    return [Curve(*first, (120, 190, 255)), Curve(*second, (255, 170, 90))]


class CurveStrip:
    """Writes a strip of curves over the whole run into pictures, with a line at their time."""

    def __init__(self, time: Array, curves: Sequence[Curve], size: tuple[int, int]) -> None:
        """Draw the curves once.

        Args:
            time: Of the log's rows, shape (T,) [s].
            curves: What to plot.
            size: Width and height of the pictures [pixel].
        """
        self._size, self._font = size, ImageFont.truetype(FONT, 13)
        self._begin, self._end = float(time[0]), max(float(time[-1]), float(time[0]) + 1e-9)
        self._strip = Image.new("RGBA", (size[0], _STRIP), (0, 0, 0, 150))
        draw = ImageDraw.Draw(self._strip)
        rows = np.linspace(0, len(time) - 1, min(len(time), _POINTS)).astype(np.intp)
        x = [self._at(float(moment)) for moment in time[rows]]
        each = (_STRIP - 2 * 6) / len(curves)
        for number, curve in enumerate(curves):
            top = 6 + number * each
            values = curve.values[rows]
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            share = (values - low) / max(high - low, 1e-9)
            y = top + (1.0 - np.nan_to_num(share)) * (each - 6)
            draw.line(list(zip(x, y.tolist(), strict=True)), fill=(*curve.colour, 255), width=2)
            draw.text((_EDGE, top), curve.name, font=self._font, fill=curve.colour)
            draw.text((_EDGE, top + 16), f"{low:.2f} to {high:.2f}", font=self._font, fill=(220, 220, 220))

    def write(self, frame: NDArray[np.uint8], time: float) -> NDArray[np.uint8]:
        """The picture of a time of the run [s] with the strip below."""
        picture = Image.fromarray(frame).convert("RGBA")
        top = self._size[1] - _STRIP
        picture.alpha_composite(self._strip, (0, top))
        draw = ImageDraw.Draw(picture)
        at = self._at(time)
        draw.line(((at, top + 4), (at, self._size[1] - 4)), fill=(255, 255, 255), width=2)
        draw.text((self._size[0] - _EDGE, 8), f"{time:.1f} s", font=self._font, fill=(40, 40, 40), anchor="ra")
        return np.asarray(picture.convert("RGB"))

    def _at(self, time: float) -> float:
        share = (time - self._begin) / (self._end - self._begin)
        return _NAMES + min(1.0, max(0.0, share)) * (self._size[0] - _NAMES - _EDGE)


def write_gif(film: Path) -> Path:
    """Make a GIF of the first 12 s of a film, with its name; returns the file.

    Raises:
        OSError: It cannot be written.
    """
    file = film.with_suffix(".gif")
    colours = "split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=bayer"
    chain = f"fps={_SHORT_RATE},scale={_SHORT_WIDTH}:-1:flags=area,{colours}"
    made = subprocess.run(
        [get_ffmpeg_exe(), "-y", "-loglevel", "error", "-t", f"{_SHORT:g}", "-i", film, "-vf", chain, file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode != 0:
        raise OSError(0, f"cannot be made from {film.name}: {made.stderr.strip()}", str(file))
    return file
