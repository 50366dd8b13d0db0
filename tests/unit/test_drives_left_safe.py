"""Every make of drive is switched on at rest and left off."""

from dataclasses import replace

import pytest

from robot.drivers import Power, Special
from robot.drivers.factory import codec_of
from robot.wiring import CanBus
from scenarios.committed import load_drive_models, load_robot
from scenarios.drives.link import Clock, Drive, open_bus
from scenarios.drives.safe import enable, left_safe
from scenarios.wiring import load_wiring
from tests.unit.drive_on_a_bus import DriveOnABus

CATALOGUE = load_drive_models()
WIRE = load_wiring(load_robot()).wires[0]


@pytest.mark.parametrize("name", ["powerflow_r86", "dm4340", "qdd100", "ak80_9"])
def test_on_without_torque_and_off_after_any_exception(name):
    model = CATALOGUE[name]
    drive = Drive(replace(WIRE, model=model, id=3, reply_id=None), codec_of(model, 3, fd=True), False)
    bus = open_bus(CanBus("bench", "virtual", f"safe_{name}", True, 1_000_000, 5_000_000, 0))
    with DriveOnABus(model, 3, f"safe_{name}") as fake:
        with pytest.raises(ZeroDivisionError), left_safe(bus, [drive], Clock()) as said:
            enable(bus, drive, Clock())
            assert fake.state.power is Power.ON
            raise ZeroDivisionError
        assert all(one.stiffness == one.damping == 0.0 and abs(one.torque) < 0.1 for one in fake.setpoints)
        assert fake.setpoints[-1].position == pytest.approx(0.2, abs=2e-3)
        assert fake.heard[-1] is Special.DISABLE
        assert fake.state.power is Power.OFF
        assert "NOT" not in said[0]
    bus.shutdown()
