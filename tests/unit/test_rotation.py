"""Rotations against scipy's."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation

from controllers.rotation import matrix_from_quaternion, rotation_about, wrap

angles = st.floats(-20.0, 20.0)
vectors = arrays(float, 3, elements=st.floats(-1.0, 1.0)).filter(lambda v: np.linalg.norm(v) > 0.1)
quaternions = arrays(float, 4, elements=st.floats(-1.0, 1.0)).filter(lambda q: np.linalg.norm(q) > 0.1)


@given(vectors, angles)
def test_a_rotation_about_an_axis_is_that_of_scipy(vector, angle):
    axis = vector / np.linalg.norm(vector)
    np.testing.assert_allclose(rotation_about(axis, angle), Rotation.from_rotvec(angle * axis).as_matrix(), atol=1e-12)


@given(quaternions)
def test_a_quaternion_gives_the_matrix_of_scipy(quaternion):
    unit = quaternion / np.linalg.norm(quaternion)
    np.testing.assert_allclose(matrix_from_quaternion(unit), Rotation.from_quat(unit).as_matrix(), atol=1e-12)


@given(angles)
def test_wrapping_keeps_the_direction_and_leaves_half_a_turn_at_most(angle):
    wrapped = wrap(angle)
    assert -np.pi <= wrapped <= np.pi
    np.testing.assert_allclose((np.cos(wrapped), np.sin(wrapped)), (np.cos(angle), np.sin(angle)), atol=1e-12)
