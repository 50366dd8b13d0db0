"""Makes a path that was found by search an even one, within the same limits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

import daqp
import numpy as np
from numpy.typing import NDArray

from controllers.riding.planning.clearance import Clearance
from controllers.riding.planning.course_map import Waypoint
from controllers.riding.planning.dock import EXACT, Dock
from controllers.riding.planning.limits import PathLimits
from controllers.riding.planning.passing import across, passages
from controllers.riding.planning.path import ClothoidPath, Samples
from controllers.riding.planning.search import Task
from controllers.rotation import wrap

Array = NDArray[np.float64]

PER_KNOT = 10
"""Points from knot to knot at which the path is held against the map."""
_WITHIN = 0.999
"""Share of the limits of curvature and its rate that is used, so that rounding does not pass them."""
_SPARE = 0.02
"""By how much a step that is linear keeps further within limits of places than it must, where the path is [m]."""
_PAST, _BARELY = 0.3, 0.05
"""How far past the last line a step keeps the path that is there; from where less is left it is prolonged [m]."""
_MOST_LACKING = 4
"""Knots by which a step prolongs the path at most."""
_REACH, _LEAST, _GREATEST = 0.3, 0.02, 0.6
"""How far to the side a step may move the path: first, least and greatest [m]."""
_STRETCH = 0.05
"""Share by which a step may change the path's length."""
_STEPS = 40
_ENOUGH = 1e-3
"""Gain of a step, as a share of the cost, with which it is good enough."""
_BEND, _CHANGE, _NARROW, _ASIDE, _ASKEW = 20.0, 60.0, 4.0, 4.0, 150.0
"""Cost of curvature [m²], its rate [m⁴] and of what is lacking in room [1/m²] over the path's length, and of passing
beside a waypoint's middle [1/m] and off its heading [m]."""
_ROUNDS = 6
"""Corrections after a step, at most, with which the end comes back onto the line of a dock."""
_FREE = 1e30
_EQUALITY = 5
"""What daqp calls a row that is an equality."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows of a quadratic program: matrix (m, n), lower and upper bounds (m,)."""

    matrix: Array
    lower: Array
    upper: Array


