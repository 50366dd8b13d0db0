"""The 25 parameters: what is a bicycle and what is none, the way to the generator's parameters and back, and files."""

from math import pi

import numpy as np
import pinocchio as pin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from scenarios.errors import BadInput
from scenarios.physics.bicycles import load_bicycle, parse_speeds
from urdf.bicycle import build
from urdf.bicycle_parameters import BARE_JOINTS, BicycleParameters
from urdf.whipple_file import load_whipple, parse
from urdf.whipple_parameters import BENCHMARK, WhippleParameters

VALUES = load_whipple().model_dump()


def test_the_benchmark_file_is_table_1_of_the_paper():
    published = [
        1.02, 0.08, pi / 10, 0.3, 2.0, 0.0603, 0.12, 0.3, -0.9, 85.0, 9.2, 11.0, 2.8, 2.4, 0.9, -0.7, 4.0, 0.05892,
        0.06, 0.00708, -0.00756, 0.35, 3.0, 0.1405, 0.28, 9.81,
    ]  # fmt: skip
    assert list(VALUES.values()) == pytest.approx(published, rel=1e-15)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("mB", -85.0, "mB: -85.0 is wrong: input should be greater than 0"),
        ("w", float("nan"), "w: nan is wrong: input should be a finite number"),
        ("zB", 0.9, "zB: 0.9 m is not above the ground, for z points down; write -0.9?"),
        ("lam", 18.0, "lam: 18 rad is no tilt from the vertical; write radians"),
        ("IRyy", 0.13, "IRyy: 0.13 kg·m² is more than twice IRxx = 0.0603 kg·m², as no wheel has it"),
        ("IBxz", 6.0, "IBxz: 6 kg·m² must be less than the root of IBxx times IBzz, 5.075 kg·m², in size"),
        ("IByy", 12.5, "is more than the sum of the others, 12 kg·m², as no body has it; IByy has no part in lean"),
        ("IHxx", 0.08, "IHxx, IHyy, IHzz, IHxz: the greatest principal moment of inertia, 0.08078 kg·m²"),
    ],
)
def test_what_is_no_bicycle_is_refused_in_one_line(tmp_path, key, value, message):
    file = tmp_path / "mine.toml"
    file.write_text("".join(f"{name} = {number}\n" for name, number in (VALUES | {key: value}).items()))
    with pytest.raises(BadInput) as refusal:
        load_bicycle(str(file))
    assert message in str(refusal.value)
    assert str(refusal.value).startswith(str(file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("w = 1.02\nc: 0.08\n", "line 2: 'c: 0.08' is wrong; write name = value, such as w = 1.02"),
        ("w = 1.02\nw = 1.03\n", "line 2: w is given a second time"),
        ("w = wide\n", "line 1: w = 'wide' is not a number"),
        ("[bicycle]\nw = 1.02\n", "line 1: '[bicycle]' is wrong"),
        ("w =\n", "line 1: w = '' is not a number"),
    ],
)
def test_a_line_that_says_nothing_is_refused_by_its_number(text, message):
    with pytest.raises(ValueError) as refusal:
        parse(text)
    assert message in str(refusal.value)


