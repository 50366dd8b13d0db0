"""Puts a scenario together, a ride by itself: body, bicycle, course, rider, world and bus, ready to be run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from math import cos, inf, pi, sin
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import robot
import urdf
from controllers.balance.goal import Goal
from controllers.riding.course import Course
from controllers.riding.dab import SaveParameters
from controllers.riding.intent import ArmPose
from controllers.riding.manners import HandRequest, Manners
from controllers.riding.navigator import Navigator
from controllers.riding.programme import Mode, Phase
from controllers.riding.rider import Rider
from controllers.riding.rider_parameters import RiderParameters
from controllers.riding.route import Guide, Route
from controllers.riding.stop import FEET, Stop
from controllers.rotation import matrix_from_quaternion
from robot import Body, ImuReading, JointCommand, LocalizationFix, RobotModel, RobotState
from robot.sensor_parts import SensorParts
from scenarios.bus_builder import way_of
from scenarios.committed import DIALECTS as DIALECTS
from scenarios.committed import DRIVES as DRIVES
from scenarios.committed import ROBOT_URDF as ROBOT_URDF
from scenarios.committed import load_drive_models as load_drive_models
from scenarios.committed import load_robot as load_robot
from scenarios.common_schema import CONTROL_PERIOD, Push, Senses, World
from scenarios.context import RideContext, RunContext
from scenarios.course_builder import build_course, cones_of, lead_in_of
from scenarios.direction import unit_vector
from scenarios.goals_builder import map_of, navigator_of, standing_of, stop_lines_of
from scenarios.goals_schema import Goals
from scenarios.plant_builder import build_plant, delayed
from scenarios.ride import Ride
from scenarios.ride_schema import RidePush, RideScenario
from scenarios.rider_schema import Rider as AskedRider
from scenarios.safety import guarded as guarded
from scenarios.schema import Scenario
from scenarios.terrain_builder import build_terrain, build_wind
from sim.disturbance import Push as WorldPush
from sim.mechanics import Mechanics
from sim.physics import PhysicsSettings
from sim.robot_world import Mount
from sim.sensors import SensorParameters
from sim.steer_pulse import SteerPulse
from sim.terrain import Terrain
from sim.urdf_source import UrdfText
from sim.world import InitialState, WorldSettings
from sim.world import World as RidingWorld
from urdf.bicycle_parameters import JOINTS, BicycleParameters

Array = NDArray[np.float64]

BICYCLE_URDF = Path(urdf.__file__).with_name("bicycle.urdf")
BODY = Path(robot.__file__).with_name("humanoid.toml")
SENSORS = Path(robot.__file__).with_name("sensors.toml")

_PUSHED = {"torso": "torso_link", "pelvis": "pelvis", "frame": "frame"}
_GRIPS = ("left_grip_joint", "right_grip_joint")
_START_CRANK = 0.5 * pi
"""At the start the cranks are level, the left foot in front [rad]."""


def assemble(scenario: Scenario, seed: int) -> Ride:
    """Everything that a run of a scenario needs; the seed sets the initial state's jitter and the sensors' noise.

    Raises:
        ValueError: A body, a ground or a course is not usable.
    """
    ride = _assemble(scenario, seed)
    if scenario.policy is None:
        return ride
    from scenarios.policy_file import with_policy  # which few runs need

    return with_policy(ride, scenario.policy, scenario.kind)


def _assemble(scenario: Scenario, seed: int) -> Ride:
    if isinstance(scenario, RideScenario):
        return assemble_ride(scenario, seed)
    from controllers.balance.controller import BalanceController  # a ride does not need it
    from controllers.balance.parameters import BalanceParameters
    from controllers.estimation.floating_base import FloatingBaseParameters
    from scenarios.foot_assembly import assemble_on_foot  # which builds on this file

    def control(model: RobotModel, body: Body, goals: tuple[Goal, ...], period: float) -> BalanceController:
        parameters = BalanceParameters.of(body)
        if not scenario.stepping:
            parameters = replace(parameters, step_margin=-np.inf, edge_time=np.inf)
        estimate = FloatingBaseParameters(imu_delay=load_sensors().imus[scenario.senses.imu].delay)
        return BalanceController(model, body, goals, period, parameters, estimate)

    return assemble_on_foot(scenario, seed, control)


def assemble_ride(scenario: RideScenario, seed: int, steered: Callable[[Guide], Guide] = lambda guide: guide) -> Ride:
    """As `assemble`, where what tells the rider its route may be put into something else."""
    model, bicycle = load_robot(), bicycle_of(scenario)
    true = build_plant(scenario.plant, model, ROBOT_URDF, DRIVES, bicycle, BICYCLE_URDF)
    guide = steered(_navigator(scenario, bicycle))
    course = guide.route.course
    terrain = build_terrain(scenario.terrain, course, seed)
    start_rng = np.random.default_rng((seed, 0))
    foot = scenario.start.foot
    rider = Rider(
        model, bicycle, guide, _phases(scenario), 0.0 if foot else scenario.start.speed, CONTROL_PERIOD,
        None if foot is None else FEET.index(foot), _manners(scenario),
        _parameters(scenario.rider),
    )  # fmt: skip
    initial = _initial_state(scenario, course, rider, true.bicycle, start_rng)
    settings = WorldSettings(
        physics=physics_settings(scenario.world),
        sensors=delayed(chosen_sensors(scenario.senses, seed), scenario.plant.sensor_delay),
        drive_noise=scenario.senses.noise_scale,
        air_density=scenario.world.air_density,
        pushes=tuple(_push(push) for push in scenario.disturbances),
        period=CONTROL_PERIOD,
        terrain=terrain,
        standing=standing_of(map_of(scenario.course)) if isinstance(scenario.course, Goals) else (),
        wind=build_wind(scenario.wind),
        steer_pulses=tuple(SteerPulse(p.time, p.duration, p.torque) for p in scenario.steer_pulses),
        motor_strength=scenario.plant.motor_strength,
    )

    def build(mount: Mount | None = None) -> RidingWorld:
        sensor_rng, wind_rng = (np.random.default_rng((seed, stream)) for stream in (1, 2))
        mounted = replace(settings, mount=mount)
        return RidingWorld(
            true.model, true.bicycle, true.robot, true.bicycle_urdf, initial, mounted, sensor_rng, wind_rng
        )

    way = way_of(scenario, seed, build, model, _first_command(rider, initial))
    mechanics = Mechanics(true.model, UrdfText.of(true.bicycle_urdf).text)
    return Ride(
        way.bus, rider, way.world, lambda log: mechanics.over(lambda name: log[f"truth_{name}"]),
        _context(model, course, scenario, true.mass, terrain), lambda context: _ridden(context, guide),
        way.safety,
    )  # fmt: skip


def load_sensors() -> SensorParts:
    """The sensors that a scenario can name, from the committed file."""
    return SensorParts.parse(SENSORS.read_text(encoding="utf-8"))


def chosen_sensors(senses: Senses, seed: int) -> SensorParameters:
    """The sensors that a scenario names, with its factor on their errors."""
    parts = load_sensors()
    outages = tuple((outage.time, outage.time + outage.duration) for outage in senses.outages)
    chosen = SensorParameters(parts.imus[senses.imu], parts.localizations[senses.localization], seed, outages)
    return chosen.scaled(senses.noise_scale)


def physics_settings(world: World) -> PhysicsSettings:
    """How finely a scenario computes its world, and how its ground grips."""
    return PhysicsSettings(
        step=world.physics_step,
        solver_iterations=world.solver_iterations,
        solver_residual=world.solver_residual,
        ground_friction=world.friction,
    )


def push_force(push: Push) -> tuple[float, float, float]:
    """Force of a push along the heading that it turns with: forward, left, up [N]."""
    force = push.impulse / push.duration
    x, y = unit_vector(push.direction)
    return force * x, force * y, 0.0


def judged_limits(model: RobotModel, held: Iterable[str] = _GRIPS) -> tuple[Array, Array]:
    """Position limits of all joints but those held, as grips that close as far as they can, shape (n,) each [rad]."""
    lower, upper = model.limits.lower.copy(), model.limits.upper.copy()
    for joint in held:
        lower[model.index(joint)], upper[model.index(joint)] = -np.inf, np.inf
    return lower, upper


def bicycle_of(scenario: RideScenario) -> BicycleParameters:
    """The bicycle as a scenario sets it up, which the rider knows."""
    bicycle = BicycleParameters.load()
    gear = scenario.bicycle.gear
    if gear != 1.0:
        drive = bicycle.drive.model_copy(update={"gear_ratio": gear * bicycle.drive.gear_ratio})
        bicycle = bicycle.model_copy(update={"drive": drive})
    rolling = scenario.world.rolling_resistance
    if rolling is None:
        return bicycle
    resistance = bicycle.resistance.model_copy(update={"rolling_coefficient": rolling})
    return bicycle.model_copy(update={"resistance": resistance})


def _phases(scenario: RideScenario) -> tuple[Phase, ...]:
    return tuple(
        Phase(Mode[phase.mode.upper()], phase.speed or 0.0, phase.for_time, phase.until_speed_below)
        for phase in scenario.rider.programme
    )


def _manners(scenario: RideScenario) -> Manners:
    asked = scenario.rider
    hands = (
        HandRequest(FEET.index(one.hand), one.time, one.for_time, ArmPose[one.arm.upper()])
        for one in sorted(asked.hands, key=lambda hand: hand.time)
    )
    return Manners(asked.signals, asked.gaze, tuple(hands))


def _parameters(asked: AskedRider) -> RiderParameters:
    """What the rider was tuned to, with the scenario's factors."""
    usual, gains = RiderParameters(), asked.gains
    steering = replace(
        usual.steering,
        offset_weight=gains.course * usual.steering.offset_weight,
        heading_weight=gains.course * usual.steering.heading_weight,
        roll_rate_weight=gains.roll_rate * usual.steering.roll_rate_weight,
        effort=gains.effort * usual.steering.effort,
    )
    return replace(
        usual,
        steering=steering,
        bar_stiffness=gains.bars * usual.bar_stiffness,
        bar_damping=gains.bars * usual.bar_damping,
        saves=SaveParameters(dab=asked.dab, abort=asked.abort),
    )


