"""What is written into the film of a run, and the short one beside it."""

import numpy as np
import pytest
from imageio.v3 import immeta, improps
from imageio_ffmpeg import write_frames

from scenarios.film import SIZE, Curve, CurveStrip, write_gif


@pytest.fixture
def strip():
    time = np.linspace(0.0, 10.0, 5001)
    return CurveStrip(time, [Curve("up", time, (0, 0, 255)), Curve("still", np.ones_like(time), (255, 0, 0))], SIZE)


def bright(picture):
    """Columns of the strip in which the line at the present time is."""
    below = picture[SIZE[1] - 70 : SIZE[1] - 10].min(axis=(0, 2))
    return np.flatnonzero(below > 250)


@pytest.mark.parametrize("time", [-1.0, 0.0, 5.0, 10.0, 11.0])
def test_a_line_goes_along_with_the_time(strip, time):
    frame = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
    picture = strip.write(frame, time)
    (first, *more) = bright(picture)
    assert len(more) <= 2
    share = min(1.0, max(0.0, time / 10.0))
    assert first == pytest.approx(150 + share * (SIZE[0] - 162), abs=3)


def test_what_is_above_the_strip_stays_but_for_the_time(strip):
    frame = np.full((SIZE[1], SIZE[0], 3), 90, dtype=np.uint8)
    picture = strip.write(frame, 1.0)
    np.testing.assert_array_equal(picture[30:440], frame[30:440])
    assert picture.shape == frame.shape
    assert (picture[:30, -80:] != 90).any()


def test_the_curves_are_in_the_strip(strip):
    picture = strip.write(np.zeros((SIZE[1], SIZE[0], 3), dtype=np.uint8), 0.0).astype(int)
    blue = np.argwhere((picture[..., 2] > 200) & (picture[..., 0] < 60))
    left, right = blue[blue[:, 1] < 400], blue[blue[:, 1] > 1000]
    assert left[:, 0].mean() > right[:, 0].mean() + 10  # it goes up, and rows count from above


def test_the_short_film_has_the_first_twelve_seconds_at_most(tmp_path):
    file = tmp_path / "video.mp4"
    writer = write_frames(str(file), (64, 48), fps=30)
    writer.send(None)
    for number in range(30 * 13):
        writer.send(np.full((48, 64, 3), number % 256, dtype=np.uint8))
    writer.close()
    gif = write_gif(file)
    assert gif == tmp_path / "video.gif"
    assert improps(gif, index=None).n_images == pytest.approx(120, abs=2)
    assert immeta(gif, index=0)["duration"] == 100


def test_a_film_that_is_none_is_told(tmp_path):
    file = tmp_path / "video.mp4"
    file.write_bytes(b"no film")
    with pytest.raises(OSError, match=r"cannot be made from video\.mp4"):
        write_gif(file)
