"""The heat of the windings against the two exponentials of their network, and what torque it leaves."""

from __future__ import annotations

import numpy as np
from scipy.linalg import expm
from scipy.optimize import brentq

from robot.drives import DriveTable
from scenarios.physics.check import Check, Finding
from scenarios.physics.drives import knee
from sim.drives import DriveBank
from sim.experiments.drive_rig import order


def _heat() -> tuple[Finding, ...]:
    return (*_held(), *_derated())


def _blocked(period: float) -> tuple[DriveBank, DriveTable, float]:
    """A knee's drive that cannot turn, and its greatest torque [Nm]."""
    limits, drive = knee()
    bank = DriveBank(limits, drive, period, period, 0.0, np.random.default_rng(0))
    bank.start(np.zeros((2, 1)))
    return bank, drive, float(limits.effort[0])


def _hold(bank: DriveBank, torque: float, calls: int) -> None:
    still = np.zeros(1)
    bank.follow(order(torque=torque))
    for _ in range(calls):
        bank.torque(still)
        bank.warm()


def _held() -> tuple[Finding, ...]:
    """A steady torque: the copper's growth makes the network linear in the temperatures still."""
    period, asked = 0.002, 30.0
    bank, d, _ = _blocked(period)
    findings: list[Finding] = []
    passed = 0.0
    for until in (5.0, 60.0):
        _hold(bank, asked, round((until - passed) / period))
        passed = until
        winding, housing = _exact(d, float(bank.motor_torque[0]), until)
        what = f"{asked:g} Nm for {until:g} s"
        rise = winding - d.thermal.ambient
        findings += (
            Finding(f"{what}: winding", float(bank.windings.winding[0]), winding, "°C", 1e-3, rise),
            Finding(f"{what}: housing", float(bank.windings.housing[0]), housing, "°C", 1e-3, rise),
        )
    return tuple(findings)


def _exact(d: DriveTable, torque: float, time: float) -> tuple[float, float]:
    """Temperatures of winding and housing after a time [s] under a torque [Nm], in closed form [°C]."""
    cw, rw = float(d.winding_capacity[0]), float(d.winding_resistance[0])
    ch, rh = float(d.housing_capacity[0]), float(d.housing_resistance[0])
    cold = (torque / float(d.motor_constant[0])) ** 2
    base = cold * (1.0 + d.thermal.copper * (d.thermal.ambient - d.thermal.reference))
    system = np.array(
        (
            ((cold * d.thermal.copper - 1.0 / rw) / cw, 1.0 / (rw * cw)),
            (1.0 / (rw * ch), -(1.0 / rw + 1.0 / rh) / ch),
        )
    )
    settled = -np.linalg.solve(system, (base / cw, 0.0))
    rise = settled - expm(system * time) @ settled
    return float(rise[0]) + d.thermal.ambient, float(rise[1]) + d.thermal.ambient


def _derated() -> tuple[Finding, ...]:
    """Full torque for ever: where the torque that is left just keeps the winding as warm as it is."""
    bank, d, effort = _blocked(0.25)
    begin, end = float(d.derating_begin[0]), float(d.derating_end[0])
    resistance = float(d.winding_resistance[0] + d.housing_resistance[0])

    def surplus(winding: float) -> float:
        torque = effort * (end - winding) / (end - begin)
        heat = (torque / float(d.motor_constant[0])) ** 2 * (1.0 + d.thermal.copper * (winding - d.thermal.reference))
        return winding - d.thermal.ambient - resistance * heat

    balance = float(brentq(surplus, begin, end))
    left = effort * (end - balance) / (end - begin)
    _hold(bank, effort, 40_000)
    return (
        Finding("full torque for ever: winding", float(bank.windings.winding[0]), balance, "°C", 1e-3),
        Finding("full torque for ever: what is left of it", float(bank.motor_torque[0]), left, "Nm", 1e-2),
    )


CHECKS = (Check("drive-heat", "winding and housing warm up and derate as their thermal network does", _heat),)
