"""The bus of a robot with drives, through real frames to virtual drives that hold still."""

from dataclasses import replace

import numpy as np
import pytest

from robot import JointCommand, Reason
from robot.drive_status import POWERS
from robot.drivers import Fault, Power, Range
from robot.drivers.can_message import from_message
from scenarios.committed import load_drive_models, load_robot
from scenarios.wiring import load_wiring
from sim.can_sim_bus import PREPARATION
from sim.frame_faults import Arrival, FaultRates, NoFaults, RandomFaults
from tests.unit.held_body import PERIOD, HeldBody

MODEL = load_robot()
WIRING = load_wiring(MODEL)
COUNT = MODEL.size
REST = np.clip(np.linspace(-0.2, 0.2, COUNT), MODEL.limits.lower, MODEL.limits.upper)
ZERO = np.zeros(COUNT)


def hold(time=0.0, **changes):
    command = JointCommand(time, REST, ZERO, ZERO, MODEL.drives.stiffness, MODEL.drives.damping)
    return replace(command, **changes)


@pytest.fixture
def body():
    with HeldBody(MODEL, WIRING, REST, first=hold()) as held:
        yield held


def test_opening_switches_every_drive_on_and_tells_where_the_joints_are(body):
    state = body.host.open()
    assert {drive.power for drive in body.drives.drives} == {Power.ON}
    grain = 2.0 * np.pi * 2.0 / 65535.0
    assert state.joint_position == pytest.approx(REST, abs=4 * grain)
    assert [POWERS[power] for power in state.drives.power] == [Power.ON] * COUNT
    assert (state.drives.age < 2.0 * PERIOD).all()


def test_without_a_first_command_the_drives_stay_off_until_they_are_switched_on():
    with HeldBody(MODEL, WIRING, REST, name="off") as held:
        state = held.host.open()
        assert {drive.power for drive in held.drives.drives} == {Power.OFF}
        for _ in range(2):
            state, _ = held.host.exchange(hold(position=REST + 0.1))
        assert not held.torque.any()
        held.host.enable()
        for _ in range(3):
            state, _ = held.host.exchange(hold(state.time))
        assert [POWERS[power] for power in state.drives.power] == [Power.ON] * COUNT
        held.host.disable()
        held.host.exchange(hold(state.time))
        assert {drive.power for drive in held.drives.drives} == {Power.OFF}


def with_a_moteus(name):
    """The wiring with a moteus drive in the place of another, and that place."""
    place = MODEL.index(name)
    wires = list(WIRING.wires)
    wires[place] = replace(wires[place], model=load_drive_models()["qdd100"], reply_id=None)
    return replace(WIRING, wires=tuple(wires)), place


def test_a_moteus_drive_that_is_to_be_off_is_asked_for_its_state_alone():
    """Any set-point closes its loop, one that asks nothing too."""
    wiring, place = with_a_moteus("left_wrist_pitch_joint")
    with HeldBody(MODEL, wiring, REST, name="polled") as held:
        drive = held.drives.drives[place]
        state = held.host.open()
        for power in (Power.OFF, Power.ON, Power.OFF):
            for _ in range(6):
                state, _ = held.host.exchange(hold(state.time))
            assert drive.power is power
            assert POWERS[state.drives.power[place]] is power
            assert state.drives.age[place] < 2.0 * PERIOD
            (held.host.disable if drive.power is Power.ON else held.host.enable)()
        held.host.disable()
        held.host.stop()
        held.host.exchange(hold(state.time))
        assert drive.power is Power.OFF


def test_the_joints_get_the_torque_that_the_command_asks_for(body):
    """On linkages too: what the diagonal of gains cannot say comes as torque."""
    state = body.host.open()
    moved = REST + 0.02 * np.where(np.arange(COUNT) % 2, 1.0, -1.0)
    for _ in range(10):
        state, _ = body.host.exchange(hold(state.time, position=moved))
    expected = MODEL.drives.stiffness * (moved - REST)
    assert body.torque == pytest.approx(expected, abs=0.25)


