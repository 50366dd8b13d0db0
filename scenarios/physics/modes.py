"""The modes of a bicycle from how it moved: a linear system fitted to simulated motion, and its eigenvalues."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

Array = NDArray[np.float64]
ComplexArray = NDArray[np.complex128]


def fitted_eigenvalues(histories: Sequence[Array], step: float, stride: int) -> ComplexArray:
    """Eigenvalues [1/s] of the linear system that moves its state as in all histories.

    The state a stride later is, in least squares over all pairs of a history and all histories, a matrix times the
    state; the eigenvalues are the logarithms of that matrix's. Every history counts alike, whatever its size.

    Args:
        histories: States over time, (T, n) each; at least n of them that are not alike.
        step: Time between two states [s].
        stride: In steps; short beside the period of the quickest mode.
    """
    scaled = [history / np.abs(history).max() for history in histories]
    before = np.vstack([history[:-stride] for history in scaled])
    after = np.vstack([history[stride:] for history in scaled])
    transposed, *_ = np.linalg.lstsq(before, after, rcond=None)
    return np.asarray(np.log(np.linalg.eigvals(transposed).astype(np.complex128)) / (stride * step), np.complex128)


def in_order_of(expected: ComplexArray, found: ComplexArray) -> ComplexArray:
    """Eigenvalues put each in the place of the expected one that it is for, the sum of distances being least."""
    _, places = linear_sum_assignment(np.abs(expected[:, None] - found[None, :]))
    return found[places]