class Smoothing:
    """Sequential quadratic programming over the curvature of the knots and the length of the path.

    The cost is length + ∫ (20 κ² + 60 κ'² + 4 n²) ds + Σ (4 d² + 150 ψ²), with n what the distance from each thing in
    the way lacks in room, d the distance from a waypoint's middle and ψ the angle to its heading, so that room is left
    for what the rider errs by. Up to a dock, if there is one, the length
    counts; the end is brought back onto its line after each step, by the least change of the curvatures that does it
    (Newton's method). Each step solves the program whose constraints are linear about the present path, within a trust
    region that is a distance to the side (Nocedal, Wright 2006, chapter 18), and is taken only if the new path keeps
    every limit and costs less. So the path can be ridden after every step, from that of the search on. Programs are
    solved by daqp (Arnström, Bemporad, Axehill 2022).
    """

    def __init__(self, task: Task, limits: PathLimits, clearance: Clearance) -> None:
        """Smooth paths that do a task within limits, and keep clear of what stands in the way."""
        self._task, self._limits, self._clearance = task, limits, clearance

    def run(self, path: ClothoidPath) -> ClothoidPath:
        """The smoothed path; its start is that of the given one, which keeps every limit."""
        reach = _REACH
        cost = self._cost(path)
        for _ in range(_STEPS):
            trial = self._step(path, reach)
            better = np.inf if trial is None or not self.keeps_limits(trial) else self._cost(trial)
            if trial is None or better >= cost:
                reach *= 0.4
                if reach < _LEAST:
                    break
                continue
            gain = cost - better
            path, cost = trial, better
            reach = min(_GREATEST, 1.5 * reach)
            if gain < _ENOUGH * cost:
                break
        return path

    def keeps_limits(self, path: ClothoidPath) -> bool:
        """Whether a path keeps the limits and its distance from everything, and passes every goal."""
        limits = self._limits
        if np.abs(path.curvature).max() > limits.curvature or np.abs(path.curvature_rate).max() > limits.curvature_rate:
            return False
        samples = path.sample(PER_KNOT)
        if self._clearance.of(samples.points).min() < limits.margin:
            return False
        if len(self._passages(samples)) < len(self._task.goals):
            return False
        dock = self._task.dock
        if dock is None:
            return True
        depth, aside, turn = dock.off(path)
        return depth <= EXACT and max(abs(aside), abs(turn)) < 10 * EXACT

    def _passages(self, samples: Samples) -> list[float]:
        return passages(self._task.goals, samples.points, samples.heading, self._limits.margin)

    def _cost(self, path: ClothoidPath) -> float:
        samples = path.sample(PER_KNOT)
        passing = 0.0
        for goal, index in zip(self._task.goals, self._passages(samples), strict=True):
            if isinstance(goal, Waypoint):
                apart = samples.points[round(index)] - goal.at
                askew = _askew(goal, float(samples.heading[round(index)]))
                passing += _ASIDE * float(apart @ apart) + _ASKEW * askew * askew
        bend = _BEND * float((path.curvature**2).sum()) + _CHANGE * float((path.curvature_rate**2).sum())
        lacking = np.maximum(0.0, self._limits.room - self._clearance.vectors(samples.points)[0])
        narrow = _NARROW / PER_KNOT * float((lacking**2).sum())
        rest = 0.0 if self._task.dock is None else self._task.dock.rest(path)
        return path.length + rest + path.step * (bend + narrow) + passing

    def _step(self, path: ClothoidPath, reach: float) -> ClothoidPath | None:
        """The path after a step; None where the program has no solution."""
        samples = path.sample(PER_KNOT)
        moved, turned = _sensitivity(path, samples)
        size = path.curvature.size + 1
        hessian, gradient = self._quadratic_cost(path, samples, moved, turned)
        if self._task.dock is not None:
            gradient -= _ahead(self._task.dock) @ moved[-1]
        rows = [
            self._bounds(path),
            self._rates(path),
            _trust(samples, moved, reach),
            self._clear(samples, moved, reach),
            self._goals(samples, moved, turned),
        ]
        if self._task.dock is not None:
            rows.append(_docked(self._task.dock, path, moved, turned))
        matrix = np.vstack([row.matrix for row in rows])
        upper = np.concatenate([row.upper for row in rows])
        lower = np.concatenate([row.lower for row in rows])
        sense = np.where(lower == upper, _EQUALITY, 0).astype(np.int32)
        change, _, flag, _ = daqp.solve(hessian, gradient, matrix, upper, lower, sense)
        if flag < 1:
            return None
        curvature = path.curvature + change[: size - 1]
        curvature[0] = path.curvature[0]
        stepped = replace(path, curvature=curvature, step=path.step * (1.0 + float(change[-1])))
        return self._prolonged(stepped) if self._task.dock is None else _onto_line(self._task.dock, stepped)

    def _prolonged(self, path: ClothoidPath) -> ClothoidPath:
        """The path with as many straight steps at its end as it lacks to be past the last line."""
        last = self._task.goals[-1]
        if isinstance(last, Waypoint):
            return path
        _, ahead, _ = across(last)
        samples = path.sample(PER_KNOT)
        depth = float((samples.points[-1] - last.left) @ ahead)
        slope = float((samples.points[-1] - samples.points[-2]) @ ahead) * PER_KNOT
        if depth >= _BARELY or slope <= 0.0:
            return path
        lacking = min(ceil((_PAST - depth) / slope), _MOST_LACKING)
        return replace(path, curvature=np.append(path.curvature, np.zeros(lacking)))

    def _quadratic_cost(self, path: ClothoidPath, samples: Samples, moved: Array, turned: Array) -> tuple[Array, Array]:
        """Hessian (n, n) and gradient (n,) of the cost, over the knots' curvatures and the share of the length."""
        knots = path.curvature.size
        difference = np.diff(np.eye(knots), axis=0) / path.step
        weight = 2.0 * path.step * (_BEND * np.eye(knots) + _CHANGE * difference.T @ difference)
        hessian = np.zeros((knots + 1, knots + 1))
        hessian[:knots, :knots] = weight
        hessian[knots, knots] = path.length
        bend, change = _BEND * (path.curvature**2).sum(), _CHANGE * (path.curvature_rate**2).sum()
        gradient = np.append(weight @ path.curvature, path.length + path.step * float(bend - change))
        lacking, closer = self._lacking(samples, moved)
        share = path.step * _NARROW / PER_KNOT
        hessian += 2.0 * share * closer.T @ closer
        gradient += 2.0 * share * lacking @ closer
        gradient[knots] += share * float(lacking @ lacking)
        for goal, index in zip(self._task.goals, self._passages(samples), strict=True):
            if isinstance(goal, Waypoint):
                row = round(index)
                place, turn = moved[row], turned[row]
                hessian += 2.0 * _ASIDE * place.T @ place
                gradient += 2.0 * _ASIDE * (samples.points[row] - goal.at) @ place
                if goal.heading is not None:
                    hessian += 2.0 * _ASKEW * np.outer(turn, turn)
                    gradient += 2.0 * _ASKEW * _askew(goal, float(samples.heading[row])) * turn
        return hessian, gradient

    def _lacking(self, samples: Samples, moved: Array) -> tuple[Array, Array]:
        """What distances lack in room where they do, shape (m,) [m], and how it changes, shape (m, n)."""
        distance, away = self._clearance.vectors(samples.points)
        place, obstacle = np.nonzero(distance < self._limits.room)
        closer = -np.einsum("id,idn->in", away[place, obstacle], moved[place])
        return self._limits.room - distance[place, obstacle], closer

    def _bounds(self, path: ClothoidPath) -> _Rows:
        """The curvature of the knots, of which the first is given and the last zero, and the path's length."""
        most = _WITHIN * self._limits.curvature
        upper, lower = most - path.curvature, -most - path.curvature
        upper[0] = lower[0] = 0.0
        upper[-1] = lower[-1] = -path.curvature[-1]
        return _Rows(np.eye(path.curvature.size + 1), np.append(lower, -_STRETCH), np.append(upper, _STRETCH))

    def _rates(self, path: ClothoidPath) -> _Rows:
        most = _WITHIN * self._limits.curvature_rate * path.step
        knots = path.curvature.size
        change = np.diff(np.eye(knots), axis=0)
        stretch = np.full((knots - 1, 1), most)
        now = np.diff(path.curvature)
        matrix = np.vstack((np.hstack((change, -stretch)), np.hstack((-change, -stretch))))
        upper = np.concatenate((most - now, most + now))
        return _Rows(matrix, np.full(upper.size, -_FREE), upper)

    def _clear(self, samples: Samples, moved: Array, reach: float) -> _Rows:
        distance, away = self._clearance.vectors(samples.points)
        row, obstacle = np.nonzero(distance < self._limits.margin + 2.0 * reach)
        near = distance[row, obstacle]
        matrix = np.einsum("id,idn->in", away[row, obstacle], moved[row])
        lower = np.minimum(near, self._limits.margin + _SPARE) - near
        return _Rows(matrix, lower, np.full(near.size, _FREE))

    def _goals(self, samples: Samples, moved: Array, turned: Array) -> _Rows:
        matrix, lower, upper = [], [], []
        for goal, index in zip(self._task.goals, self._passages(samples), strict=True):
            if isinstance(goal, Waypoint):
                row = round(index)
                apart = samples.points[row] - goal.at
                distance = float(np.hypot(*apart))
                matrix.append(apart / max(distance, 1e-9) @ moved[row])
                lower.append(-_FREE)
                upper.append(max(distance, goal.radius - _SPARE) - distance)
                if goal.heading is not None:
                    error = _askew(goal, float(samples.heading[row]))
                    matrix.append(turned[row])
                    lower.append(-goal.heading_tolerance - error)
                    upper.append(goal.heading_tolerance - error)
                continue
            along, ahead, width = across(goal)
            row = int(index)
            tangent = samples.points[row + 1] - samples.points[row]
            crossing = samples.points[row] + (index - row) * tangent
            place = float((crossing - goal.left) @ along)
            slide = along - ahead * float(tangent @ along) / float(tangent @ ahead)
            matrix.append(slide @ moved[row])
            least = self._limits.margin
            lower.append(min(place, least + _SPARE) - place)
            upper.append(max(place, width - least - _SPARE) - place)
            depth = float((samples.points[-1] - goal.left) @ ahead)
            if goal is self._task.goals[-1] and self._task.dock is None:
                matrix.append(ahead @ moved[-1])
                lower.append(min(depth, _PAST) - depth)
                upper.append(_FREE)
        return _Rows(np.array(matrix).reshape(-1, moved.shape[2]), np.array(lower), np.array(upper))