def test_on_the_buses_are_exactly_the_frames_of_the_codecs(body):
    state = body.host.open()
    for bus in WIRING.buses:
        body.sniffed(bus.name)
    command = hold(state.time, position=REST + 0.01)
    setpoints = body.host._body.setpoints(command).each()
    state, _ = body.host.exchange(command)
    for bus in WIRING.buses:
        places, codecs = WIRING.on(bus.name), WIRING.codecs(bus.name)
        sent = [frame for i, codec in zip(places, codecs, strict=True) for frame in codec.command(setpoints[i]).frames]
        frames = [from_message(message) for message in body.sniffed(bus.name)]
        assert frames[: len(sent)] == sent
        replies = frames[len(sent) :]
        assert len(replies) == len(places)
        assert {frame.id for frame in replies if frame} == {codec.reply_id for codec in codecs}


def test_a_reply_is_as_old_as_it_is(body):
    state = body.host.open()
    state, _ = body.host.exchange(hold(state.time))
    age = state.drives.age
    assert (age > 0.0).all()
    assert age.max() < PERIOD
    for bus in WIRING.buses:
        places = WIRING.on(bus.name)
        pairs = sum(linkage.pitch in places for linkage in WIRING.linkages)
        assert len(np.unique(age[list(places)].round(9))) == len(places) - pairs  # one after another, a pair as one


def test_stopping_damps_at_once_and_for_ever(body):
    state = body.host.open()
    state, _ = body.host.exchange(hold(state.time, position=REST + 0.05))
    body.host.stop()
    for _ in range(3):
        state, applied = body.host.exchange(hold(state.time, position=REST + 0.05))
    assert (applied.reasons & Reason.STOPPED).all()
    for drive in body.drives.drives:
        assert drive.following.stiffness == 0.0
        assert drive.following.damping > 0.0


def test_a_stop_reaches_the_drives_though_the_process_dies_with_it(body):
    state = body.host.open()
    body.host.exchange(hold(state.time, position=REST + 0.05))
    body.host.stop()
    body.wait_until(body.now() + PERIOD)  # nobody exchanges anything
    assert max(drive.following.stiffness for drive in body.drives.drives) == 0.0


def test_closing_opens_the_loops(body):
    body.host.open()
    body.host.close()
    body.wait_until(body.now() + 2.0 * PERIOD)
    assert {drive.power for drive in body.drives.drives} == {Power.OFF}
    body.host.close()
    with pytest.raises(RuntimeError, match="closed"):
        body.host.exchange(hold())


@pytest.mark.parametrize("failure", [KeyboardInterrupt, OSError])
def test_closing_opens_the_loops_of_all_buses_though_one_breaks_down(body, monkeypatch, failure):
    body.host.open()
    broken = body.host._ports[-1]  # the first that is seen to

    def fails(*_):
        raise failure("in the midst of closing")

    monkeypatch.setattr(broken, "request", fails)
    with pytest.raises(failure, match="in the midst"):
        body.host.close()
    body.wait_until(body.now() + 2.0 * PERIOD)
    on = {place for place, drive in enumerate(body.drives.drives) if drive.power is Power.ON}
    assert on <= set(broken.places)


def test_an_interface_that_is_gone_is_a_silent_bus_and_no_error(body, monkeypatch):
    state = body.host.open()
    gone = body.host._ports[0]

    def fails(*_, **__):
        raise OSError("no such device")

    monkeypatch.setattr(gone._link, "send", fails)
    monkeypatch.setattr(gone._link, "recv", fails)
    for _ in range(5):
        state, _ = body.host.exchange(hold(state.time))
    old = set(np.flatnonzero(state.drives.age > 4.0 * PERIOD))
    assert old == set(gone.places)
    assert body.host.unsent >= 5 * len(gone.places)


def test_a_stop_holds_though_it_could_not_be_sent(body, monkeypatch):
    state = body.host.open()

    def fails(*_, **__):
        raise RuntimeError("not now")

    with monkeypatch.context() as patch:
        patch.setattr(body.host._ports[0], "command", fails)
        with pytest.raises(RuntimeError, match="not now"):
            body.host.stop()
    _, applied = body.host.exchange(hold(state.time))
    assert (applied.reasons & Reason.STOPPED).all()


