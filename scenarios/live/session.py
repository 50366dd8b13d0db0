"""What somebody does in a live ride, whatever it is shown in: keys held and pressed, pause, slow motion, cameras."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from math import pi
from time import perf_counter

from controllers.riding.modes import STANDING, RideMode
from controllers.riding.stop import Foot
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.errors import BadInput
from scenarios.live.live_ride import LiveRide, Picture
from scenarios.live.pacer import Pacer
from scenarios.live.tuning import changes_of


class Act(Enum):
    """What can be done; the value says it to a person."""

    LEFT = "steer left, while held"
    RIGHT = "steer right, while held"
    FASTER = "faster, while held; at rest: go"
    SLOWER = "slower, while held"
    HALT = "brake and put the left foot down; at rest: go"
    HALT_RIGHT = "brake and put the right foot down; at rest: go"
    PUSH_LEFT = "push the torso to the left"
    PUSH_RIGHT = "push the torso to the right"
    PAUSE = "pause, and go on"
    STEP = "a single step, paused"
    SLOW_MOTION = "a quarter of real time, and back"
    RESTART = "begin anew"
    CAMERA = "the next camera"
    TUNE = "sliders, on and off: gains, noise, delay, friction"
    HELP = "these lines, on and off"


KEYS: dict[str, Act] = {
    "left": Act.LEFT, "right": Act.RIGHT, "up": Act.FASTER, "down": Act.SLOWER,
    "space": Act.HALT, "f": Act.HALT_RIGHT, "j": Act.PUSH_LEFT, "l": Act.PUSH_RIGHT,
    "p": Act.PAUSE, "n": Act.STEP, "m": Act.SLOW_MOTION, "r": Act.RESTART, "c": Act.CAMERA, "t": Act.TUNE,
    "h": Act.HELP,
}  # fmt: skip
"""Which key does what."""


class View(Enum):
    """Where it is looked at from."""

    FOLLOW = "follow"
    SIDE = "side"
    BEHIND = "behind"
    EYE = "rider's eye"


@dataclass(frozen=True, slots=True)
class SessionParameters:
    """How held keys act.

    Attributes:
        turning: How fast the bend that is asked for grows while a key is held, and goes back after it [1/s].
        speeding: How fast the speed that is asked for changes while a key is held [m/s²].
        push: Impulse of a push [N·s].
        slow: Rate of slow motion [1].
        most: Most ticks at a time.
    """

    turning: tuple[float, float] = (1.2, 2.5)
    speeding: float = 0.8
    push: float = 15.0
    slow: float = 0.25
    most: int = 25


class Session:
    """Carries a live ride on in real time, as somebody wants it."""

    def __init__(
        self, ride: LiveRide, parameters: SessionParameters | None = None, clock: Callable[[], float] = perf_counter
    ) -> None:
        """Take a ride; `clock` gives the time on the wall [s]."""
        self.ride = ride
        self._parameters = parameters or SessionParameters()
        self._clock = clock
        self.pacer = Pacer(CONTROL_PERIOD, clock)
        """Keeps it in step with the wall."""
        self.paused = False
        """Whether it stands still."""
        self.view = View.FOLLOW
        """Where it is looked at from."""
        self.help = True
        """Whether the keys are to be shown."""
        self.tuning = False
        """Whether the sliders are to be shown."""
        self.trouble = ""
        """What is wrong with the values that were last asked for, or nothing."""
        self._given = ride.overrides
        self._changed = clock()

    def hold(self, acts: Iterable[Act], bend: float = 0.0, quicken: float = 0.0) -> None:
        """Say which acts are held now; to be called at every turn of the loop, also with none.

        Args:
            acts: Those acts.
            bend: Of a stick, from -1 (right) to 1 (left); it is the bend that is asked for, at once.
            quicken: Of a stick, from -1 (slower) to 1 (faster).
        """
        p, helm, held = self._parameters, self.ride.helm, set(acts)
        now = self._clock()
        passed, self._changed = now - self._changed, now
        if self.paused:
            return
        toward = (Act.LEFT in held) - (Act.RIGHT in held)
        if bend:
            helm.ask(turn=bend)
        elif toward:
            start = helm.turn if helm.turn * toward > 0.0 else 0.0
            helm.ask(turn=start + toward * p.turning[0] * passed)
        elif helm.turn:
            size = max(0.0, abs(helm.turn) - p.turning[1] * passed)
            helm.ask(turn=size if helm.turn > 0.0 else -size)
        faster = quicken or (Act.FASTER in held) - (Act.SLOWER in held)
        if faster and not self.stands:
            helm.ask(speed=helm.speed + faster * p.speeding * passed)

    def press(self, act: Act) -> None:
        """Do what is done once for each press of a key; what acts while held is done by `hold`."""
        p, ride = self._parameters, self.ride
        match act:
            case Act.FASTER if self.stands:
                ride.helm.go()
            case Act.HALT:
                self._halt("left")
            case Act.HALT_RIGHT:
                self._halt("right")
            case Act.PUSH_LEFT:
                ride.shove(p.push, 0.5 * pi)
            case Act.PUSH_RIGHT:
                ride.shove(p.push, -0.5 * pi)
            case Act.PAUSE:
                self.paused = not self.paused
                self.pacer.restart()
            case Act.STEP if self.paused:
                ride.tick()
            case Act.SLOW_MOTION:
                self.pacer.rate = p.slow if self.pacer.rate == 1.0 else 1.0
                self.pacer.restart()
            case Act.RESTART:
                ride.restart()
                self.pacer.restart()
            case Act.CAMERA:
                views = list(View)
                self.view = views[(views.index(self.view) + 1) % len(views)]
            case Act.TUNE:
                self.tuning = not self.tuning
            case Act.HELP:
                self.help = not self.help
            case _:
                pass

    def tune(self, values: Sequence[float]) -> bool:
        """Begin anew with a value for each of `TUNINGS`; without, and with `trouble`, if they cannot be."""
        try:
            self.ride.restart((*self._given, *changes_of(values)))
        except BadInput as error:
            self.trouble = str(error)
            return False
        self.trouble = ""
        self.pacer.restart()
        return True

    @property
    def stands(self) -> bool:
        """Whether the bicycle stands on a foot and is to be told to go."""
        return self.ride.helm.held and self.ride.mode in (*STANDING, RideMode.FOOT_DOWN)

    def advance(self) -> int:
        """Let those ticks pass that are due by the clock, and say how many there were."""
        ticks = 0 if self.paused else self.pacer.due(self._parameters.most)
        for _ in range(ticks):
            self.ride.tick()
        return ticks

    def lines(self, picture: Picture) -> list[str]:
        """What there is to be read: speed, roll, mode, what is asked for, and how fast it goes."""
        helm, pacer = self.ride.helm, self.pacer
        asked = "follows the course" if not helm.taken else f"asked {helm.speed:.1f} m/s, bend {helm.turn:+.1f}"
        if self.paused:
            pace = "paused"
        else:
            late = "" if pacer.keeps_up else ": this machine cannot keep up"
            pace = f"{pacer.factor:.2f} x real time{late}"
        state = "FALLEN: r begins anew" if picture.fallen else picture.mode.name.lower().replace("_", " ")
        if not picture.fallen and self.stands:
            state += ": space or up goes on"
        lines = [
            f"{picture.speed:4.1f} m/s   roll {picture.roll:+.2f} rad   {state}",
            f"{asked}   {100 * picture.aside:+.0f} cm beside its way",
            f"{picture.time:6.1f} s   {pace}",
        ]
        return [*lines, self.trouble] if self.trouble else lines

    def _halt(self, foot: Foot) -> None:
        if self.stands:
            self.ride.helm.go()
        else:
            self.ride.helm.halt(foot)
