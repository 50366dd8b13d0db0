"""A scenario as an environment: the same controller, senses and world as in `draisine run`, and a policy on top."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

import gymnasium
import numpy as np
from numpy.typing import NDArray

from controllers.learned.interface import Action, PolicyInterface
from controllers.learned.observation import FIELDS
from controllers.learned.policy import Idle, Vector
from robot import RobotState
from scenarios.assembly import assemble
from scenarios.common_schema import CONTROL_PERIOD
from scenarios.context import RunContext
from scenarios.gym.rewards import Moment, Term, weighted
from scenarios.kinds import KINDS
from scenarios.loader import load
from scenarios.policy_file import policy_on
from scenarios.randomize import draw
from scenarios.ride import Ride
from scenarios.run_log import Recorder, RunLog
from scenarios.schema import Scenario

SENSES = {
    "ride": (
        "joint_position", "joint_velocity", "pelvis_up", "pelvis_rate", "torso_up", "torso_rate", "action", "lean",
        "roll_rate", "steer", "steer_rate", "steer_asked", "speed", "speed_asked", "off_course", "crank", "crank_rate",
    ),
    "foot": (
        "joint_position", "joint_velocity", "pelvis_up", "pelvis_rate", "torso_up", "torso_rate", "action",
        "com_velocity", "com_from_reference", "contact", "foot_load", "velocity_asked",
    ),
}  # fmt: skip
"""Fields of an observation where none are named."""
REACH: dict[Action, float] = {"residual": 0.1, "position": 0.5}
"""By how much an action of 1 moves a joint where nothing is said [rad]."""
_GRIPS = "*grip*"
"""Joints that are not moved where none are named: hands that let go."""
_SEEDS = 2**31
_SIZE = (640, 360)


class ScenarioEnv(gymnasium.Env[Vector, Vector]):
    """An episode is a run of the scenario with a seed of its own, until it falls, is done, or its time is over.

    **Action**, shape (m,), each from -1 to 1: how far each of the moved joints goes, times `reach` [rad], from where
    the controller below wants it (`residual`), or from where it was at the start (`position`). It holds for `hold`
    control ticks of 2 ms, over which the joints go there evenly.

    **Observation**, shape (k,), float32, in SI units: the fields of `senses` one after the other, as
    `controllers.learned.observation.FIELDS` describes them; `places` says where. It is the robot's own senses, with
    their noise and delay, and what the controller below believes; no truth.

    **Reward**: the weighted sum of `terms`, of the truth at the end of a step; `info["reward_terms"]` has each of them.

    **Terminated** by a fall, **truncated** when all is done or the time is over; `info["end"]` says which.
    `info["seed"]` and `info["changes"]` make the same run with `draisine run`.
    """

    metadata = {"render_modes": ["rgb_array"]}  # noqa: RUF012 - what Gymnasium wants

    def __init__(
        self, scenario: str, *, overrides: Sequence[str] = (), action: Action = "residual",
        joints: Sequence[str] | None = None, reach: float | Sequence[float] | None = None, hold: int = 10,
        senses: Sequence[str] | None = None, rewards: Mapping[str, float] | None = None, vary: bool = False,
        render_mode: str | None = None,
    ) -> None:  # fmt: skip
        """Describe the environment; nothing is built before `reset`.

        Args:
            scenario: Name of a scenario of the library, or path to a file.
            overrides: Changes to it, ``key=value`` each.
            action: What an action changes.
            joints: Patterns of names of the joints that it moves; all but those of the grips where none are named.
            reach: How far an action of 1 moves them [rad].
            hold: Control ticks that an action lasts.
            senses: Fields of the observation.
            rewards: Weights of terms that are to be others, by name; 0 leaves a term out.
            vary: Whether each episode is drawn from the scenario's `[randomize]` table, as samples of a sweep are.
            render_mode: `rgb_array`, or None.

        Raises:
            BadInput: There is no such scenario, or a change is wrong.
            ValueError: There is no such action, joint, field, term or mode, or `hold` is too short; the message says
                what there is.
        """
        if render_mode not in (None, "rgb_array"):
            raise ValueError(f"render_mode {render_mode!r}: there is 'rgb_array'")
        if action not in REACH:
            raise ValueError(f"action {action!r}: there are {' and '.join(map(repr, REACH))}")
        if hold < 1:
            raise ValueError(f"hold {hold!r}: an action lasts at least 1 control tick")
        self.render_mode, self._reference, self._overrides, self._vary = render_mode, scenario, tuple(overrides), vary
        named = load(scenario, overrides)
        self.metadata = {**self.metadata, "render_fps": round(1.0 / (hold * CONTROL_PERIOD))}
        self.terms: tuple[Term, ...] = weighted(named.kind, rewards or {})
        """What is rewarded, with its weights."""
        kind = KINDS[named.kind]
        built = assemble(named, 0)
        names = built.context.joint_names
        built.bus.close()
        moved = _chosen(names, joints)
        far = REACH[action] if reach is None else reach
        reaches = (float(far),) * len(moved) if isinstance(far, int | float) else tuple(map(float, far))
        self.interface = PolicyInterface(
            named.kind, action, moved, reaches, hold, SENSES[named.kind] if senses is None else tuple(senses)
        )
        """What a policy of this environment sees and moves; it goes into the policy's file."""
        idle = Idle(len(moved))
        self._kind, self._idle, self._layout = kind, idle, kind.layout.for_joints(len(names))
        seen = policy_on(built, self.interface, idle).map
        self.places = seen.slices
        """Where each field stands in an observation."""
        self.action_space = gymnasium.spaces.Box(-1.0, 1.0, (len(moved),), np.float32)
        self.observation_space = gymnasium.spaces.Box(-np.inf, np.inf, (seen.size,), np.float32)
        self._episode: _Episode | None = None
        self._painter: Any = None

    @property
    def units(self) -> dict[str, tuple[str, str]]:
        """Unit and meaning of each field of an observation."""
        fields = FIELDS[self.interface.kind]
        return {name: (fields[name].unit, fields[name].about) for name in self.interface.senses}

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Vector, dict[str, Any]]:  # fmt: skip
        """Begin an episode.

        Args:
            seed: Of all episodes from this one on, which draw their runs' seeds from it.
            options: `seed`, that of this run as `draisine run` has it; `overrides`, changes for this run alone, after
                those of the environment.

        Raises:
            BadInput: A change is wrong.
            ValueError: There is no such option.
        """
        super().reset(seed=seed)
        asked = dict(options or {})
        run_seed = int(asked.pop("seed", self.np_random.integers(_SEEDS)))
        overrides = (*self._overrides, *asked.pop("overrides", ()))
        if asked:
            raise ValueError(f"option {next(iter(asked))!r}: there are 'seed' and 'overrides'")
        if self._vary:
            scenario, overrides, _ = draw(self._reference, overrides, run_seed, 0)
        else:
            scenario = load(self._reference, overrides)
        self._end()
        self._episode = _Episode(scenario, run_seed, overrides, self)
        return self._episode.controller.observation(), self._episode.info()

    def step(self, action: Vector) -> tuple[Vector, float, bool, bool, dict[str, Any]]:
        """Act for `hold` ticks.

        Raises:
            RuntimeError: There is no episode, or it is over.
            ValueError: The action has the wrong shape, or is not finite.
        """
        episode = self._episode
        if episode is None or episode.end:
            raise RuntimeError("there is no episode that goes on: call reset first")
        asked = np.asarray(action, dtype=np.float32)
        if asked.shape != self.action_space.shape or not np.isfinite(asked).all():
            raise ValueError(f"an action has shape {self.action_space.shape} and finite numbers, not {action!r}")
        moment = episode.step(np.clip(asked, -1.0, 1.0))
        terms = {term.name: term.weight * term.value(moment) for term in self.terms}
        info = {**episode.info(), "reward_terms": terms}
        over = bool(info["end"]) and not moment.fallen
        return episode.controller.observation(), math.fsum(terms.values()), moment.fallen, over, info

    def render(self) -> Any:
        """The picture at the end of the last step, shape (360, 640, 3); None without a mode.

        Raises:
            RuntimeError: There is no episode.
        """
        if self.render_mode is None:
            return None
        episode = self._episode
        if episode is None:
            raise RuntimeError("there is no episode to be seen: call reset first")
        from scenarios.video import BESIDE, Painter, still  # which needs an encoder and PyBullet's renderer

        strip = still(episode.log.at(episode.row), episode.context)
        if self._painter is None:
            self._painter = Painter(episode.context, _SIZE, (BESIDE,), strip.way)
        return self._painter.paint(strip, 0)

    def close(self) -> None:
        """End the episode."""
        self._end()

    def _end(self) -> None:
        if self._episode is not None:
            self._episode.close()
        if self._painter is not None:
            self._painter.close()
        self._episode = self._painter = None


