"""Quantities read what people write, and refuse the rest in words."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenarios.dimension import ANGLE, DENSITY, DIMENSIONS, DURATION, FORCE, IMPULSE, LENGTH, MASS, RATIO, SPEED
from scenarios.quantity import Quantity


@pytest.mark.parametrize(
    ("dimension", "written", "value"),
    [
        (LENGTH, 5, 5.0),
        (LENGTH, 0.25, 0.25),
        (LENGTH, "5 m", 5.0),
        (LENGTH, "80 cm", 0.8),
        (LENGTH, "80cm", 0.8),
        (LENGTH, " -3 mm ", -0.003),
        (LENGTH, "1.5e-1 km", 150.0),
        (SPEED, "9 km/h", 2.5),
        (SPEED, "2.5 m/s", 2.5),
        (DURATION, "200 ms", 0.2),
        (DURATION, "30 µs", 3e-5),
        (DURATION, "2 min", 120.0),
        (ANGLE, "30 deg", math.pi / 6),
        (ANGLE, "180°", math.pi),
        (IMPULSE, "20 N·s", 20.0),
        (IMPULSE, "20 N⋅s", 20.0),
        (IMPULSE, "20 N*s", 20.0),
        (IMPULSE, "20 N s", 20.0),
        (IMPULSE, "20 Ns", 20.0),
        (FORCE, "1.5 kN", 1500.0),
        (MASS, "500 g", 0.5),
        (DENSITY, "1.2 kg/m³", 1.2),
        (DENSITY, "1.2 kg/m^3", 1.2),
        (RATIO, 0.8, 0.8),
        (RATIO, "80 %", 0.8),
    ],
)
def test_reads_numbers_and_units(dimension, written, value):
    assert Quantity(dimension).parse(written) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("5 kg", "is a mass"),
        ("5 N s", "is an impulse"),
        ("5 furlong", "unknown unit 'furlong'"),
        ("5 M", "unknown unit 'M'"),
        ("5", "has no unit"),
        ("five m", "is not a number with a unit"),
        ("", "is not a number with a unit"),
        (float("nan"), "is not a finite number"),
        ("nan m", "is not a finite number"),
        (float("inf"), "is not a finite number"),
        ("-inf m", "is not a finite number"),
        (10**400, "is not a finite number"),
        (True, "is not a number"),
        ([5], "is not a number"),
        (None, "is not a number"),
    ],
)
def test_refuses_the_rest_and_says_what_would_be_right(written, problem):
    with pytest.raises(ValueError) as caught:
        Quantity(LENGTH).parse(written)
    message = str(caught.value)
    assert problem in message
    assert repr(written) in message
    assert message.endswith('write a length: a number in m, or a string such as "5 m"')


@pytest.mark.parametrize(
    ("sign", "written", "fine"),
    [
        ("positive", "1 cm", True),
        ("positive", 0, False),
        ("positive", "-1 cm", False),
        ("not negative", 0, True),
        ("not negative", "-1 cm", False),
        ("any", "-1 cm", True),
    ],
)
def test_holds_the_sign(sign, written, fine):
    quantity = Quantity(LENGTH, sign)
    if fine:
        quantity.parse(written)
    else:
        with pytest.raises(ValueError, match=r"must (be positive|not be negative); write a length"):
            quantity.parse(written)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(DIMENSIONS))
def test_a_number_with_a_unit_is_the_number_times_the_unit(number, dimension):
    for unit, size in dimension.units.items():
        assert Quantity(dimension).parse(f"{number!r} {unit}") == number * size


def test_every_example_is_right_and_no_unit_is_ambiguous():
    for dimension in DIMENSIONS:
        assert Quantity(dimension, "positive").parse(dimension.example) > 0
    units = [unit for dimension in DIMENSIONS for unit in dimension.units]
    assert len(units) == len(set(units))
