"""The core of `make physics`: each check that is quick enough is done here, too."""

import math

import pytest

from scenarios.physics.check import Finding
from scenarios.physics.registry import CHECKS

CORE = [check for check in CHECKS if check.core]


@pytest.mark.parametrize("check", CORE, ids=lambda check: check.name)
def test_the_physics_holds(check):
    findings = check.run()
    assert findings
    assert [finding for finding in findings if not finding.passed] == []


def test_names_are_unique():
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("measured", "expected", "scale", "passes"),
    [
        (1.009, 1.0, None, True), (1.011, 1.0, None, False), (-1.0, 1.0, None, False), (math.nan, 1.0, None, False),
        (0.0, 0.0, None, False), (0.01, 0.0, 2.0, True), (0.03, 0.0, 2.0, False), (0.0, 0.0, 0.0, False),
    ],
)  # fmt: skip
def test_a_finding_passes_within_its_tolerance_and_never_when_it_is_not_a_number(measured, expected, scale, passes):
    assert Finding("x", measured, expected, "m", 0.01, scale).passed is passes
