"""Prints a Markdown table: how far off its course a push from the side takes a ride at least, however well it steers.

Use: ``python -m benchmarks.push_bound [--impulse 40] [--speed 2]``. The rider is rigid on the linear Whipple bicycle
(`controllers.riding.whipple`) and knows all that comes, but may turn the bars only some time after the push has begun,
and no farther, faster and more suddenly than they can. The least greatest offset of the rear wheel, from the course to
the course, is a linear programme. Steering counts by the tangent of its angle, as a wheel that is turned far does.
"""

import argparse
from itertools import product
from math import cos

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.optimize import linprog
from scipy.sparse import coo_array

from controllers.riding.capture import CaptureParameters
from controllers.riding.posture import RiderPosture
from controllers.riding.posture_chart import PostureChart
from controllers.riding.rider_dynamics import whipple_with_rider
from controllers.riding.rider_parameters import RiderParameters
from controllers.riding.whipple import Whipple
from robot import RobotModel
from scenarios.assembly import DRIVES, ROBOT_URDF
from urdf.bicycle_parameters import BicycleParameters

Array = NDArray[np.float64]

PERIOD, SECONDS = 0.02, 6.0
"""Time between two values of what is sought, and how long it has for the way back [s]."""
HEIGHT, LASTS = 0.95, 0.2
"""Where the torso is pushed, over the ground [m], and for how long [s]."""
SUDDEN = 100.0
"""Greatest acceleration of the bars [rad/s²]."""
LATE = (0.02, 0.04, 0.06)
"""Times from the beginning of the push until the bars may begin to turn [s]."""
TURNS = (2.8, 3.4, 5.0)
"""Greatest accelerations to the side by which the bicycle may turn [m/s²]; bars at 0.65 rad give 3.4 at 2 m/s."""
RATES = (4.5, 9.0)
"""Greatest rates of the bars [rad/s]."""
ROLL, ROLL_RATE, STEER, STEER_RATE, HEADING, OFFSET = range(6)
_FOUND, _NONE = 0, 2
"""What `scipy.optimize.linprog` says of a bound that is found, and where no ride meets the conditions."""


def least_offset(bicycle: Whipple, impulse: float, speed: float, late: float, turn: float, rate: float) -> float | None:
    """Greatest offset of the ride that has the smallest one [m]; None where every ride falls.

    Args:
        bicycle: With its rider.
        impulse: Of the push [N·s].
        speed: [m/s].
        late: Time until the bars may begin to turn [s].
        turn: Greatest acceleration to the side [m/s²].
        rate: Greatest rate of the bars [rad/s].

    Raises:
        ArithmeticError: The solver cannot tell.
    """
    steps = round(SECONDS / PERIOD)
    curving = cos(bicycle.tilt) / bicycle.wheelbase
    moved, turned, pushed = _steps(bicycle, speed, curving)
    force = np.where(PERIOD * np.arange(steps) < LASTS - 1e-9, HEIGHT * impulse / LASTS, 0.0)
    count = 6 * (steps + 1) + steps + 1  # states, accelerations of the bars, the greatest offset
    entries: list[tuple[int, int, float]] = []
    right = np.zeros(6 * (steps + 2))
    for step in range(steps):
        rows = range(6 * step, 6 * step + 6)
        right[6 * step : 6 * step + 6] = force[step] * pushed
        for row, first in enumerate(rows):
            entries.append((first, 6 * (step + 1) + row, 1.0))
            entries += [(first, 6 * step + column, -moved[row, column]) for column in range(6)]
            entries.append((first, 6 * (steps + 1) + step, -turned[row]))
    for row in range(6):  # from the course to the course
        entries += [(6 * steps + row, row, 1.0), (6 * steps + 6 + row, 6 * steps + row, 1.0)]
    greatest = count - 1
    within = [
        (2 * step + side, column, value)
        for step, side in product(range(steps + 1), (0, 1))
        for column, value in ((6 * step + OFFSET, 1.0 - 2.0 * side), (greatest, -1.0))
    ]
    state: list[tuple[float | None, float | None]] = [(None, None)] * 6
    state[STEER] = (-turn / (speed**2 * curving), turn / (speed**2 * curving))
    state[STEER_RATE] = (-rate, rate)
    still = [(0.0, 0.0) if PERIOD * step < late - 1e-9 else (-SUDDEN, SUDDEN) for step in range(steps)]
    for method in ("highs", "highs-ds", "highs-ipm"):  # one may give up where another can tell
        found = linprog(
            np.eye(count)[greatest],
            A_ub=_sparse(within, 2 * (steps + 1), count), b_ub=np.zeros(2 * (steps + 1)),
            A_eq=_sparse(entries, 6 * (steps + 2), count), b_eq=right,
            bounds=[*state * (steps + 1), *still, (0.0, None)], method=method,
        )  # fmt: skip
        if found.status in (_FOUND, _NONE):
            break
    if found.status not in (_FOUND, _NONE):
        raise ArithmeticError(f"the solver has found no bound: {found.message}")
    return float(found.fun) if found.status == _FOUND else None


