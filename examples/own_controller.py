"""Put a controller of one's own into a ride: here one that lets the rider's commands come late."""

from collections import deque
from dataclasses import replace

from controllers.riding.rider import Rider
from robot import JointCommand, RobotState
from scenarios.assembly import assemble
from scenarios.loader import load
from scenarios.runner import ride


class Late(Rider):
    """A rider whose commands are five ticks old; `reset`, `step`, `finished` and `telemetry` are all that is asked."""

    def step(self, state: RobotState) -> JointCommand:
        """The command of then, with the time of now, or the guard would refuse it."""
        waiting = self.__dict__.setdefault("_waiting", deque(maxlen=6))
        waiting.append(super().step(state))
        return replace(waiting[0], time=state.time)


def late(scenario, seed):
    """The same ride with that rider."""
    built = assemble(scenario, seed)
    built.controller.__class__ = Late
    return built


def main(seconds: float = 8.0) -> None:
    """Compare both over a lane change."""
    scenario = load("ride_lane_change", [f"duration={seconds}"])
    for name, put_together in (("as it is", assemble), ("10 ms late", late)):
        log = ride(scenario, 0, lambda *_: None, assemble=put_together).log
        print(f"{name}: greatest roll {abs(log['truth_roll']).max():.5f} rad, at {log['truth_speed'].mean():.4f} m/s")


if __name__ == "__main__":
    main()
