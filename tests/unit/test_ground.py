"""Grounds to stand and walk on: how high they are, and that a seed makes them."""

from math import atan, radians, tan

import numpy as np
import pytest

from controllers.balance.goal import Goal
from scenarios.foot_ground import build_ground
from scenarios.ground_schema import Level, Slope, Uneven
from sim.ground import Ground, uneven
from sim.ground_mesh import ground_meshes
from sim.pose import rotate

WAY = np.array([[0.0, 0.0], [1.0, 0.0]])


def blocks(reach=3.0, seed=1, height=0.02, side=0.3, level_start=0.5):
    return uneven(height, side, level_start, reach, np.random.default_rng(seed))


def test_a_slope_climbs_where_it_is_told_to():
    slope = Ground(angle=radians(10), toward=radians(90))
    assert slope.height(5.0, 2.0) == pytest.approx(2.0 * tan(radians(10)))
    assert slope.height(0.0, 0.0) == 0.0
    np.testing.assert_allclose(rotate(slope.orientation, (0.0, 0.0, 1.0)), slope.normal, atol=1e-12)


@pytest.mark.parametrize("toward", [0.0, 1.0, -2.5])
def test_normal_and_height_of_a_slope_belong_together(toward):
    slope = Ground(angle=0.2, toward=toward)
    nx, ny, nz = slope.normal
    x, y = 0.7, -0.4
    assert nx * x + ny * y + nz * slope.height(x, y) == pytest.approx(0.0, abs=1e-12)
    assert atan(slope.height(np.cos(toward), np.sin(toward))) == pytest.approx(0.2)


def test_blocks_are_uneven_but_at_the_start_and_end_in_a_plane():
    ground = blocks()
    assert ground.blocks is not None
    assert ground.height(0.5, -0.5) == ground.height(0.0, 0.0) == 0.0
    heights = ground.blocks.top[ground.blocks.top != 0.0]
    assert -0.02 <= heights.min() < -0.018 < 0.018 < heights.max() <= 0.02
    assert ground.height(50.0, 0.0) == -0.02
    assert ground.height(1.5, 0.6) == ground.height(1.6, 0.5) != ground.height(1.7, 0.5)


def test_what_lies_near_does_not_depend_on_how_far_the_blocks_go():
    near, far = blocks(reach=2.0), blocks(reach=6.0)
    assert [near.height(x, 1.2) for x in (-1.5, 0.9, 1.5)] == [far.height(x, 1.2) for x in (-1.5, 0.9, 1.5)]
    assert near.height(1.5, 0.0) != blocks(reach=2.0, seed=2).height(1.5, 0.0)


def test_goals_lead_as_far_as_the_blocks_go():
    goals = (Goal(10.0, walk=(0.6, 0.0, 0.0)), Goal(None, walk_to=(2.0, -7.0, 0.0)))
    ground = build_ground(Uneven(kind="uneven", height=0.02), goals, seed=0)
    assert ground.blocks is not None
    assert 9.9 <= 0.3 * (ground.blocks.top.shape[0] // 2) < 10.5
    assert build_ground(Level(kind="level"), goals, seed=0).height(3.0, 0.0) == 0.0
    assert build_ground(Slope(kind="slope", angle=0.1), goals, seed=0).angle == 0.1


def test_blocks_that_are_too_many_are_refused():
    goals = (Goal(100.0, walk=(1.0, 0.0, 0.0)),)
    with pytest.raises(ValueError, match=r"the goals lead 100 m away, over \d+ blocks of 0.3 m; at most 40000"):
        build_ground(Uneven(kind="uneven", height=0.02), goals, seed=0)


@pytest.mark.parametrize("ground", [Ground(angle=0.1, toward=0.5), blocks()])
def test_its_picture_is_as_high_as_it_is(ground):
    seen = 0
    for mesh, shade in ground_meshes(ground, WAY, reach=1.0):
        assert 0 <= shade < 3
        upper = mesh.triangles[mesh.normals[mesh.triangles[:, 0], 2] > 0.5]
        for x, y, z in mesh.vertices[upper].mean(axis=1):
            assert z == pytest.approx(ground.height(x, y), abs=1e-9)
            seen += 1
    assert seen > 20


def test_level_ground_needs_no_picture():
    assert list(ground_meshes(Ground(), WAY, reach=1.0)) == []
