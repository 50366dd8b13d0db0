"""What a policy is: a function from an observation to an action, both plain vectors."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class Policy(Protocol):
    """Something that was learned, or is being learned."""

    def act(self, observation: Vector) -> Vector:
        """The action, shape (m,), each number from -1 to 1, for an observation, shape (k,) in SI units."""
        ...


class Idle:
    """The policy that changes nothing."""

    def __init__(self, size: int) -> None:
        """Have actions of so many numbers."""
        self._nothing = np.zeros(size, dtype=np.float32)

    def act(self, observation: Vector) -> Vector:
        """Zero."""
        return self._nothing
