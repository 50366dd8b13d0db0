"""Generates the bicycle's URDF from its parameters; at the zero pose all link frames are parallel to the bicycle's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from urdf.bicycle_parameters import BareBicycleParameters, BicycleParameters, Body, Point
from urdf.xml_writer import Inertial, Shape, Urdf, Vector

LATERAL: Vector = (0.0, 1.0, 0.0)
_ACROSS: Vector = (math.pi / 2, 0.0, 0.0)
"""rpy that lays the z axis of a primitive along y."""

_NOSE_DROP = 0.025
"""How much lower the saddle's nose is for collisions than for the eye: more than the 20 mm within which Bullet keeps
contact points, so that a rider who sits on the seat has four of them on the saddle and not eight [m]."""
_COLOURS = {
    "paint": (0.10, 0.42, 0.55, 1.0),
    "steel": (0.75, 0.77, 0.80, 1.0),
    "dark": (0.10, 0.10, 0.12, 1.0),
    "tyre": (0.06, 0.06, 0.07, 1.0),
    "disc": (0.86, 0.87, 0.88, 1.0),
    "leather": (0.36, 0.20, 0.11, 1.0),
    "lamp": (0.98, 0.90, 0.62, 1.0),
    "rear_lamp": (0.80, 0.08, 0.06, 1.0),
}


def build(parameters: BareBicycleParameters | None = None) -> str:
    """The URDF text of a bicycle; of the committed parameter file when none is given.

    One of bare parameters has a frame and a fork of bare tubes, which touch nothing.
    """
    p = parameters or BicycleParameters.load()
    urdf = Urdf("bicycle")
    for name, rgba in _COLOURS.items():
        urdf.material(name, rgba)
    if isinstance(p, BicycleParameters):
        _ridden(urdf, p)
    else:
        _bare(urdf, p)
    return urdf.text()


def _ridden(urdf: Urdf, p: BicycleParameters) -> None:
    steer = steer_origin(p)
    _frame(urdf, p)
    _crank(urdf, p)
    _rear_wheel(urdf, p)
    _side_stand(urdf, p)
    _fork(urdf, p, steer)
    _lever(urdf, p, "front_brake_lever", steer, side=1)
    _front_wheel(urdf, p, steer)
    _lever(urdf, p, "rear_brake_lever", steer, side=-1)


def _bare(urdf: Urdf, p: BareBicycleParameters) -> None:
    """Tubes from axle to head and from head to axle, and a ball for the inertia of frame and fork."""
    steer = steer_origin(p)
    g, b = p.geometry, p.bodies
    top = _on_steer_axis(p, steer[2] + 0.2 * g.front_wheel_radius)
    legs = [
        _tube((top[0], side, top[2]), (g.wheelbase, side, g.front_wheel_radius), 0.010, "paint")
        for side in (0.045, -0.045)
    ]
    frame = [
        _tube((0.0, side, g.rear_wheel_radius), (steer[0], side, steer[2]), 0.014, "paint") for side in (0.03, -0.03)
    ]
    urdf.link("frame", _inertial(b.frame, (0.0, 0.0, 0.0)), [*frame, _ball(b.frame)])
    _rear_wheel(urdf, p)
    _fork_link(urdf, p, steer, [*legs, _ball(b.fork)], [])
    _front_wheel(urdf, p, steer)


def steer_origin(p: BareBicycleParameters) -> Point:
    """Origin of the fork's frame: the point of the steer axis at the lower headset bearing."""
    z = 2.3 * p.geometry.front_wheel_radius
    return (p.geometry.steer_axis_x(z), 0.0, z)


