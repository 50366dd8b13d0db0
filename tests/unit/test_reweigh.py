"""A body that is scaled, shifted and loaded: its masses by Pinocchio, against sums by hand."""

import numpy as np
import pinocchio as pin
import pytest

from urdf.description import read
from urdf.guard import require_sound
from urdf.reweigh import Lump, reweighed

BACKPACK = Lump(5.0, (-0.15, 0.02, 0.2), 0.12)


def inertias(urdf):
    """Mass, centre of mass and inertia of every link."""
    described, faults = read(urdf)
    assert not faults
    assert described is not None
    return {link.name: link.inertial for link in described.links if link.mass > 0.0}


def whole(urdf):
    """The body in its zero pose as one inertia about the pelvis."""
    model = pin.buildModelFromXML(urdf, pin.JointModelFreeFlyer())
    data = model.createData()
    pin.ccrba(model, data, pin.neutral(model), np.zeros(model.nv))
    return pin.computeTotalMass(model), pin.centerOfMass(model, data, pin.neutral(model)).copy(), data.Ig.inertia.copy()


def test_no_change_is_no_change(robot_urdf):
    before, after = inertias(robot_urdf), inertias(reweighed(robot_urdf, 1.0, {}, {}))
    assert before.keys() == after.keys()
    for name, inertial in before.items():
        assert after[name].mass == inertial.mass
        np.testing.assert_array_equal(after[name].com, inertial.com)
        np.testing.assert_allclose(after[name].inertia, inertial.inertia, rtol=0, atol=1e-17)


def test_a_factor_scales_masses_and_inertias_and_moves_nothing(robot_urdf):
    (mass, com, inertia), (scaled_mass, scaled_com, scaled_inertia) = (
        whole(robot_urdf),
        whole(reweighed(robot_urdf, 1.2, {}, {})),
    )
    assert scaled_mass == pytest.approx(1.2 * mass)
    np.testing.assert_allclose(scaled_com, com, atol=1e-12)
    np.testing.assert_allclose(scaled_inertia, 1.2 * inertia, atol=1e-9)


def test_a_load_adds_its_mass_where_it_is(robot_urdf):
    torso, loaded = (
        inertias(urdf)["torso_link"] for urdf in (robot_urdf, reweighed(robot_urdf, 1.0, {}, {"torso_link": BACKPACK}))
    )
    ball = pin.Inertia.FromSphere(BACKPACK.mass, BACKPACK.radius)
    at = pin.SE3(np.eye(3), np.array(BACKPACK.at))
    wanted = pin.Inertia(torso.mass, torso.com, torso.inertia) + at.act(ball)
    assert loaded.mass == pytest.approx(wanted.mass)
    np.testing.assert_allclose(loaded.com, wanted.lever, atol=1e-14)
    np.testing.assert_allclose(loaded.inertia, wanted.inertia, atol=1e-14)


def test_other_links_do_not_feel_a_load(robot_urdf):
    before, after = inertias(robot_urdf), inertias(reweighed(robot_urdf, 1.0, {}, {"torso_link": BACKPACK}))
    assert all(after[name].mass == inertial.mass for name, inertial in before.items() if name != "torso_link")


def test_a_load_keeps_its_own_mass_when_the_body_is_scaled(robot_urdf):
    light, heavy = (whole(reweighed(robot_urdf, scale, {}, {"torso_link": BACKPACK}))[0] for scale in (1.0, 1.1))
    assert heavy - light == pytest.approx(0.1 * whole(robot_urdf)[0])


def test_a_shift_moves_the_centre_of_mass_of_one_link(robot_urdf):
    before, after = (
        inertias(urdf)["torso_link"]
        for urdf in (robot_urdf, reweighed(robot_urdf, 1.0, {"torso_link": (0.01, 0.0, -0.02)}, {}))
    )
    np.testing.assert_allclose(after.com - before.com, (0.01, 0.0, -0.02), atol=1e-15)
    np.testing.assert_allclose(after.inertia, before.inertia, atol=1e-17)


def test_what_comes_out_is_sound_and_has_the_same_joints(robot_urdf):
    text = reweighed(robot_urdf, 0.8, {"torso_link": (0.0, 0.01, 0.0)}, {"pelvis": BACKPACK})
    require_sound(text, "the changed body")
    before, after = read(robot_urdf)[0], read(text)[0]
    assert before is not None
    assert after is not None
    assert [joint.name for joint in after.joints] == [joint.name for joint in before.joints]


@pytest.mark.parametrize("name", ["head_link", "seat"])
def test_a_link_that_cannot_be_loaded_is_named(robot_urdf, name):
    with pytest.raises(ValueError, match=f"no link '{name}' with a mass; there is pelvis, "):
        reweighed(robot_urdf, 1.0, {}, {name: BACKPACK})