class _Episode:
    """A run that goes on step by step."""

    def __init__(self, scenario: Scenario, seed: int, changes: Sequence[str], env: ScenarioEnv) -> None:
        self._ride: Ride = assemble(scenario, seed)
        self._seed, self._changes, self._hold = seed, tuple(changes), env.interface.hold
        self._last = math.ceil(scenario.duration / CONTROL_PERIOD - 1e-9)
        self.controller = policy_on(self._ride, env.interface, env._idle)
        self._state: RobotState = self._ride.bus.open()
        self.log, self.row = RunLog(2, env._layout), 0
        """The ends of this step and of the one before, and which of them is this one."""
        self._recorder = Recorder(self.log, self._ride.world().truth)
        self._fallen = env._kind.watch(self.log)
        self._action: NDArray[np.float32] = np.zeros(env.action_space.shape or 0, dtype=np.float32)
        self._ticks = 0
        self.end = ""
        """Why it is over; nothing while it goes on."""
        self.controller.reset(self._state)
        self._think()
        self._record()

    @property
    def context(self) -> RunContext:
        """Course or ground, as it is now."""
        return self._ride.ridden(self._ride.context)

    def step(self, action: NDArray[np.float32]) -> Moment:
        self.controller.act(action)
        for _ in range(self._hold):
            self._state, _ = self._ride.bus.exchange(self.controller.command())
            self._ticks += 1
            self._think()
            if self.controller.finished or self._ticks >= self._last:
                break
        self.row = 1 - self.row
        self._record()
        fallen = self._fallen(self.row)
        if fallen:
            self.end = "fallen"
        elif self.controller.finished:
            self.end = "completed"
        elif self._ticks >= self._last:
            self.end = "out of time"
        before, self._action = self._action, action
        return Moment(self.log, self.row, 1 - self.row, self.context, action, before, fallen)

    def info(self) -> dict[str, Any]:
        return {
            "time": self._ticks * CONTROL_PERIOD, "end": self.end, "seed": self._seed, "changes": self._changes,
        }  # fmt: skip

    def close(self) -> None:
        self._ride.bus.stop()
        self._ride.bus.close()

    def _think(self) -> None:
        self.controller.think(self._state)

    def _record(self) -> None:
        self._recorder.record_tick(self.row, self._state, self.controller.telemetry)


def _chosen(names: Sequence[str], patterns: Sequence[str] | None) -> tuple[str, ...]:
    """The joints that patterns name, in the robot's order.

    Raises:
        ValueError: A pattern names none.
    """
    if patterns is None:
        return tuple(name for name in names if not fnmatchcase(name, _GRIPS))
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise ValueError(f"joints: no joint is named {pattern!r}; there are {', '.join(names)}")
    return tuple(name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns))