def _frame(urdf: Urdf, p: BicycleParameters) -> None:
    r = p.geometry.rear_wheel_radius
    bracket = (p.drive.bottom_bracket[0], 0.0, p.drive.bottom_bracket[1])
    seat = (p.saddle.top[0], 0.0, p.saddle.top[1])
    head_low, head_high = steer_origin(p), _on_steer_axis(p, 2.3 * p.geometry.front_wheel_radius + 0.13)
    post = _between(bracket, (seat[0], 0.0, seat[2] - 0.04), 0.78)
    knee = (bracket[0] + 0.12, 0.0, bracket[2] + 0.035)
    stays = [
        _tube(a, b, 0.008, "paint")
        for side in (1, -1)
        for a, b in (
            ((0.0, 0.045 * side, r), (bracket[0], 0.03 * side, bracket[2])),
            ((0.0, 0.045 * side, r), (*post[:1], 0.015 * side, post[2] - 0.06)),
        )
    ]
    carrier = [
        Shape("box", (0.22, 0.11, 0.012), (-0.05, 0.0, 2 * r + 0.055), colour="dark"),
        *(_tube((0.0, 0.05 * s, r), (-0.06, 0.05 * s, 2 * r + 0.05), 0.005, "dark") for s in (1, -1)),
    ]
    fenders = [_fender_piece((0.0, 0.0, r), r + 0.018, math.radians(a)) for a in range(60, 190, 13)]
    urdf.link(
        "frame",
        _inertial(p.bodies.frame, (0.0, 0.0, 0.0)),
        visuals=[
            _tube(bracket, post, 0.018, "paint"),
            _tube(post, (seat[0], 0.0, seat[2] - 0.05), 0.013, "steel"),
            _tube(bracket, knee, 0.022, "paint"),
            _tube(knee, (head_low[0], 0.0, head_low[2] + 0.02), 0.022, "paint"),
            Shape("sphere", (0.022,), knee, colour="paint"),
            _tube(head_low, head_high, 0.021, "paint"),
            Shape("cylinder", (0.026, 0.07), bracket, _ACROSS, "steel"),
            *stays,
            *carrier,
            *fenders,
            Shape("box", (0.012, 0.05, 0.03), (-0.165, 0.0, 2 * r + 0.04), colour="rear_lamp"),
            *_saddle(p, "leather"),
        ],
        collisions=[
            *_saddle(p, nose_drop=_NOSE_DROP),
            _tube(bracket, post, 0.018),
            _tube(knee, (head_low[0], 0.0, head_low[2] + 0.02), 0.022),
        ],
    )


def _saddle(p: BicycleParameters, colour: str | None = None, nose_drop: float = 0.0) -> list[Shape]:
    """A wide seat behind and a narrow nose in front; the nose's top may lie lower than the seat's [m]."""
    (x, z), length, width = p.saddle.top, p.saddle.length, p.saddle.width
    seat, nose = 0.6 * length, 0.4 * length
    return [
        Shape("box", (seat, width, 0.04), (x - nose / 2, 0.0, z - 0.02), colour=colour),
        Shape("box", (nose, p.saddle.nose_width, 0.03), (x + seat / 2, 0.0, z - nose_drop - 0.015), colour=colour),
    ]


def _fork(urdf: Urdf, p: BicycleParameters, origin: Point) -> None:
    grip, r = p.handlebar.grip, p.geometry.front_wheel_radius
    axle = (p.geometry.wheelbase, 0.0, r)
    top = _on_steer_axis(p, grip[2] - 0.06)
    visuals = [_tube(origin, top, 0.014, "steel")]
    crown = _on_steer_axis(p, 2 * r + 0.03)
    for side in (1, -1):
        inner = _grip_end(p, side, -0.06)
        outer = _grip_end(p, side, 0.055)
        bend = (top[0] - 0.01, 0.13 * side, grip[2] - 0.01)
        visuals += [
            _tube((crown[0], 0.045 * side, crown[2]), (axle[0], 0.045 * side, axle[2]), 0.010, "paint"),
            _tube(top, bend, 0.011, "steel"),
            _tube(bend, inner, 0.011, "steel"),
            Shape("sphere", (0.011,), bend, colour="steel"),
            _tube(inner, outer, p.handlebar.radius, "leather"),
        ]
    visuals += [
        Shape("box", (0.03, 0.11, 0.03), crown, colour="paint"),
        Shape("sphere", (0.016,), top, colour="steel"),
        _tube(_on_steer_axis(p, crown[2] + 0.10), (crown[0] + 0.04, 0.0, crown[2] + 0.10), 0.008, "dark"),
        Shape("cylinder", (0.035, 0.05), (crown[0] + 0.05, 0.0, crown[2] + 0.10), (0.0, math.pi / 2, 0.0), "dark"),
        Shape("cylinder", (0.030, 0.052), (crown[0] + 0.052, 0.0, crown[2] + 0.10), (0.0, math.pi / 2, 0.0), "lamp"),
        *(_fender_piece(axle, r + 0.018, math.radians(a)) for a in range(40, 150, 13)),
    ]
    collisions = [_tube(_grip_end(p, side, -0.06), _grip_end(p, side, 0.055), p.handlebar.radius) for side in (1, -1)]
    _fork_link(urdf, p, origin, visuals, collisions)