@pytest.mark.parametrize("off", [2.0, 2.0 * np.pi])
def test_a_linkage_that_cannot_be_where_its_drives_say_grows_old_alone(body, off):
    """By 2 rad the rods do not reach; by a turn they would, but a setpoint would be a turn away."""
    state = body.host.open()
    linkage = WIRING.linkages[0]
    body.drives.drives[linkage.pitch]._zero -= off
    body.joints.position += 0.05
    for _ in range(6):
        state, _ = body.host.exchange(hold(state.time))
    old = np.flatnonzero(state.drives.age > 4.0 * PERIOD)
    assert set(old) == {linkage.pitch, linkage.roll}
    assert state.joint_position[old] == pytest.approx(REST[old], abs=1e-3)
    others = np.delete(np.arange(COUNT), old)
    assert state.joint_position[others] == pytest.approx(REST[others] + 0.05, abs=1e-3)


def test_both_joints_of_a_linkage_are_as_warm_as_the_warmer_drive(body):
    state = body.host.open()
    linkage = WIRING.linkages[0]
    winding = body.drives.windings.winding
    winding[linkage.pitch] = 90.0
    body.drives.windings.preheat(winding, winding)
    for _ in range(3):
        state, _ = body.host.exchange(hold(state.time))
    warm = np.flatnonzero(state.drives.motor_temperature > 80.0)
    assert set(warm) == {linkage.pitch, linkage.roll}


def test_without_a_controller_the_drives_do_what_their_dialects_say(body):
    """Damiao drives let go after 0.1 s; what PowerFlow drives do nobody has published, so they go on."""
    state = body.host.open()
    for _ in range(5):
        state, _ = body.host.exchange(hold(state.time, position=REST + 0.05))
    died = body.now()
    body.wait_until(died + 0.098)
    assert {drive.power for drive in body.drives.drives} == {Power.ON}
    body.wait_until(died + 0.104)
    for wire, drive in zip(WIRING.wires, body.drives.drives, strict=True):
        silence = wire.model.silence
        assert (drive.power is Power.ON) is (silence is None)
        if silence is not None:
            assert silence.then == "off"
            assert drive.following == (0.0, 0.0, 0.0, 0.0, 0.0)
    off = [i for i, wire in enumerate(WIRING.wires) if wire.model.silence is not None]
    body.wait_until(died + 0.15)
    assert len(off) == 8
    assert body.torque[off] == pytest.approx(0.0, abs=1e-9)


def test_a_drive_that_does_not_reply_is_named():
    class OneIsDead(NoFaults):
        def arrivals(self, passage):
            dead = passage.bus == "right_arm" and passage.frame.id == 3
            return () if dead else (Arrival(passage.frame),)

    message = r"bus 'right_arm': drive 'right_shoulder_yaw_joint' \(3\) does not reply"
    held = HeldBody(MODEL, WIRING, REST, first=hold(), faults=OneIsDead(), name="dead")
    with held, pytest.raises(ValueError, match=message):
        held.host.open()


class Stalled(NoFaults):
    """Drives whose replies are late for a time, or that hear nothing."""

    def __init__(self, until, late=None):
        self.until, self.late = until, late

    def arrivals(self, passage):
        if passage.time > self.until:
            return (Arrival(passage.frame),)
        if self.late is None:
            return ()
        return (Arrival(passage.frame, 0.0 if passage.to_drive else self.late),)


def test_drives_that_need_a_while_to_wake_up_are_waited_for():
    with HeldBody(MODEL, WIRING, REST, first=hold(), faults=Stalled(0.3), name="waking") as held:
        state = held.host.open()
    assert [POWERS[power] for power in state.drives.power] == [Power.ON] * COUNT
    assert 0.3 < state.time < 0.5


class HostStalls(NoFaults):
    """The host's frames do not go out for a time after the first drive was asked to close its loop."""

    def __init__(self, stall):
        self.stall, self.asked, self.lost = stall, None, 0

    def arrivals(self, passage):
        if self.asked is None and passage.frame.data.hex() == "fffffffffffffffc":
            self.asked = passage.time
        if passage.to_drive and self.asked is not None and 0.005 < passage.time - self.asked < self.stall:
            self.lost += 1
            return ()
        return (Arrival(passage.frame),)


def test_drives_whose_watchdog_trips_while_the_host_is_late_are_switched_on_again():
    stalls = HostStalls(0.2)  # Damiao drives switch off after 0.1 s without a command
    with HeldBody(MODEL, WIRING, REST, first=hold(), faults=stalls, name="stalled") as held:
        state = held.host.open()
        assert stalls.lost > 0
        assert {drive.power for drive in held.drives.drives} == {Power.ON}
    assert [POWERS[power] for power in state.drives.power] == [Power.ON] * COUNT


