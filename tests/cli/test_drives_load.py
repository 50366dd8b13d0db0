"""``draisine drives load``: how full the buses are."""

import pytest

from robot.drivers.frame_time import BitRates, duration
from scenarios.drives.asked import Asked
from scenarios.drives.load import loads, table
from scenarios.errors import BadInput


def test_every_bus_of_the_robot_keeps_up():
    rows = loads(Asked())
    assert [row.bus.name for row in rows] == ["left_leg", "right_leg", "left_arm", "right_arm"]
    assert sum(row.drives for row in rows) == 33  # 31 joints and two grips
    for row in rows:
        assert 0.0 < row.mean < row.worst < 1.0
        assert 0.0 < row.command < row.reply < 0.002


def test_the_load_is_that_of_the_frames_by_hand():
    """Ten commands and ten replies of eight bytes every 2 ms."""
    from robot.drivers import CanFrame

    (row,) = loads(Asked(bus="left_arm"))
    frame = duration(CanFrame(1, bytes(8), False, True), BitRates(1_000_000, 5_000_000))
    assert row.worst == pytest.approx(2 * row.drives * frame / 0.002)


def test_a_bus_that_is_too_slow_gets_ever_later():
    (row,) = loads(Asked(bus="left_arm", data_bitrate=1_000_000))
    assert row.worst > 1.0
    assert "ever later" in table([row])


def test_a_longer_period_loads_a_bus_less():
    (fast,), (slow,) = (loads(Asked(bus="left_arm"), period) for period in (0.002, 0.004))
    assert slow.worst == pytest.approx(0.5 * fast.worst)


def test_an_unknown_bus_is_refused():
    with pytest.raises(BadInput, match="there is no bus 'tail'"):
        loads(Asked(bus="tail"))
