"""What the wiring costs a tick, and how far the linkages are from singular: ``python -m benchmarks.wiring``."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from timeit import repeat

import numpy as np

from robot import JointCommand, RobotModel
from robot.wiring import JointReadings, MountedLinkage, WiredBody, Wiring
from robot.wiring.reach import over_range
from scenarios.assembly import load_robot
from scenarios.wiring import load_wiring

_CALLS, _ROUNDS = 500, 20


def linkage_row(mounted: MountedLinkage, wiring: Wiring) -> str:
    """A linkage over its joints' range, as a row of a table."""
    pair = [mounted.pitch, mounted.roll]
    fast, hard = wiring.limits.velocity[pair], wiring.limits.effort[pair]
    motors = [motors for _, _, motors in over_range(mounted, wiring)]
    conditions = [at.jacobian.condition for at in motors]
    angles = np.array([at.position for at in motors])
    speeds = [np.abs(np.array(at.jacobian).reshape(2, 2)) * fast for at in motors]
    torques = [np.abs(np.linalg.inv(np.array(at.jacobian).reshape(2, 2)).T) * hard for at in motors]
    rods = " and ".join(f"{crank.rod:.3f}" for crank in mounted.linkage.cranks)
    return (
        f"| {mounted.linkage.name} | {rods} | {angles.min():.2f} to {angles.max():.2f} | "
        f"{min(conditions):.2f} to {max(conditions):.2f} | "
        f"{max(row.max() for row in torques):.0f}, {max(row.sum(axis=1).max() for row in torques):.0f} | "
        f"{max(row.max() for row in speeds):.1f}, {max(row.sum(axis=1).max() for row in speeds):.1f} |"
    )


def microseconds(call: Callable[[], object]) -> float:
    """Median time of a call [µs]."""
    return 1e6 * median(repeat(call, number=_CALLS, repeat=_ROUNDS)) / _CALLS


def cost_rows(model: RobotModel, wiring: Wiring) -> list[str]:
    """What a tick costs, as rows of a table."""
    rng = np.random.default_rng(0)
    lower, upper = model.limits.lower, model.limits.upper
    position, velocity = lower + rng.uniform(0.1, 0.9, model.size) * (upper - lower), rng.normal(size=model.size)
    body, zero = WiredBody(wiring), np.zeros(model.size)
    command = JointCommand(0.0, position, velocity, zero, model.drives.stiffness, model.drives.damping)
    readings = [body.drives(JointReadings(position + step, velocity, zero)) for step in (0.0, 0.01)]
    turn = iter(range(1 << 62))
    calls: dict[str, Callable[[], object]] = {
        "`setpoints`": lambda: body.setpoints(command),
        "`joints`, moved by 0.01 rad": lambda: body.joints(readings[next(turn) & 1]),
    }
    return [f"| {name} | {microseconds(call):.0f} |" for name, call in calls.items()]


def main() -> None:
    """Measure, and print both tables."""
    model = load_robot()
    wiring = load_wiring(model)
    print("| linkage | rods [m] | motors [rad] | condition of J | torque [Nm] | speed [rad/s] |")
    print("|---|---|---|---|---|---|")
    print("\n".join(linkage_row(mounted, wiring) for mounted in wiring.linkages))
    print(f"\n| of {model.size} joints | a tick [µs] |\n|---|---:|")
    print("\n".join(cost_rows(model, wiring)))


if __name__ == "__main__":
    main()
