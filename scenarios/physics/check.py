"""A check of the physics: something is measured in the simulation and held against what theory says."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure of a check.

    Attributes:
        what: What was measured, in a few words.
        measured: What the simulation gives.
        expected: What theory or the declared parameters say.
        unit: SI unit of both.
        tolerance: Greatest error that passes [1].
        scale: What the error is a part of, positive and in the same unit; where none is given, the expected value.
    """

    what: str
    measured: float
    expected: float
    unit: str
    tolerance: float
    scale: float | None = None

    @property
    def error(self) -> float:
        """|measured - expected| / scale [1]."""
        scale = abs(self.expected) if self.scale is None else self.scale
        return abs(self.measured - self.expected) / scale if scale > 0.0 else math.nan

    @property
    def passed(self) -> bool:
        """Whether the error is within the tolerance; one that is not a number is not."""
        return self.error <= self.tolerance


@dataclass(frozen=True, slots=True)
class Check:
    """One experiment and the law that it is held against.

    Attributes:
        name: How it is asked for, such as "free-fall".
        law: What must hold, in one line.
        run: Does the experiment; at least one finding.
        core: Whether it is quick enough to be among the tests.
    """

    name: str
    law: str
    run: Callable[[], tuple[Finding, ...]]
    core: bool = True