def _steps(bicycle: Whipple, speed: float, curving: float) -> tuple[Array, Array, Array]:
    """What a period makes of a state, of an acceleration of the bars [rad/s²] and of a moment to the right [Nm]."""
    inertia = bicycle.mass[0, 0]
    rates = np.zeros((8, 8))
    rates[ROLL, ROLL_RATE] = rates[STEER, STEER_RATE] = rates[STEER_RATE, 6] = 1.0
    rates[ROLL_RATE, ROLL] = -bicycle.g * bicycle.gravity[0, 0] / inertia
    rates[ROLL_RATE, STEER] = -(bicycle.g * bicycle.gravity[0, 1] + speed**2 * bicycle.speed[0, 1]) / inertia
    rates[ROLL_RATE, STEER_RATE] = -speed * bicycle.damping[0, 1] / inertia
    rates[ROLL_RATE, 6] = -bicycle.mass[0, 1] / inertia
    rates[ROLL_RATE, 7] = 1.0 / inertia
    rates[HEADING, STEER], rates[HEADING, STEER_RATE] = speed * curving, bicycle.trail * curving
    rates[OFFSET, HEADING] = speed
    grown = expm(rates * PERIOD)
    return grown[:6, :6], grown[:6, 6], grown[:6, 7]


def _sparse(entries: list[tuple[int, int, float]], rows: int, columns: int) -> coo_array:
    first, second, values = zip(*entries, strict=True)
    return coo_array((values, (first, second)), shape=(rows, columns))


def rider_and_bicycle() -> Whipple:
    """The project's own, with the rider rigid in the middle of a stroke."""
    model = RobotModel.from_urdf(ROBOT_URDF.read_text(encoding="utf-8"), DRIVES.read_text(encoding="utf-8"))
    bicycle = BicycleParameters.load()
    posture = RiderPosture(model, bicycle, 0.002)
    chart = PostureChart(model, posture, CaptureParameters().steer_limit, RiderParameters().torso_yaw)
    return whipple_with_rider(model, chart.at(0.5 * np.pi, 0.0, 0.0, 1.0).position, posture, bicycle)


def _told(bicycle: Whipple, impulse: float, speed: float, late: float, turn: float, rate: float) -> str:
    try:
        offset = least_offset(bicycle, impulse, speed, late, turn, rate)
    except ArithmeticError:
        return "unsolved"
    return "falls" if offset is None else f"{offset:.2f} m"


def main(impulse: float, speed: float) -> None:
    """Print the table."""
    bicycle = rider_and_bicycle()
    print("| turn [m/s²] | bars [rad/s] | " + " | ".join(f"after {1000 * late:.0f} ms" for late in LATE) + " |")
    print("|---" * (2 + len(LATE)) + "|")
    for turn, rate in product(TURNS, RATES):
        told = [_told(bicycle, impulse, speed, late, turn, rate) for late in LATE]
        print(f"| {turn:g} | {rate:g} | " + " | ".join(told) + " |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--impulse", type=float, default=40.0, help="[N·s]")
    parser.add_argument("--speed", type=float, default=2.0, help="[m/s]")
    arguments = parser.parse_args()
    main(arguments.impulse, arguments.speed)