def _fork_link(
    urdf: Urdf, p: BareBicycleParameters, origin: Point, visuals: Sequence[Shape], collisions: Sequence[Shape]
) -> None:
    """The fork, its shapes in the bicycle frame, and the steering on which it turns."""
    urdf.link("fork", _inertial(p.bodies.fork, origin), _moved(visuals, origin), _moved(collisions, origin))
    limit = p.geometry.steer_limit
    urdf.joint(
        "steer_joint", "revolute", "frame", "fork", origin, axis=p.geometry.steer_axis, lower=-limit, upper=limit,
        effort=100.0, velocity=20.0,
    )  # fmt: skip


def _crank(urdf: Urdf, p: BicycleParameters) -> None:
    """Crank at angle zero: left pedal at the top, right one at the bottom; turning forward is positive about +y."""
    d = p.drive
    bracket = (d.bottom_bracket[0], 0.0, d.bottom_bracket[1])
    inner = d.pedal_offset - d.pedal_size[1] / 2 - 0.018
    visuals = [Shape("cylinder", (0.065, 0.006), (0.0, -0.045, 0.0), _ACROSS, "steel")]
    for side in (1, -1):
        end = (0.0, side * inner, side * d.crank_length)
        visuals += [
            _tube((0.0, 0.03 * side, 0.0), (0.0, side * inner, 0.0), 0.012, "steel"),
            _tube((0.0, side * inner, 0.0), end, 0.010, "steel"),
            _tube(end, (0.0, side * d.pedal_offset, side * d.crank_length), 0.007, "steel"),
        ]
    urdf.link("crank", _inertial(p.bodies.crank, bracket), visuals)
    urdf.joint("crank_joint", "continuous", "frame", "crank", bracket, axis=LATERAL, effort=200.0, velocity=40.0)
    for name, side in (("left_pedal", 1), ("right_pedal", -1)):
        at = (0.0, side * d.pedal_offset, side * d.crank_length)
        body = p.bodies.pedal
        below = body.com[2] - d.bottom_bracket[1]
        x, y, z = d.pedal_size
        tread = [Shape("box", (0.012, y, z), (sx * (x / 2 - 0.006), 0.0, 0.0), colour="dark") for sx in (1, -1)]
        cage = [Shape("box", (x, 0.012, z), (0.0, sy * (y / 2 - 0.006), 0.0), colour="steel") for sy in (1, -1)]
        urdf.link(
            name,
            Inertial(body.mass, (0.0, 0.0, below), body.inertia),
            [*tread, *cage, Shape("box", (x - 0.02, y - 0.02, z * 0.6), colour="dark")],
            [Shape("box", d.pedal_size)],
        )
        urdf.joint(f"{name}_joint", "continuous", "crank", name, at, axis=LATERAL, effort=10.0, velocity=80.0)


def _rear_wheel(urdf: Urdf, p: BareBicycleParameters) -> None:
    _wheel(urdf, p, "rear_wheel", p.bodies.rear_wheel, p.geometry.rear_wheel_radius, "frame", (0.0, 0.0, 0.0))


def _front_wheel(urdf: Urdf, p: BareBicycleParameters, steer: Point) -> None:
    _wheel(urdf, p, "front_wheel", p.bodies.front_wheel, p.geometry.front_wheel_radius, "fork", steer)


def _wheel(
    urdf: Urdf, p: BareBicycleParameters, name: str, body: Body, r: float, parent: str, parent_origin: Point
) -> None:
    axle = (body.com[0], 0.0, r)
    visuals = [
        Shape("cylinder", (r, 0.034), rpy=_ACROSS, colour="tyre"),
        Shape("cylinder", (0.87 * r, 0.0345), rpy=_ACROSS, colour="steel"),
        Shape("cylinder", (0.82 * r, 0.035), rpy=_ACROSS, colour="disc"),
        Shape("cylinder", (0.125 * r, 0.09), rpy=_ACROSS, colour="steel"),
    ]
    visuals += [
        Shape("box", (0.006, 0.0356, 1.6 * r), rpy=(0.0, k * math.pi / 8, 0.0), colour="steel") for k in range(8)
    ]
    urdf.link(name, _inertial(body, axle), visuals, [Shape("cylinder", (r, p.geometry.wheel_width), rpy=_ACROSS)])
    at = _minus(axle, parent_origin)
    urdf.joint(f"{name}_joint", "continuous", parent, name, at, axis=LATERAL, effort=500.0, velocity=200.0)