def _askew(goal: Waypoint, heading: float) -> float:
    """By what a heading differs from that of a waypoint; zero where any will do [rad]."""
    return 0.0 if goal.heading is None else float(wrap(heading - goal.heading))


def _ahead(dock: Dock) -> Array:
    return np.array((np.cos(dock.heading), np.sin(dock.heading)))


def _docked(dock: Dock, path: ClothoidPath, moved: Array, turned: Array) -> _Rows:
    """The end of the path is on the line before the dock, in its direction."""
    depth, aside, turn = dock.off(path)
    ahead = _ahead(dock)
    left = np.array((-ahead[1], ahead[0]))
    matrix = np.vstack((left @ moved[-1], turned[-1], ahead @ moved[-1]))
    return _Rows(matrix, np.array((-aside, -turn, -_FREE)), np.array((-aside, -turn, max(0.0, -depth - _SPARE))))


def _onto_line(dock: Dock, path: ClothoidPath) -> ClothoidPath:
    """The path with its end on the line before a dock, as nearly as a few corrections get it there."""
    for _ in range(_ROUNDS):
        _, aside, turn = dock.off(path)
        if max(abs(aside), abs(turn)) < EXACT:
            break
        moved, turned = _sensitivity(path, path.sample(PER_KNOT))
        ahead = _ahead(dock)
        inner = np.vstack((np.array((-ahead[1], ahead[0])) @ moved[-1], turned[-1]))[:, 1:-2]
        curvature = path.curvature.copy()
        curvature[1:-1] -= inner.T @ np.linalg.solve(inner @ inner.T, np.array((aside, turn)))
        path = replace(path, curvature=curvature)
    return path


