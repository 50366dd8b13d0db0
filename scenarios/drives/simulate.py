"""``draisine drives simulate``: virtual drives for other processes, by the clock, until it is over."""

from __future__ import annotations

from math import inf

import can

from scenarios.committed import load_robot
from scenarios.drives.asked import Asked
from scenarios.drives.harmless import for_virtual_drives
from scenarios.drives.paced import PacedDrives
from scenarios.errors import BadInput
from scenarios.realtime.monotonic_clock import MonotonicClock


def simulate(asked: Asked, seconds: float | None, *, hanging: bool = False) -> int:
    """Put virtual drives on the buses, and say what becomes of them.

    Args:
        asked: Which buses.
        seconds: For how long; None until Ctrl-C [s].
        hanging: Whether the robot hangs by its pelvis and its joints move; else they are held.

    Raises:
        BadInput: The wiring is wrong, or a bus does not open or fails.
    """
    wiring, model = for_virtual_drives(asked), load_robot()
    drives = PacedDrives(model, wiring, MonotonicClock(), hanging=hanging)
    served = [bus for bus in wiring.buses if asked.bus in (None, bus.name)]
    for bus in served:
        count = len(wiring.on(bus.name))
        print(f"{bus.name}: {count} drives, interface {bus.interface}, channel {bus.channel}", flush=True)
    end = inf if seconds is None else seconds
    try:
        while drives.time < end:
            for name, change in drives.step():
                fault = "" if change.fault.value == "none" else f", {change.fault.value}"
                follows = change.following
                print(
                    f"{change.time:9.3f} s  {name}: {change.power.value}{fault}, stiffness {follows.stiffness:.4g}, "
                    f"damping {follows.damping:.4g}",
                    flush=True,
                )
    except KeyboardInterrupt:
        pass
    except can.CanError as error:
        raise BadInput(f"a bus fails: {error}") from None
    finally:
        drives.close()
    for bus in served:
        traffic = drives.traffic[bus.name]
        print(f"{bus.name}: {traffic.frames} frames, busy {traffic.busy / max(drives.time, 1e-9):.0%} of the time")
    print(f"{drives.time:.1f} s of the drives, {drives.lost:.3f} s lost because this process was not let run")
    return 0