def test_uncertainties_comments_and_the_parts_of_the_front_frame_are_left_out():
    text = "# measured\nw = 1.121+/-0.002  # tape\n\n c=0.0686\nmG = 3.6+/-0.01\nISxz = -0.0351\n"
    assert parse(text) == {"w": 1.121, "c": 0.0686}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("IBxz", "IBxy"), "IBxy: is no parameter of the Whipple model; did you mean 'IByy'"),
        (("rR = 0.3\n", ""), "rR: is missing"),
    ],
)
def test_a_missing_or_unknown_name_is_refused(tmp_path, change, message):
    file = tmp_path / "mine.txt"
    file.write_text(BENCHMARK.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        load_bicycle(str(file))


def test_a_name_that_is_not_known_is_refused():
    with pytest.raises(BadInput, match=r"there is no bicycle 'benchmrak' .*did you mean 'benchmark'"):
        load_bicycle("benchmrak")


def test_a_wheel_whose_mass_is_all_in_its_rim_is_a_wheel():
    assert WhippleParameters(**VALUES | {"IRxx": 0.07, "IRyy": 0.14}).IRyy == 0.14


# The way to the generator and back


@given(
    w=st.floats(0.5, 2.0), c=st.floats(-0.2, 0.3), lam=st.floats(-0.5, 1.2), radius=st.floats(0.05, 0.5),
    z=st.floats(-2.0, -0.1), product=st.floats(-2.0, 2.0),
)  # fmt: skip
def test_there_and_back_nothing_is_lost(w, c, lam, radius, z, product):
    p = WhippleParameters(**VALUES | {"w": w, "c": c, "lam": lam, "rF": radius, "zB": z, "IBxz": product, "IByy": 8.0})
    assert WhippleParameters.of(p.bicycle()) == p
    assert p.bicycle().mass == pytest.approx(p.mass)


def test_a_bicycle_of_more_bodies_is_not_cut_down_in_silence():
    with pytest.raises(ValueError, match=r"join these to frame or fork: \['crank', 'lever', 'pedal', 'side_stand'\]"):
        WhippleParameters.of(BicycleParameters.load())


@pytest.fixture(scope="module")
def model():
    return pin.buildModelFromXML(build(load_whipple().bicycle()), pin.JointModelFreeFlyer())


def test_a_bare_bicycle_is_generated_with_its_three_joints(model):
    assert tuple(model.names)[2:] == BARE_JOINTS


def test_the_generated_bicycle_has_the_inertia_of_the_parameters(model):
    """Second moments about the rear contact are those of the paper's equations A 3 to A 5."""
    p, data = load_whipple(), model.createData()
    q = pin.neutral(model)
    pin.ccrba(model, data, q, np.zeros(model.nv))
    com, total = data.com[0], data.Ig.inertia
    m = p.mass
    assert data.Ig.mass == pytest.approx(m)
    about = total + m * (np.dot(com, com) * np.eye(3) - np.outer(com, com))
    i_txx = p.IRxx + p.IBxx + p.IHxx + p.IFxx + p.mR * p.rR**2 + p.mB * p.zB**2 + p.mH * p.zH**2 + p.mF * p.rF**2
    i_txz = p.IBxz + p.IHxz - p.mB * p.xB * p.zB - p.mH * p.xH * p.zH + p.mF * p.w * p.rF
    i_tzz = p.IRxx + p.IBzz + p.IHzz + p.IFxx + p.mB * p.xB**2 + p.mH * p.xH**2 + p.mF * p.w**2
    assert about[0, 0] == pytest.approx(i_txx)
    assert about[0, 2] == pytest.approx(-i_txz)  # z is up here
    assert about[2, 2] == pytest.approx(i_tzz)


def test_wheels_of_two_sizes_stand_on_the_ground(model):
    data = model.createData()
    pin.framesForwardKinematics(model, data, pin.neutral(model))
    for name, radius in (("rear_wheel", 0.3), ("front_wheel", 0.35)):
        assert data.oMf[model.getFrameId(name)].translation[2] == pytest.approx(radius)


def test_nothing_of_it_touches_but_the_wheels():
    text = build(load_whipple().bicycle())
    assert text.count("<collision>") == 2
    assert text.count('length="0.002"') == 2


def test_validation_errors_are_pydantic_ones_for_callers_in_code():
    with pytest.raises(ValidationError, match="zH"):
        WhippleParameters(**VALUES | {"zH": 0.7})


@pytest.mark.parametrize("text", ["fast", "0,5", "-3", "5,nan", "31", "5,", ""])
def test_what_is_no_speed_is_refused(text):
    with pytest.raises(BadInput, match=r"write speeds above 0 and up to 30 m/s, such as 3.5,4,5"):
        parse_speeds(text)


def test_speeds_are_put_in_order():
    assert parse_speeds("5, 3.5,5") == (3.5, 5.0)
