"""Profiles have the shapes that they are named after, and a wheel finds where it touches them."""

import numpy as np
import pytest

from sim import profiles
from sim.relief import relief
from sim.terrain import Strip, Terrain
from sim.wheel_ground import _Hill

RADIUS = 0.2


def strip(profile, start=(0.0, 0.0), heading=0.0, width=4.0, friction=None):
    along, height = profile
    return Strip("strip", start, heading, float(along[-1]), width, along, height, friction)


# Profiles


def test_a_bump_is_a_cosine():
    along, height = profiles.bump(0.04, 1.0)
    assert height.max() == pytest.approx(0.04)
    assert np.interp((0.0, 0.25, 0.5, 1.0), along, height) == pytest.approx((0.0, 0.02, 0.04, 0.0), abs=1e-6)


def test_a_kerb_goes_straight_up_and_down():
    along, height = profiles.kerb(0.03, 2.0)
    assert np.count_nonzero(np.diff(along) == 0.0) == 2
    assert height[np.flatnonzero(np.diff(along) == 0.0)].tolist() == [0.0, 0.03]


def test_a_ramp_has_the_corners_that_are_asked():
    along, height = profiles.ramp(0.1, 1.0, 2.0, 0.5)
    places = (0.0, 0.5, 1.0, 3.0, 3.25, 3.5)
    assert np.interp(places, along, height) == pytest.approx((0.0, 0.05, 0.1, 0.1, 0.05, 0.0))


@pytest.mark.parametrize("top", [2.0, 0.0, None])
def test_a_slope_rises_by_its_grade_without_a_kink(top):
    along, height = profiles.slope(0.03, 10.0, top, 1.0)
    grade = np.gradient(height, along)
    assert grade.max() == pytest.approx(0.03, rel=1e-3)
    assert height.max() == pytest.approx(0.03 * 9.0, rel=1e-3)
    assert height[-1] == pytest.approx(0.0 if top is not None else 0.27, abs=1e-3)
    # A parabola of 1 m length: the grade changes by 3 % over a metre.
    assert np.abs(np.diff(grade)).max() <= 0.031 * np.diff(along).max() * (2 if top == 0.0 else 1)


@pytest.mark.parametrize(("iso_class", "spectrum"), [("A", 16e-6), ("C", 256e-6)])
def test_a_rough_road_has_the_roughness_of_its_class(iso_class, spectrum):
    """Variance between two wavelengths is the spectrum's integral, G n0² (1/n1 - 1/n2), over many roads."""
    roads = [profiles.rough(spectrum, 40.0, np.random.default_rng(seed), blend=0.01)[1] for seed in range(20)]
    expected = spectrum * 0.01 * (5.0 - 0.05)
    assert np.mean([road.var() for road in roads]) == pytest.approx(expected, rel=0.15), iso_class


