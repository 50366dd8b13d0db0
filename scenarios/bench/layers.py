"""The layers of a control tick: which method of which object is which part of the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

STEP = "stepSimulation"
"""The physics engine's own step; the world times it itself."""
REST = "loop"
"""What is in no layer: the loop's own lines."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A method that belongs to a layer; what it calls that has a probe of its own does not count.

    Attributes:
        layer: Name of the layer.
        path: Attributes that lead to the object from one of the roots, a number being a place in a list.
        method: Its name.
        optional: Whether the object is None in some rides.
    """

    layer: str
    path: str
    method: str
    optional: bool = False

    def target(self, roots: Mapping[str, object]) -> Any:
        """The object that has the method, or None where the ride has none.

        Args:
            roots: `rider`, `bus`, `world` and `recorder`.

        Raises:
            AttributeError: An object on the way has no such attribute: the table is behind the code.
            TypeError: The object is None, and that is not allowed for.
        """
        name, *rest = self.path.split(".")
        target: Any = roots[name]
        for part in rest:
            target = target[int(part)] if part.isdecimal() else getattr(target, part)
        if target is None and self.optional:
            return None
        if not callable(getattr(target, self.method)):
            raise TypeError(f"{self.path}.{self.method} is no method")
        return target


def _probes(layer: str, path: str, *methods: str, optional: bool = False) -> tuple[Probe, ...]:
    return tuple(Probe(layer, path, method, optional) for method in methods)


PROBES = (
    *_probes("estimate", "rider._estimator", "update"),
    *_probes("plan", "rider._programme", "step"),
    *_probes("plan", "rider._route.course", "locate", "curvature_at"),
    *_probes("plan", "rider._guide", "step"),
    *_probes("plan", "rider.task", "step"),
    *_probes("steering", "rider._steering", "step"),
    *_probes("pedalling", "rider._pedalling", "drive", "park", "forces"),
    *_probes("whole body", "rider._chart", "at"),
    *_probes("whole body", "rider.posture.kinematics", "inverse_dynamics"),
    *_probes("rider", "rider", "step"),
    *_probes("guard", "bus", "exchange"),
    *_probes("bus", "bus._bus", "exchange"),
    *_probes("drives", "world._drives", "follow", "torque", "measure", "warm", "report"),
    *_probes("rotors", "world.rotors", "load"),
    *_probes("bicycle", "world.bicycle", "apply"),
    *_probes("forces", "world", "_air_drag"),
    *_probes("forces", "world._disturbances", "apply"),
    *_probes("forces", "world._audit", "add"),
    *_probes("readings", "world.robot", "read", "apply"),
    *_probes("readings", "world.bicycle", "read", "weigh_wheels"),
    *_probes("readings", "world._contacts", "look"),
    *_probes("ground", "world._ground", "lay", optional=True),
    *_probes("hands", "world._hands.0", "update"),
    *_probes("hands", "world._hands.1", "update"),
    *_probes("truth", "world", "_refresh"),
    *_probes("contacts", "world._contacts", "read"),
    *_probes("sensors", "world._senses", "read"),
    *_probes("world", "world", "advance", "sense"),
    *_probes("log", "recorder", "record_tick", "record_applied"),
)

LAYERS = (*dict.fromkeys(probe.layer for probe in PROBES), STEP, REST)
"""Every layer, in the order of a tick."""

MEANING = {
    "estimate": "attitude, steer and crank angle from the limbs, place, balance",
    "plan": "programme of speeds, route, place on the course, curvature ahead, modes",
    "steering": "steering law with preview",
    "pedalling": "push of the feet",
    "whole body": "posture chart and inverse dynamics",
    "rider": "the rest of the rider: feed-forward of feet and hands, telemetry, the command",
    "guard": "limits, age and finiteness of the command",
    "bus": "the simulated bus, without its world",
    "drives": "law of the drives, encoders, frames, windings; once a step",
    "rotors": "rotors as geared rotors; once a step",
    "bicycle": "chain, freewheel, brakes, bearings, rolling resistance; once a step",
    "forces": "air drag, wind, pushes, audit of impulses",
    "readings": "joints read from and torques written to PyBullet, weight on the wheels; once a step",
    "ground": "planes laid under the wheels on uneven ground; once a step",
    "hands": "grips, fingers and levers; once a step",
    "truth": "poses and figures for the judge; once a tick",
    "contacts": "forces of feet, saddle and wheels for the judge; once a tick",
    "sensors": "IMUs and localisation",
    "world": "the rest of the world's tick",
    STEP: "two steps of the physics engine",
    "log": "a row of the log",
    REST: "the loop's own lines",
}
"""What each layer does."""


class LayerTimer:
    """Wall time of each layer, exclusive of the layers that it calls, in nanoseconds since the last `clear`.

    Methods are wrapped on the objects from outside: a ride without probes has no line of this in it.
    """

    def __init__(self, layers: tuple[str, ...], clock: Callable[[], int]) -> None:
        """Time layers by a clock [ns]."""
        self.layers = layers
        self.spent = [0] * len(layers)
        """Time in each layer [ns]."""
        self.entered = [0] * len(layers)
        """How often each layer was entered through a probe."""
        self.left = [0] * len(layers)
        """How often a probe was called from each layer."""
        self._clock = clock
        self._current, self._since = layers.index(REST), clock()

    def clear(self) -> None:
        """Forget everything, and begin in the rest of the loop now."""
        for counts in (self.spent, self.entered, self.left):
            counts[:] = [0] * len(self.layers)
        self._current, self._since = self.layers.index(REST), self._clock()

    def stop(self) -> None:
        """Give the time since the last probe to the layer that runs."""
        now = self._clock()
        self.spent[self._current] += now - self._since
        self._since = now

    def install(self, target: object, method: str, layer: str) -> None:
        """Time a method of one object."""
        setattr(target, method, self.timed(getattr(target, method), layer))

    def timed(self, function: Callable[..., Any], layer: str) -> Callable[..., Any]:
        """A function that does the same and is timed."""
        index, clock = self.layers.index(layer), self._clock
        spent, entered, left = self.spent, self.entered, self.left

        def call(*arguments: Any, **keywords: Any) -> Any:
            caller = self._current
            left[caller] += 1
            entered[index] += 1
            self._current = index
            now = clock()
            spent[caller] += now - self._since
            self._since = now
            try:
                return function(*arguments, **keywords)
            finally:
                now = clock()
                spent[index] += now - self._since
                self._since = now
                self._current = caller

        return call


def install(timer: LayerTimer, roots: Mapping[str, object]) -> None:
    """Put every probe of the table onto a ride.

    Raises:
        AttributeError: The table is behind the code.
    """
    for probe in PROBES:
        target = probe.target(roots)
        if target is not None:
            timer.install(target, probe.method, probe.layer)