def _navigator(scenario: RideScenario, bicycle: BicycleParameters) -> Navigator:
    """What tells the rider which course to follow, how fast, and where to stand.

    Raises:
        ValueError: There is no way through the goals, or a stop is not on the course.
    """
    if isinstance(scenario.course, Goals):
        start_speed = 0.0 if scenario.start.foot else scenario.start.speed
        manners = _manners(scenario)
        signal = manners.signal if manners.signals else None
        return navigator_of(scenario.course, scenario.rider.speed, start_speed, bicycle, signal)
    course, wheelbase = build_course(scenario.course), bicycle.geometry.wheelbase
    for index, stop in enumerate(scenario.stops):
        if not wheelbase <= stop.at <= course.length + wheelbase:
            raise ValueError(
                f"stops.{index} at {stop.at:g} m: the front wheel can stand at {wheelbase:g} m, where it is at first, "
                f"to {course.length + wheelbase:g} m, where the course ends"
            )
    stops = tuple(
        Stop(stop.at - wheelbase, stop.foot, stop.wait, stop.next_foot or stop.foot, stop.notice or inf)
        for stop in scenario.stops
    )
    return Navigator(Route(course, stops=stops))


def _initial_state(
    scenario: RideScenario, course: Course, rider: Rider, bicycle: BicycleParameters, rng: np.random.Generator
) -> InitialState:
    """Seated, hands closed on the grips, cranks level and still, rolling on the bicycle as it really is."""
    spread = scenario.jitter
    lateral, heading, roll, speed = rng.standard_normal(4) * (spread.lateral, spread.heading, spread.roll, spread.speed)
    lateral += scenario.start.lateral
    heading += scenario.start.heading
    speed = max(0.5 * scenario.start.speed, scenario.start.speed + float(speed))
    foot = scenario.start.foot
    crank = _START_CRANK
    if foot is not None:
        speed = 0.0
        roll += -0.05 if foot == "left" else 0.05
        crank = rider.task.start_angle
    yaw = float(course.heading[0]) + heading
    x, y = course.points[0] + lateral * np.array((-sin(course.heading[0]), cos(course.heading[0])))
    orientation = np.array(
        (
            sin(roll / 2) * cos(yaw / 2),
            sin(roll / 2) * sin(yaw / 2),
            cos(roll / 2) * sin(yaw / 2),
            cos(roll / 2) * cos(yaw / 2),
        )
    )
    turn = np.array(((cos(yaw), -sin(yaw), 0.0), (sin(yaw), cos(yaw), 0.0), (0.0, 0.0, 1.0)))
    lean = np.array(((1.0, 0.0, 0.0), (0.0, cos(roll), -sin(roll)), (0.0, sin(roll), cos(roll))))
    place = np.array((x, y, 0.0))
    angles, rates = dict.fromkeys(JOINTS, 0.0), dict.fromkeys(JOINTS, 0.0)
    angles["crank_joint"] = crank
    for side, name in enumerate(("left_pedal_joint", "right_pedal_joint")):
        sole = rider.posture.sole_rotation(side, crank)
        angles[name] = float(np.arctan2(sole[0, 2], sole[0, 0])) - crank
    geometry = bicycle.geometry
    rates["rear_wheel_joint"] = speed / geometry.rear_wheel_radius
    rates["front_wheel_joint"] = speed / geometry.front_wheel_radius
    return InitialState(
        pelvis_position=place + turn @ lean @ rider.posture.pelvis_in_bicycle,
        pelvis_orientation=orientation,
        joint_position=rider.seated(crank, float(roll), None if foot is None else FEET.index(foot)),
        bicycle_position=place,
        bicycle_orientation=orientation,
        bicycle_joint_position=np.array([angles[name] for name in JOINTS]),
        bicycle_joint_velocity=np.array([rates[name] for name in JOINTS]),
        velocity=turn @ np.array((speed, 0.0, 0.0)),
    )


