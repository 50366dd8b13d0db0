"""What the parts of an exchange cost by themselves: geometry, codecs, messages of python-can."""

from __future__ import annotations

from time import perf_counter_ns

import can
import numpy as np
from numpy.typing import NDArray

from robot import JointCommand
from robot.drivers.can_message import from_message, to_message
from robot.drivers.roster import Roster
from robot.wiring import DriveReadings, JointReadings, WiredBody, Wiring
from scenarios.bench.loop_rig import prepared_replies

Array = NDArray[np.float64]

PARTS = {
    "set-points": "gears and linkages, from joints to shafts",
    "encode": "set-points to frames, saturated and checked",
    "messages out": "frames to messages of python-can, and onto its virtual bus",
    "messages in": "messages from that bus, and their frames",
    "decode": "frames to replies, each by its drive",
    "joints": "replies to joints, through gears and linkages",
}


def part_costs(wiring: Wiring, command: JointCommand, rounds: int, name: str = "loop-costs") -> Array:
    """Time of each part for the whole body, one exchange after another.

    Args:
        wiring: Which drive is where.
        command: What is sent each time; the replies are those of drives that stand at its positions.
        rounds: How many exchanges.
        name: Of the buses.

    Returns:
        Times in the order of `PARTS`, shape (rounds, parts) [ns].
    """
    body = WiredBody(wiring)
    still = np.zeros_like(command.position)
    readings = DriveReadings(*np.array(body.drives(JointReadings(command.position, still, still))))
    prepared = prepared_replies(wiring, command.position)
    buses = [
        (_link(name, bus.name), _link(name, bus.name), Roster(wiring.codecs(bus.name)), wiring.on(bus.name), bus.name)
        for bus in wiring.buses
    ]
    times = np.zeros((rounds, len(PARTS)))
    try:
        for row in times:
            marks = [perf_counter_ns()]
            setpoints = body.setpoints(command).each()
            marks.append(perf_counter_ns())
            sent = [
                (host, [codec.command(setpoints[place]) for codec, place in zip(roster.codecs, places, strict=True)])
                for host, _, roster, places, _ in buses
            ]
            marks.append(perf_counter_ns())
            for host, commands in sent:
                for one in commands:
                    for frame in one.frames:
                        host.send(to_message(frame))
            marks.append(perf_counter_ns())
            for _, drives, _, _, bus in buses:
                while (message := drives.recv(0.0)) is not None:
                    drives.send(prepared[bus][message.arbitration_id])
            answered = perf_counter_ns() - marks[-1]
            came = []
            for host, _, roster, _, _ in buses:
                while (message := host.recv(0.0)) is not None:
                    came.append((roster, from_message(message)))
            marks.append(perf_counter_ns() - answered)
            for roster, heard in came:
                if heard is not None:
                    roster.hear(heard)
            marks.append(perf_counter_ns() - answered)
            body.joints(readings)
            marks.append(perf_counter_ns() - answered)
            row[:] = np.diff(marks)
    finally:
        for host, drives, *_ in buses:
            host.shutdown()
            drives.shutdown()
    return times


def _link(name: str, bus: str) -> can.BusABC:
    return can.Bus(f"{name}-{bus}", interface="virtual", protocol=can.CanProtocol.CAN_FD)
