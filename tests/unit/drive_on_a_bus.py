"""A drive without physics at the other end of a virtual bus, for the tools: it follows its setpoint at once."""

import threading

import can

from robot.drivers import DriveReply, Fault, Power, Special
from robot.drivers.can_message import from_message, to_message
from robot.drivers.codec import Ask, Command, Poll, Write
from robot.drivers.factory import codec_of, end_of


class DriveOnABus:
    """Hears and answers in a thread, and keeps what it was told."""

    def __init__(self, model, drive, channel, *, fault=Fault.NONE, deaf_after=None, stuck=False, hot=30.0):
        self.end = end_of(model, drive, fd=True)
        codec = codec_of(model, drive, fd=True)
        self.kept = {name: setting.expected for name, setting in codec.settings.items()}
        self.state = DriveReply(0.2, 0.0, 0.0, Power.OFF, fault, 0, hot, 30.0)
        self.heard, self.deaf_after, self.stuck = [], deaf_after, stuck
        self.bus = can.Bus(channel, interface="virtual", protocol=can.CanProtocol.CAN_FD)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.bus.shutdown()

    @property
    def setpoints(self):
        return [one.setpoint for one in self.heard if isinstance(one, Command)]

    def run(self):
        while not self.stop.is_set():
            message = self.bus.recv(0.005)
            for frame in () if message is None else self.hear(from_message(message)):
                self.bus.send(to_message(frame))

    def hear(self, frame):
        heard = self.end.heard(frame)
        if heard is None:
            return ()
        self.heard.append(heard)
        commands = len(self.setpoints)
        if isinstance(heard, Command) and self.deaf_after is not None and commands > self.deaf_after:
            return ()
        match heard:
            case Ask(name):
                return self.end.answer(name, self.kept[name])
            case Write(name, value):
                self.kept[name] = value
                return ()
            case Command(setpoint, _):
                moteus = self.end.model.protocol == "moteus"
                if moteus:
                    self.state = self.state._replace(power=Power.ON)
                if setpoint.stiffness > 0.0 and not self.stuck:
                    self.state = self.state._replace(position=setpoint.position, velocity=setpoint.velocity)
            case Special.ENABLE:
                self.state = self.state._replace(power=Power.ON)
            case Special.DISABLE:
                self.state = self.state._replace(power=Power.OFF)
            case Special.ZERO:
                self.state = self.state._replace(position=0.0)
            case Special() | Poll():
                pass
            case _:
                return ()
        return self.end.reply(self.state)
