"""Where the time of each tick went: the columns of the log, and the numbers of one row."""

from __future__ import annotations

from typing import NamedTuple

from scenarios.columns import COMMAND, STATE, Column, Layout, per_joint

LOOP = (
    Column("loop_period", 1, "s", "from the wake-up before to the one that ends this tick"),
    Column("loop_slack", 1, "s", "left when everything was done; below zero the deadline was missed: an overrun"),
    Column("loop_lateness", 1, "s", "from the deadline to the wake-up"),
    Column("loop_control", 1, "s", "in the controller"),
    Column("loop_send", 1, "s", "in arbitration, safety layer and guard, codecs, and putting frames on the buses"),
    Column("loop_receive", 1, "s", "in taking frames from the buses, codecs, IMUs, and the watches"),
    Column("loop_log", 1, "s", "in the log and in whatever the operator does, after the tick before"),
    Column("loop_lost", 1, "1", "periods that passed unused because the deadline was missed"),
)
"""What the loop says of itself."""

FLIGHT = Layout(
    STATE, (*COMMAND, per_joint("drive_age", "s", "of what the drive said last")), (), (), (), (), loop=LOOP
)
"""The log of a robot with real drives."""


class TickTimes(NamedTuple):
    """One row of the loop's columns; the first tick of a run has no period and no lost ones before it (NaN)."""

    period: float
    slack: float
    lateness: float
    control: float
    send: float
    receive: float
    log: float
    lost: float