def test_another_fault_than_silence_is_not_cleared_for_it():
    with HeldBody(MODEL, WIRING, REST, first=hold(), name="hot") as held:
        drive = held.drives.drives[MODEL.index("head_yaw_joint")]
        drive.power, drive.fault = Power.FAULT, Fault.MOTOR_TEMPERATURE
        with pytest.raises(ValueError, match=r"'head_yaw_joint' \(9\) does not switch on: it is fault, "):
            held.host.open()
        assert drive.fault is Fault.MOTOR_TEMPERATURE


@pytest.mark.parametrize("late", [0.03, 0.07])
def test_an_answer_that_comes_late_is_not_taken_for_that_of_the_next_question(late):
    """The answers of moteus drives do not say which question they belong to."""
    wiring, _ = with_a_moteus("left_wrist_pitch_joint")
    with HeldBody(MODEL, wiring, REST, faults=Stalled(0.2, late), name="late") as held:
        state = held.host.open()
    assert (state.drives.age < 2.0 * PERIOD).all()


def test_a_drive_that_is_set_otherwise_is_named_before_anything_is_switched_on():
    with HeldBody(MODEL, WIRING, REST, first=hold(), name="set") as held:
        place = MODEL.index("head_yaw_joint")
        held.drives.drives[place].keep({"torque": 5.0})
        with pytest.raises(ValueError, match=r"drive 9 \(dm4310\): its torque range is 5 Nm in the drive"):
            held.host.open()
        assert {drive.power for drive in held.drives.drives} == {Power.OFF}


def test_ranges_that_cannot_be_read_are_written():
    """PowerFlow drives as they are delivered have other ranges than the wiring file asks for."""
    with HeldBody(MODEL, WIRING, REST, first=hold(), name="written") as held:
        place = MODEL.index("left_knee_joint")
        held.drives.drives[place].keep({"damping_high": 8.0})
        narrow = held.drives.drives[place]._model
        held.drives.drives[place]._model = replace(narrow, command=narrow.command._replace(damping=Range(0.0, 8.0)))
        held.host.open()
        assert held.drives.drives[place]._model.command.damping == (0.0, 20.0)


@pytest.mark.parametrize("name", ["dropped", "duplicated", "delayed", "corrupted"])
def test_one_frame_of_a_hundred_may_go_wrong(name):
    """The bus opens and goes on; with frames lost only ages grow."""
    faults = RandomFaults(FaultRates(**{name: 0.01}), np.random.default_rng(2))
    with HeldBody(MODEL, WIRING, REST, first=hold(), faults=faults, name=name) as held:
        state = held.host.open()
        for _ in range(100):
            state, _ = held.host.exchange(hold(state.time))
            if name != "corrupted":
                assert state.joint_position == pytest.approx(REST, abs=2e-3)
            assert np.isfinite(state.joint_position).all()
        assert faults.seen[name] > 30
        assert state.drives.age.max() < 5.0 * PERIOD


@pytest.mark.parametrize("share", [0.05, 0.2])
def test_where_many_frames_are_lost_the_bus_opens_in_time_all_the_same(share):
    """A ride is held for no longer than that (`sim.can_sim_bus.PREPARATION`)."""
    faults = RandomFaults(FaultRates(dropped=share), np.random.default_rng(3))
    with HeldBody(MODEL, WIRING, REST, first=hold(), faults=faults, name="lossy") as held:
        state = held.host.open()
        assert {drive.power for drive in held.drives.drives} == {Power.ON}
    assert state.time < PREPARATION


def test_a_wrong_zero_of_a_drive_is_a_wrong_place_of_its_joint():
    place = MODEL.index("left_knee_joint")
    wires = list(WIRING.wires)
    wires[place] = replace(wires[place], zero=0.1)
    true = replace(WIRING, wires=tuple(wires))
    with HeldBody(MODEL, WIRING, REST, first=hold(), truly_wired=true, name="zero") as held:
        state = held.host.open()
        wrong = np.flatnonzero(np.abs(state.joint_position - REST) > 0.01)
        assert wrong.tolist() == [place]