def _first_command(rider: Rider, initial: InitialState) -> JointCommand:
    """What the rider would command in the initial state if its senses were perfect."""
    x, y, z, w = initial.pelvis_orientation.tolist()
    rotation = matrix_from_quaternion(initial.pelvis_orientation) @ np.diag((1.0, -1.0, -1.0))
    level = ImuReading(np.array((w, z, -y, -x)), np.zeros(3), rotation.T @ np.array((0.0, 0.0, 9.81)))
    still = np.zeros(initial.joint_position.size)
    fix = LocalizationFix(0.0, initial.pelvis_position)
    state = RobotState(0.0, initial.joint_position, still, still, level, level, fix)
    rider.reset(state)
    return replace(rider.step(state), time=0.0)


def _push(push: RidePush) -> WorldPush:
    return WorldPush(push.time, push.duration, push_force(push), _PUSHED[push.body], push.crank)


def _lines(scenario: RideScenario, course: Course) -> tuple[Array, ...]:
    """Lines across the course at its stops, a metre wide."""
    lines = []
    for stop in scenario.stops:
        index = round(stop.at / course.spacing)
        heading = float(course.heading[index])
        aside = 0.5 * np.array((-sin(heading), cos(heading)))
        lines.append(np.array((course.points[index] + aside, course.points[index] - aside)))
    return tuple(lines)


def _context(model: RobotModel, course: Course, scenario: RideScenario, mass: float, terrain: Terrain) -> RideContext:
    lower, upper = judged_limits(model)
    course_map = map_of(scenario.course) if isinstance(scenario.course, Goals) else None
    return RideContext(
        course=course,
        course_points=_polyline(course),
        joint_names=model.joint_names,
        joint_lower=lower,
        joint_upper=upper,
        mass=mass,
        lead_in=lead_in_of(scenario.course),
        cones=cones_of(scenario.course),
        terrain=terrain,
        course_map=course_map,
        standing=() if course_map is None else standing_of(course_map),
        outages=tuple((outage.time, outage.time + outage.duration) for outage in scenario.senses.outages),
        stop_lines=_lines(scenario, course) if course_map is None else stop_lines_of(course_map),
    )


def _ridden(context: RunContext, guide: Guide) -> RunContext:
    """The context with the last course, on which all lies that was ridden, whatever courses there were before."""
    course = guide.route.course
    if not isinstance(context, RideContext):
        return context
    return replace(context, course=course, course_points=_polyline(course))


def _polyline(course: Course) -> Array:
    end = int(np.searchsorted(np.arange(len(course.points)) * course.spacing, course.length))
    return course.points[: end + 1]
