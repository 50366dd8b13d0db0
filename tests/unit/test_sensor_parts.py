"""The sensor file: what a part must say, and how a part that says it wrongly is refused."""

from math import sqrt

import pytest

from robot.sensor_parts import IDEAL, SensorParts
from scenarios.assembly import SENSORS

TEXT = SENSORS.read_text(encoding="utf-8")


def test_the_committed_file_has_parts_besides_the_ideal_ones():
    parts = SensorParts.parse(TEXT)
    for found in (parts.imus, parts.localizations):
        assert next(iter(found)) == IDEAL
        assert len(found) > 2
        assert all(name == part.name for name, part in found.items())


def test_a_file_without_parts_has_the_ideal_ones():
    parts = SensorParts.parse("")
    assert list(parts.imus) == list(parts.localizations) == [IDEAL]


def test_a_noise_density_is_that_of_the_data_sheet():
    """0.01 deg/s/√Hz at 400 Hz: the band ends at 200 Hz, so a sample has 0.14 deg/s."""
    assert SensorParts.parse(TEXT).imus["mti_300"].gyro.deviation(400.0) == pytest.approx(0.0024684, rel=1e-3)


def test_static_and_wandering_errors_add_up_to_the_dynamic_one():
    part = SensorParts.parse(TEXT).imus["mti_300"]
    assert sqrt(part.level_static**2 + part.level_wander**2) == pytest.approx(part.level_dynamic)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("rate = 400.0", "rate = 0.0", "imu 'mti_300': rate must be a number of at least 0.001, not 0.0"),
        ("delay = 0.002", "delay = -0.1", "imu 'mti_300': delay must be a number of at least 0, not -0.1"),
        ("delay = 0.002\n", "", "imu 'mti_300': delay must be a number of at least 0, not None"),
        ("gyro_range = 7.854", "gyro_range = nan", "gyro_range must be a number"),
        ("gyro_range = 7.854", "gyro_range = true", "gyro_range must be a number"),
        ("gyro_range = 7.854", "gyro_range = 7.854\ngyro_colour = 1", "nobody knows the key 'gyro_colour'"),
        ("level_dynamic = 0.0035", "level_dynamic = 0.001", "at least level_static (0.0025), not 0.001"),
        ('name = "uwb"', 'name = "rtk_gnss"', "localization 'rtk_gnss' is there twice"),
        ('name = "uwb"', 'name = "ideal"', "localization 'ideal' is there twice"),
        ('name = "uwb"\n', "", "[[localization]] number 4 needs a 'name'"),
        ("wander_time = 5.0", "wander_time = 0", "localization 'uwb': wander_time must be a number"),
    ],
)
def test_a_wrong_figure_is_refused_by_name(old, new, complaint):
    assert old in TEXT
    with pytest.raises(ValueError) as refusal:
        SensorParts.parse(TEXT.replace(old, new, 1))
    assert complaint in str(refusal.value)


def test_a_table_where_a_list_belongs_is_refused():
    with pytest.raises(ValueError, match=r"\[\[imu\]\]"):
        SensorParts.parse("[imu]\nname = 'x'")