def _lever(urdf: Urdf, p: BicycleParameters, name: str, steer: Point, side: Literal[1, -1]) -> None:
    """A lever in front of a grip; its angle grows as the fingers pull it towards the bar."""
    b = p.brakes
    hinge = _grip_end(p, side, -0.055, ahead=0.045)
    tip = _grip_end(p, side, 0.045, ahead=0.05)
    body = p.bodies.lever
    com = _minus((body.com[0], side * body.com[1], body.com[2]), hinge)
    urdf.link(
        name, Inertial(body.mass, com, body.inertia), [_tube((0.0, 0.0, 0.0), _minus(tip, hinge), 0.006, "steel")]
    )
    urdf.joint(
        f"{name}_joint", "revolute", "fork", name, _minus(hinge, steer), axis=(0.0, 0.0, float(side)), lower=0.0,
        upper=b.lever_travel, effort=20.0, velocity=50.0,
    )  # fmt: skip


def _side_stand(urdf: Urdf, p: BicycleParameters) -> None:
    """Folded back along the stay at zero; down at 1.4 rad."""
    r = p.geometry.rear_wheel_radius
    hinge = (0.21, 0.055, r + 0.005)
    foot = (hinge[0] - 0.20, hinge[1] + 0.015, hinge[2])
    body = p.bodies.side_stand
    visual = [_tube((0.0, 0.0, 0.0), _minus(foot, hinge), 0.007, "dark")]
    urdf.link("side_stand", _inertial(body, hinge), visual)
    urdf.joint(
        "side_stand_joint", "revolute", "frame", "side_stand", hinge, axis=(0.0, -1.0, 0.0), lower=0.0, upper=1.4,
        effort=20.0, velocity=10.0,
    )  # fmt: skip


def _grip_end(p: BicycleParameters, side: int, along: float, ahead: float = 0.0) -> Point:
    """A point on a grip's axis, `along` outward and `ahead` in front of it [m]."""
    x, y, z = p.handlebar.grip
    s, c = math.sin(p.handlebar.sweep), math.cos(p.handlebar.sweep)
    return (x - s * along + c * ahead, side * (y + c * along + s * ahead), z)


def _on_steer_axis(p: BareBicycleParameters, z: float) -> Point:
    return (p.geometry.steer_axis_x(z), 0.0, z)


def _inertial(body: Body, origin: Point) -> Inertial:
    return Inertial(body.mass, _minus(body.com, origin), body.inertia)


def _minus(a: Point, b: Point) -> Point:
    return (a[0] - b[0], a[1] - b[1], a[2] - b[2])


def _between(a: Point, b: Point, share: float) -> Point:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2]))


def _moved(shapes: Sequence[Shape], origin: Point) -> list[Shape]:
    return [Shape(s.kind, s.size, _minus(s.xyz, origin), s.rpy, s.colour) for s in shapes]


def _tube(a: Point, b: Point, radius: float, colour: str | None = None) -> Shape:
    """A cylinder from one point to another."""
    dx, dy, dz = _minus(b, a)
    length = math.sqrt(dx * dx + dy * dy + dz * dz)
    pitch = math.atan2(math.hypot(dx, dy), dz)
    return Shape("cylinder", (radius, length), _between(a, b, 0.5), (0.0, pitch, math.atan2(dy, dx)), colour)


def _ball(body: Body) -> Shape:
    """A ball as large as a solid one of the body's mass and mean moment of inertia."""
    mean = (body.inertia[0] + body.inertia[3] + body.inertia[5]) / 3.0
    return Shape("sphere", (math.sqrt(2.5 * mean / body.mass),), body.com, colour="lamp")


def _fender_piece(centre: Point, radius: float, angle: float) -> Shape:
    """A short plate of a mudguard; the angle counts from forward, upward."""
    at = (centre[0] + radius * math.cos(angle), 0.0, centre[2] + radius * math.sin(angle))
    return Shape("box", (0.004, 0.05, 0.23 * radius), at, (0.0, -angle, 0.0), "paint")
