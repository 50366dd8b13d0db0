"""How long frames are on a bus."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.drivers import CanFrame
from robot.drivers.frame_time import BitRates, bits_of, duration
from tests.unit.can_bits import classic


@pytest.mark.parametrize(
    ("size", "extended", "bits"), [(0, False, 55), (8, False, 135), (1, False, 65), (0, True, 80), (8, True, 160)]
)
def test_the_worst_classic_frames_are_those_of_the_literature(size, extended, bits):
    """Davis et al. (2007): 55 + 10 n bits with a standard id, 80 + 10 n with an extended one."""
    assert bits_of(CanFrame(1, bytes(size), extended)) == (bits, 0)


@given(st.integers(0, 0x7FF), st.binary(max_size=8))
def test_no_classic_frame_is_longer_than_the_worst(arbitration, data):
    assert classic(arbitration, data) <= bits_of(CanFrame(arbitration, data)).slow


@given(st.integers(0, 0x1FFFFFFF), st.binary(max_size=8))
def test_no_extended_frame_is_longer_than_the_worst(arbitration, data):
    assert classic(arbitration, data, extended=True) <= bits_of(CanFrame(arbitration, data, True)).slow


def test_the_mean_is_that_of_random_frames():
    rng = np.random.default_rng(0)
    lengths = [classic(int(rng.integers(0x800)), rng.bytes(8)) for _ in range(3000)]
    assert np.mean(lengths) == pytest.approx(bits_of(CanFrame(1, bytes(8)), worst=False).slow, abs=0.5)


@pytest.mark.parametrize(
    ("size", "slow", "fast"),
    [
        # 17 to the change of the rate, 4 stuff bits, 1 + 2 + 7 at the end, 3 of space; then 5 + 8 n with 4 stuff bits
        # less than (22 + 8 n - 1) // 4, 4 of the count, 17 or 21 of the CRC, 6 or 7 fixed stuff bits
        (8, 34, 5 + 64 + 17 + 4 + 17 + 6),
        (16, 34, 5 + 128 + 33 + 4 + 17 + 6),
        (64, 34, 5 + 512 + 129 + 4 + 21 + 7),
    ],
)
def test_fd_frames_have_the_fields_of_the_standard(size, slow, fast):
    assert bits_of(CanFrame(1, bytes(size), False, True)) == (slow, fast)


def test_an_fd_payload_of_nine_bytes_takes_a_frame_of_twelve():
    assert bits_of(CanFrame(1, bytes(9), False, True)) == bits_of(CanFrame(1, bytes(12), False, True))


@given(st.binary(max_size=64), st.booleans(), st.booleans())
def test_the_mean_is_shorter_than_the_worst_and_slower_buses_take_longer(data, extended, fd):
    frame = CanFrame(5, data if fd else data[:8], extended, fd)
    fast, slow = BitRates(1_000_000, 5_000_000), BitRates(500_000, 1_000_000)
    assert 0.0 < duration(frame, fast, worst=False) < duration(frame, fast) < duration(frame, slow)