def test_a_rough_road_is_that_of_its_seed_and_begins_and_ends_level():
    one, same, other = (profiles.rough(16e-6, 5.0, np.random.default_rng(seed))[1] for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
    assert one[[0, -1]].tolist() == [0.0, 0.0]


# Strips


def test_a_strip_knows_what_is_on_it():
    turned = strip(profiles.bump(0.02, 2.0), start=(1.0, 1.0), heading=0.5 * np.pi, width=2.0)
    assert turned.local(0.0, 2.0) == pytest.approx((1.0, 1.0))
    terrain = Terrain((turned,))
    assert terrain.height(1.0, 2.0) == pytest.approx(0.02)
    assert terrain.height(0.5, 2.0) == pytest.approx(0.02)
    assert terrain.height(-0.5, 2.0) == 0.0
    assert terrain.height(1.0, 0.9) == 0.0


def test_friction_is_that_of_the_strip_and_none_elsewhere():
    terrain = Terrain((Strip("ice", (2.0, 0.0), 0.0, 3.0, 2.0, friction=0.05),))
    assert terrain.friction(3.0, 0.5) == 0.05
    assert terrain.friction(1.9, 0.0) is None
    assert terrain.friction(3.0, 1.5) is None


@pytest.mark.parametrize(
    ("along", "height", "message"),
    [((0, 1, 0.5, 2), (0, 0, 0, 0), "do not decrease"), ((0, 2), (0, 0, 0), "as many heights"),
     ((0, 1), (0, 0), "must go from 0 to its length of 2 m")],
)  # fmt: skip
def test_a_profile_that_is_none_is_refused(along, height, message):
    with pytest.raises(ValueError, match=message):
        Strip("odd", (0.0, 0.0), 0.0, 2.0, 1.0, np.array(along, float), np.array(height, float))


@pytest.mark.parametrize("profile", [profiles.bump(0.05, 1.0), profiles.kerb(0.03, 2.0), profiles.slope(0.1, 5, 2, 1)])
def test_a_relief_follows_its_profile(profile):
    mesh = relief(strip(profile))
    top = mesh.vertices[mesh.vertices[:, 2] >= 0.0]
    outline = top[np.isclose(top[:, 1], 2.0)]
    across = np.linspace(0.0, profile[0][-1], 500)
    # Half a millimetre, but within the width of the sampling a step may be on either side.
    error = np.abs(np.interp(across, outline[:, 0], outline[:, 2]) - np.interp(across, *profile))
    assert np.quantile(error, 0.98) < 6e-4


def test_pieces_of_a_relief_make_the_whole():
    """Steps at its ends included."""
    kerb = strip(profiles.kerb(0.03, 2.0))
    pieces = [relief(kerb, start, start + 0.5) for start in (0.0, 0.5, 1.0, 1.5)]
    assert sum(area(piece) for piece in pieces) == pytest.approx(area(relief(kerb)))
    assert area(relief(kerb)) == pytest.approx(2 * 4 + 2 * 0.03 * 4 + 2 * 2 * 0.08)


def area(mesh):
    a, b, c = (mesh.vertices[mesh.triangles[:, k]] for k in range(3))
    return 0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum()


# Where a wheel touches


def touches(profile, x, z, lean=0.0, heading=0.0):
    axle = (-np.sin(heading) * np.cos(lean), np.cos(heading) * np.cos(lean), -np.sin(lean))
    return _Hill(strip(profile, width=40.0), RADIUS).touches((x, 0.0, z), axle)


def test_on_an_incline_the_plane_is_the_incline():
    grade = 0.1
    along = np.linspace(0.0, 10.0, 1001)
    up = np.array((-grade, 0.0, 1.0)) / np.hypot(1.0, grade)
    hub = np.array((5.0, 0.0, 0.5)) + RADIUS * up
    ((point, normal),), depth = touches((along, grade * along), hub[0], hub[2])
    assert normal == pytest.approx(up, abs=1e-9)
    assert point == pytest.approx((5.0, 0.0, 0.5), abs=1e-9)
    assert depth == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("heading", [0.0, 0.4, np.pi])
def test_a_leaning_wheel_on_level_ground_stands_on_its_lowest_point(heading):
    lean = 0.3
    ((point, normal),), depth = touches(
        (np.linspace(0.0, 10.0, 1001), np.zeros(1001)), 5.0, RADIUS * np.cos(lean), lean, heading
    )
    assert depth == pytest.approx(0.0, abs=1e-9)
    assert normal == pytest.approx((0.0, 0.0, 1.0), abs=1e-9)
    # The left end of the axle is down: the wheel leans to the left and stands on a point to the right of its hub.
    to_left = np.array((-np.sin(heading), np.cos(heading), 0.0))
    assert to_left @ (np.array(point) - (5.0, 0.0, 0.0)) == pytest.approx(-RADIUS * np.sin(lean), abs=1e-9)


def test_at_a_kerb_a_wheel_touches_the_floor_and_the_edge():
    """A wheel that stands on the floor meets an edge of height h at sqrt(2 r h - h²) before it."""
    height = 0.03
    reach = np.sqrt(2 * RADIUS * height - height**2)
    floor, edge = touches(profiles.kerb(height, 4.0), -reach, RADIUS)[0]
    if abs(edge[0][0]) > 1e-9:
        floor, edge = edge, floor
    assert floor[0] == pytest.approx((-reach, 0.0, 0.0), abs=1e-6)
    assert edge[0] == pytest.approx((0.0, 0.0, height), abs=1e-6)
    assert edge[1] == pytest.approx((-reach / RADIUS, 0.0, 1.0 - height / RADIUS), abs=1e-6)


def test_over_a_smooth_bump_a_wheel_touches_once():
    profile = profiles.bump(0.03, 1.0)
    for x in np.linspace(0.0, 1.0, 57):
        found, _ = touches(profile, x, RADIUS + np.interp(x, *profile))
        assert len(found) == 1


def test_a_wheel_that_lies_or_rolls_across_stands_on_the_height_below_it():
    for lean, heading in ((1.4, 0.0), (0.0, 1.5)):
        ((point, normal),), _ = touches(profiles.bump(0.04, 1.0), 0.5, 0.3, lean, heading)
        assert point[2] == pytest.approx(0.04)
        assert normal == (0.0, 0.0, 1.0)