def _trust(samples: Samples, moved: Array, reach: float) -> _Rows:
    """No knot moves further to the side than so much [m]."""
    knots = slice(None, None, PER_KNOT)
    heading = samples.heading[knots]
    aside = np.column_stack((-np.sin(heading), np.cos(heading)))
    matrix = np.einsum("id,idn->in", aside, moved[knots])
    return _Rows(matrix, np.full(len(aside), -reach), np.full(len(aside), reach))


def _sensitivity(path: ClothoidPath, samples: Samples) -> tuple[Array, Array]:
    """How samples move, shape (m, 2, n), and turn, shape (m, n), with the curvatures and the share of the length."""
    step = path.step / PER_KNOT
    knots = path.curvature.size
    place = np.arange(len(samples.points)) / PER_KNOT
    hats = np.maximum(0.0, 1.0 - np.abs(place[:, None] - np.arange(knots)))
    turned = np.zeros((len(place), knots + 1))
    turned[1:, :knots] = np.cumsum(0.5 * step * (hats[1:] + hats[:-1]), axis=0)
    turned[:, knots] = samples.heading - path.start.heading
    between = 0.5 * (turned[1:] + turned[:-1])
    steps = np.diff(samples.points, axis=0)
    moved = np.zeros((len(place), 2, knots + 1))
    moved[1:, 0] = np.cumsum(-steps[:, 1:] * between, axis=0)
    moved[1:, 1] = np.cumsum(steps[:, :1] * between, axis=0)
    moved[:, :, knots] += samples.points - samples.points[0]
    return moved, turned
