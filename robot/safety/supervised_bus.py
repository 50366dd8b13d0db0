"""The supervised bus: a mode of the whole robot, watches, and one source of commands at a time, before a guard."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np

from robot.bus import Exchange, ManagedBus
from robot.command import AppliedCommand, Array, JointCommand, Reason, Reasons
from robot.command_clamp import POSITION, STIFFNESS
from robot.guard import GuardedBus
from robot.safety.arbiter import Arbiter, Choice, Verdict
from robot.safety.inspection import Inspection
from robot.safety.mode_machine import ModeMachine
from robot.safety.modes import TABLE, RobotMode
from robot.safety.reactions import HELD, Reactions
from robot.safety.records import FaultRecord, Trip
from robot.safety.shaper import Cut, Shaper, reasons_of
from robot.safety.supervision import DriveSwitch, Supervision
from robot.safety.watches import Reaction, Watch
from robot.shape import require_joint_count
from robot.state import RobotState

_STAGED, _MODE, _OUTRANKED, _STOPPED = map(np.uint16, (Reason.STAGED, Reason.MODE, Reason.OUTRANKED, Reason.STOPPED))
_EMERGENCY = Trip(Watch.EMERGENCY_STOP, None, math.nan, math.nan)
_BUS_STOPPED = Trip(Watch.BUS_STOPPED, None, math.nan, math.nan)


class SupervisedBus(ManagedBus):
    """A bus before a guard before a bus, for a robot with drives.

    After `open` it is in IDLE: nothing moves until somebody asks for DAMPING, READY and ACTIVE, one after another.
    An exchange does this:

    1. It takes the command as that of the caller's source, and lets the arbiter choose whose command counts.
    2. It looks at what concerns the command (silence, NaN); a trip changes the mode at once.
    3. The mode decides what goes out: free joints, damped joints, the pose that was measured, or the chosen command,
       which then goes the way of `Shaper`.
    4. The guard has the last word. Its own staleness and latch are there for the case that this class is wrong.
    5. The new state is held against the watches. What trips changes the mode before `exchange` returns, so that the
       next command is a safe one.

    The reactions to all watches are those of one table (`robot.safety.watches`).
    """

    def __init__(
        self,
        guard: GuardedBus,
        settings: Supervision,
        *,
        switch: DriveSwitch | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Supervise the bus behind a guard.

        Args:
            guard: The guard before the bus.
            settings: How.
            switch: Closes and opens the drives' loops; None where that is not to be done.
            clock: Tells the time on the time base of the states [s]; None takes the time of the newest state.

        Raises:
            ValueError: A setting has the wrong shape, or is not possible.
        """
        joints = guard.limits
        count = len(joints)
        for name in ("hold_stiffness", "hold_damping"):
            shape = np.shape(getattr(settings, name))
            if shape != (count,):
                raise ValueError(f"supervision: {name} has shape {shape}, expected ({count},)")
        self._guard, self._settings, self._switch = guard, settings, switch
        self._joints, self._count, self._table = joints, count, settings.watches
        self._arbiter: Arbiter[JointCommand] = Arbiter(settings.sources, settings.limits.lead)
        self._sources = frozenset(source.name for source in settings.sources)
        self._machine = ModeMachine()
        self._reactions = Reactions(settings.watches, self._machine, joints.names, settings.expendable_joints(joints))
        self._inspection = Inspection(joints, settings, clock)
        self._shaper = Shaper(guard, settings)
        self._clamp = guard.new_clamp()
        self._emergency = self._pressed = False
        self._forget()

    def _forget(self) -> None:
        """Be as before anything happened, but for an emergency stop."""
        self._inspection.start()
        self._stopped = self._powered = False
        self._not_finite: dict[str, Trip] = {}
        self._reactions.start()
        self._hold = np.zeros((5, self._count))
        self._arbiter.forget()
        self._machine.forget()

    @property
    def mode(self) -> RobotMode:
        """The mode of the robot."""
        return self._machine.mode

    @property
    def machine(self) -> ModeMachine:
        """Mode, latched faults and the last events."""
        return self._machine

    @property
    def arbiter(self) -> Arbiter[JointCommand]:
        """Who commands."""
        return self._arbiter

    @property
    def staged(self) -> bool:
        """Whether a command is being brought in by degrees."""
        return self.mode in HELD and self._shaper.staged

    @property
    def lost(self) -> tuple[int, ...]:
        """Indices of the expendable joints that are out of service."""
        return tuple(int(joint) for joint in np.flatnonzero(self._reactions.lost))

    def open(self) -> RobotState:
        """Open the bus behind; the mode is IDLE, or FAULT while an emergency stop is asked for."""
        self._leave()
        self._forget()
        state = self._guard.open()
        if self._stop_is_asked():
            self._pressed = False
            self._react(_EMERGENCY)
        else:
            self._machine.change(RobotMode.IDLE, state.time, "the bus was opened")
        self._arrive(state)
        return state

    def request(self, mode: RobotMode) -> None:
        """Ask for IDLE, DAMPING, READY or ACTIVE; it holds from the next exchange on.

        Raises:
            ValueError: The table of modes has no such change, or something stands against it; the message says what.
        """
        if mode in (RobotMode.OFF, RobotMode.FAULT):
            raise ValueError(f"mode {mode.name} cannot be requested; close the bus, or call emergency_stop")
        if self.mode is RobotMode.FAULT:
            faults = "; ".join(map(str, self._machine.faults))
            raise ValueError(f"mode {mode.name} refused: there are faults, clear them first: {faults}")
        before = self.mode
        TABLE.require(before, mode)
        if mode in HELD:
            against = [str(self._record(trip)) for trip in self._standing_against(mode)]
            if against:
                raise ValueError(f"mode {mode.name} refused: {'; '.join(against)}")
        self._reactions.why.fill(0)
        if mode is RobotMode.IDLE:
            self._power(False)
        elif mode is RobotMode.DAMPING:
            self._power(True)
        else:
            state, ticks = self._opened(), self._settings.ticks(self._settings.limits.enable_time)
            self._shaper.begin(state, ticks, at_rest=before is RobotMode.DAMPING)
            if mode is RobotMode.READY:
                self._hold = self._shaper.hold(state, self._settings)
        self._machine.change(mode, self._inspection.time, "requested")

    def submit(self, source: str, command: JointCommand) -> Verdict:
        """Take the command of a source; it counts from the next exchange on, if the source has the lease.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        self._opened()
        require_joint_count(command, self._count)
        clamp = self._clamp
        if not math.isfinite(command.time) or not (clamp.look(command) or clamp.is_finite()):
            if source in self._sources:
                self._not_finite[source] = Trip(Watch.COMMAND_NOT_FINITE, *_not_finite(command), math.nan, source)
            return Verdict.NOT_FINITE
        self._not_finite.pop(source, None)
        return self._arbiter.submit(source, command, command.time, self._inspection.now())

    def release(self, source: str) -> None:
        """Let a source give back its lease, and be forgotten as the cause of a fault."""
        self._arbiter.release(source)
        self._not_finite.pop(source, None)

    def exchange(self, command: JointCommand) -> Exchange:
        """Send what mode, watches and sources make of a command, and return the state after one control period.

        Raises:
            ValueError: An array of the command has the wrong shape.
            RuntimeError: The bus is not open.
        """
        state = self._opened()
        self.submit(self._settings.own, command)
        choice = self._choose(state)
        self._watch_command(choice)
        block, reasons = self._compose(state, choice)
        exchange = self._guard.exchange(JointCommand(self._inspection.time, *block))
        self._arrive(exchange.state, np.where(block[STIFFNESS] > 0.0, block[POSITION], np.nan))
        applied = exchange.applied
        return Exchange(exchange.state, AppliedCommand(applied.command, applied.reasons | reasons))

    def emergency_stop(self) -> None:
        """Damp every joint from the next exchange on, from any mode, until it is released and cleared.

        It only leaves a mark for that exchange, so it may come from another thread; the mark outlives a release.
        """
        self._emergency = self._pressed = True

    def release_emergency_stop(self) -> None:
        """Ask for the emergency stop no more; the fault stays until it is cleared."""
        self._emergency = False

    def clear(self) -> tuple[Trip, ...]:
        """Clear all faults, if their causes are gone: to DAMPING, or to IDLE with drives off.

        Lost joints come back too, but for those that are still not in order; they do not stand against the others.
        A drive keeps its own fault until it is asked to clear it. So if faults of drives are all that is left they are
        asked to, and clearing again succeeds once they say that they have.

        Returns:
            The causes that are still there; none when it is done.

        Raises:
            ValueError: The mode is READY or ACTIVE, where a joint that comes back would jump.
        """
        if self.mode in (RobotMode.OFF, *HELD):
            raise ValueError(f"faults cannot be cleared in mode {self.mode.name}; go to DAMPING first")
        left = tuple(self._causes())
        if all(trip.watch is Watch.DRIVE_FAULT for trip in left) and self._switch is not None:
            self._switch.clear()
        if left:
            return left
        self._reactions.start()
        self._machine.forget()
        if self._powered and self._switch is not None:
            self._switch.enable()  # a drive that had a fault, or that was without power, has opened its loop
        if self.mode is RobotMode.FAULT:
            after = RobotMode.DAMPING if self._powered else RobotMode.IDLE
            self._machine.change(after, self._inspection.time, "cleared")
        self._reactions.to_all(self._inspection.trips(), self._inspection.time)
        return ()

    def stop(self) -> None:
        """Damp every joint from now on, until the bus is opened again; the bus behind is stopped too."""
        self._stopped = True
        try:
            if self.mode is not RobotMode.OFF:
                self._react(_BUS_STOPPED)
        finally:
            self._guard.stop()

    def close(self) -> None:
        """Open the drives' loops and close the bus behind; closing twice does nothing."""
        try:
            self._leave()
        finally:
            self._inspection.start()
            self._guard.close()

    def _opened(self) -> RobotState:
        state = self._inspection.state
        if state is None:
            raise RuntimeError("the supervised bus is closed: open it before exchanging commands")
        return state

    def _stop_is_asked(self) -> bool:
        """Whether the emergency stop is asked for, or was since it was last heeded."""
        return self._emergency or self._pressed

    def _choose(self, state: RobotState) -> Choice[JointCommand] | None:
        """Let the arbiter choose; another source than before comes in by degrees."""
        choice = self._arbiter.choose(self._inspection.now())
        handover = self._arbiter.handover
        if handover is not None:
            self._machine.events.append(handover)
            if self.mode is RobotMode.ACTIVE and handover.after is not None:
                ticks = self._settings.ticks(self._settings.limits.handover_time)
                self._shaper.begin(state, ticks, at_rest=False)
        return choice

    def _watch_command(self, choice: Choice[JointCommand] | None) -> None:
        """React to what is wrong with the command, or with the age of the state by now."""
        if self._stop_is_asked():
            self._pressed = False
            self._react(_EMERGENCY)
        stale = self._inspection.stale()
        if stale is not None:
            self._react(stale)
        if choice is None:
            if self.mode is RobotMode.ACTIVE:
                self._react(Trip(Watch.CONTROLLER_SILENT, None, self._arbiter.age(self._inspection.now()), math.nan))
        elif choice.source in self._not_finite:
            self._react(self._not_finite[choice.source])

    def _compose(self, state: RobotState, choice: Choice[JointCommand] | None) -> tuple[Array, Reasons]:
        """What goes out in this mode, shape (5, n), and why."""
        if self.mode in HELD:
            if self.mode is RobotMode.READY or choice is None:
                block, reasons = self._hold.copy(), reasons_of(Reason.MODE, self._count)
            else:
                block, reasons = self._asked(choice)
            if self._shaper.staged:
                reasons |= _STAGED
            lost = self._reactions.lost if np.count_nonzero(self._reactions.lost) else None
            for cut in self._shaper.shape(block, state, lost):
                self._account(cut, reasons)
            reasons |= self._reactions.why_lost
            if self.mode in HELD:
                return block, reasons
        reasons = self._reactions.why | self._reactions.why_lost | _STOPPED
        if self.mode is not RobotMode.FAULT:
            reasons |= _MODE
        return self._shaper.rest(state, free=self.mode is RobotMode.IDLE), reasons

    def _asked(self, choice: Choice[JointCommand]) -> tuple[Array, Reasons]:
        """The chosen command within the limits, and what had to be clamped."""
        clamp, reasons = self._clamp, reasons_of(Reason.NONE, self._count)
        if not clamp.look(choice.what):
            reasons |= clamp.reasons()
            if self._table[Watch.COMMAND_OUTSIDE].reaction >= Reaction.STOP:
                joint = int(np.argmax(reasons != 0))
                self._react(Trip(Watch.COMMAND_OUTSIDE, joint, float(choice.what.position[joint]), math.nan))
        if choice.source != self._settings.own:
            reasons |= _OUTRANKED
        return clamp.allowed.copy(), reasons

    def _account(self, cut: Cut, reasons: Reasons) -> None:
        """Tell why joints got less, and react to it if the table asks for more than that."""
        row = self._table[cut.watch]
        np.bitwise_or(reasons, np.uint16(row.reason), out=reasons, where=cut.joints)
        if row.reaction >= Reaction.STOP:
            joint = int(np.argmax(cut.joints))
            self._react(Trip(cut.watch, joint, float(cut.asked[joint]), math.nan))

    def _arrive(self, state: RobotState, sent: Array | None = None) -> None:
        """Hold a new state against the watches, and against the positions that were sent before it (NaN: free)."""
        self._inspection.arrive(state, sent)
        self._reactions.to_all(self._inspection.trips(), self._inspection.time)

    def _react(self, trip: Trip) -> None:
        self._reactions.to(trip, self._inspection.time)

    def _standing_against(self, mode: RobotMode) -> Iterator[Trip]:
        """What would end a mode as soon as it began."""
        if self._stop_is_asked():
            yield _EMERGENCY
        for trip in self._inspection.trips(at_once=True):
            row = self._table[trip.watch]
            if row.reaction >= Reaction.STOP and mode in row.modes and not self._reactions.alone(trip):
                yield trip
        if mode is RobotMode.ACTIVE and self._arbiter.leader(self._inspection.now()) is None:
            yield Trip(
                Watch.CONTROLLER_SILENT, None, self._arbiter.age(self._inspection.now()), math.nan, "no source commands"
            )

    def _causes(self) -> Iterator[Trip]:
        """Causes of faults that are still there."""
        if self._stop_is_asked():
            yield _EMERGENCY
        if self._stopped:
            yield _BUS_STOPPED
        latched = {(fault.watch, fault.joint) for fault in self._machine.faults}
        for trip in (*self._not_finite.values(), *self._inspection.trips(at_once=True)):
            row = self._table[trip.watch]
            if trip.watch is Watch.DRIVE_OFF or row.reaction < Reaction.STOP or self._reactions.alone(trip):
                continue  # a drive that is off is asked to be on when its fault is cleared
            if RobotMode.FAULT in row.modes or (trip.watch, self._record(trip).joint) in latched:
                yield trip

    def _power(self, on: bool) -> None:
        """Close or open the drives' loops, if that is not so yet."""
        if self._powered == on:
            return
        self._powered = on
        if self._switch is not None:
            (self._switch.enable if on else self._switch.disable)()

    def _leave(self) -> None:
        """Go to OFF, by way of DAMPING."""
        if self.mode is RobotMode.OFF:
            return
        if self.mode in HELD:
            self._machine.change(RobotMode.DAMPING, self._inspection.time, "the bus is being closed")
        self._power(False)
        self._machine.change(RobotMode.OFF, self._inspection.time, "the bus is being closed")

    def _record(self, trip: Trip) -> FaultRecord:
        return self._reactions.record(trip, self._inspection.time)


def _not_finite(command: JointCommand) -> tuple[int | None, float]:
    """The first joint of a command with a number that is not finite, and that number; None if it is the time."""
    for values in (command.position, command.velocity, command.torque, command.stiffness, command.damping):
        bad = np.flatnonzero(~np.isfinite(values))
        if bad.size:
            return int(bad[0]), float(values[bad[0]])
    return None, command.time
