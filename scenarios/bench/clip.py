"""A few seconds of film that show what went wrong in a ride, with a caption in the picture."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from scenarios.context import Array, RideContext
from scenarios.film import FONT
from scenarios.metrics_course import path_error
from scenarios.metrics_foot_stand import com_off
from scenarios.runner import Ridden
from scenarios.video import film

SIZE = (640, 360)
"""Width and height [pixel]."""
LONGEST = 8.0
"""Of a clip [s]."""
_AFTER = 3.0
"""How long it goes on after the moment that it shows [s]."""
_EDGE, _LINE = 8, 18  # [pixel]


def span_of(ridden: Ridden, metric: str | None) -> tuple[float, float]:
    """From when to when to film a ride [s].

    A ride that did not come to its end is filmed to where it stopped; another one around its greatest distance from
    the course where the metric is one of the path, and around its greatest roll elsewhere. A run on foot is filmed
    around where its centre of mass is farthest from its feet.

    Args:
        ridden: The ride.
        metric: Name of the metric that is worst, if one is.
    """
    time = ridden.log["time"]
    first, last = float(time[0]), float(time[-1])
    end = last
    if ridden.end == "completed":
        end = min(float(time[np.nanargmax(np.abs(_told(ridden, metric)))]) + _AFTER, last)
    begin = max(end - LONGEST, first)
    return begin, min(begin + LONGEST, last)


def _told(ridden: Ridden, metric: str | None) -> Array:
    """What shows by its size where to look, shape (T,)."""
    context = ridden.context
    if not isinstance(context, RideContext):
        return com_off(ridden.log)
    return path_error(ridden.log, context) if metric and metric.startswith("path") else ridden.log["truth_roll"]


def film_clip(file: Path, ridden: Ridden, span: tuple[float, float], caption: tuple[str, ...]) -> None:
    """Film a part of a ride.

    Args:
        file: Where to, an MP4.
        ridden: The ride.
        span: From when to when [s].
        caption: Lines to write into the picture.

    Raises:
        OSError: The file cannot be written.
    """
    title, text = ImageFont.truetype(FONT, 14), ImageFont.truetype(FONT, 11)

    def label(frame: NDArray[np.uint8], time: float) -> NDArray[np.uint8]:
        picture = Image.fromarray(frame)
        draw = ImageDraw.Draw(picture, "RGBA")
        draw.rectangle((0, 0, SIZE[0], 9 + _LINE * len(caption)), fill=(0, 0, 0, 150))
        draw.text((_EDGE, 4), caption[0], font=title, fill="white")
        draw.text((SIZE[0] - _EDGE, 4), f"{time:.1f} s", font=title, fill="white", anchor="ra")
        for line, words in enumerate(caption[1:], start=1):
            draw.text((_EDGE, 6 + _LINE * line), words, font=text, fill=(255, 205, 190))
        return np.asarray(picture)

    film(file, ridden.log, ridden.context, lambda *_: None, span=span, size=SIZE, label=label)
