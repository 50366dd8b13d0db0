"""Randomised worlds: drawn as asked, each by its number alone, and ridden again by what is written down of them."""

import numpy as np
import pytest
from scipy import stats

from scenarios.errors import BadInput
from scenarios.loader import library_names, load
from scenarios.randomize import draw, share_of, units, value_of
from scenarios.ride_schema import RideScenario

GOOD = """\
summary = "a ride"
duration = "10 s"
course = { kind = "straight", length = "5 m" }
criteria = [{ metric = "falls", max = 0 }]
disturbances = [{ body = "torso", time = "1 s", impulse = "10 N·s", direction = "left" }]

[randomize]
"""
SAMPLES = 4000


@pytest.fixture
def scenario(tmp_path):
    """Writes a scenario with lines in its [randomize] table."""

    def write(*lines, more=""):
        file = tmp_path / "x.toml"
        file.write_text(GOOD + "\n".join(lines) + "\n" + more, encoding="utf-8")
        return str(file)

    return write


def drawn(reference, key, seed=11):
    """Many values of one key."""
    distribution = load(reference).randomize[key]
    return np.array([value_of(distribution, share_of(seed, sample, key)) for sample in range(SAMPLES)])


def complaint(reference, *overrides):
    with pytest.raises(BadInput) as caught:
        load(reference, overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("key", "line", "wanted"),
    [
        ("plant.trail", '{ uniform = ["-10 mm", 0.02] }', stats.uniform(-0.01, 0.03)),
        ("plant.command_delay", '{ uniform = ["0 ms", "8 ms"] }', stats.uniform(0.0, 0.008)),
        ("world.rolling_resistance", "{ log_uniform = [0.004, 0.016] }", stats.loguniform(0.004, 0.016)),
        ("plant.robot_mass", '{ normal = ["100 %", "5 %"], min = 0.92, max = 1.2 }',
         stats.truncnorm(-1.6, 4.0, 1.0, 0.05)),
        ("plant.robot_mass", "{ normal = [1.0, 0.05] }", stats.truncnorm(-3.0, 3.0, 1.0, 0.05)),
        ("wind.direction", '{ normal = ["90 deg", "10 deg"], max = "100 deg" }',
         stats.truncnorm(-3.0, 1.0, np.pi / 2, np.pi / 18)),
    ],
)  # fmt: skip
def test_values_are_distributed_as_asked(scenario, key, line, wanted):
    values = drawn(scenario(f"{key} = {line}"), key)
    assert stats.kstest(values, wanted.cdf).pvalue > 0.01
    assert wanted.support()[0] <= values.min() <= values.max() <= wanted.support()[1]


def test_the_test_of_distributions_tells_a_narrower_one(scenario):
    values = drawn(scenario('plant.trail = { uniform = ["-9.5 mm", "9.5 mm"] }'), "plant.trail")
    assert stats.kstest(values, stats.uniform(-0.01, 0.02).cdf).pvalue < 0.01


def test_choices_are_equally_likely(scenario):
    values = drawn(scenario('senses.imu = { choice = ["mti_300", "vn_100", "ideal"] }'), "senses.imu")
    names, counts = np.unique(values, return_counts=True)
    assert names.tolist() == ["ideal", "mti_300", "vn_100"]
    assert stats.chisquare(counts).pvalue > 0.01


def test_keys_are_drawn_independently():
    keys = ("plant.robot_mass", "plant.trail", "world.friction")
    shares = np.array([[share_of(0, sample, key) for key in keys] for sample in range(SAMPLES)])
    correlation = stats.spearmanr(shares).statistic
    assert np.abs(correlation - np.eye(3)).max() < 4.0 / np.sqrt(SAMPLES)


def test_neighbouring_samples_and_seeds_are_independent():
    shares = np.array([share_of(seed, sample, "plant.trail") for seed in range(20) for sample in range(50)])
    assert stats.kstest(shares, "uniform").pvalue > 0.01
    assert len(set(shares)) == shares.size


def test_a_share_is_the_same_everywhere_and_for_ever():
    """The table of an old sweep can be drawn again: these figures are of the first version."""
    assert share_of(0, 0, "plant.robot_mass") == 0.10957659156988275
    assert share_of(7, 41, "world.friction") == 0.8243592246823462


def test_a_sample_does_not_depend_on_the_others():
    alone = draw("ride_push", (), 5, 17)
    for other in (40, 3, 17):
        again = draw("ride_push", (), 5, other)
    assert again == alone
    assert draw("ride_push", (), 6, 17).values != alone.values


def test_a_value_does_not_depend_on_what_else_is_drawn(scenario):
    trail, delay = "plant.trail = { uniform = [0, 0.01] }", "plant.sensor_delay = { uniform = [0, 0.01] }"
    few = draw(scenario(trail), (), 2, 9).values
    many = draw(scenario(delay, trail, 'wind.speed = { uniform = [0, "2 m/s"] }'), (), 2, 9).values
    assert set(many) == {"plant.sensor_delay", "plant.trail", "wind.speed"}
    assert many["plant.trail"] == few["plant.trail"]


def test_what_is_written_down_makes_the_same_ride():
    scenario, changes, values = draw("ride_push", ["course.length=7"], 3, 4)
    assert load("ride_push", changes) == scenario
    assert changes[0] == "course.length=7"
    assert isinstance(scenario, RideScenario)
    assert scenario.course.kind == "straight"
    assert scenario.course.length == 7.0
    assert scenario.plant.robot_mass == values["plant.robot_mass"] != 1.0
    assert scenario.disturbances[1].impulse == values["disturbances.1.impulse"] != 20.0
    assert scenario.wind is not None
    assert scenario.wind.speed == values["wind.speed"]


def test_strings_flags_and_counts_can_be_chosen(scenario):
    reference = scenario(
        'senses.imu = { choice = ["vn_100"] }',
        "rider.pedalling = { choice = [false] }",
        "world.solver_iterations = { choice = [50] }",
    )
    scenario_drawn, _, values = draw(reference, (), 0, 0)
    assert values == {"senses.imu": "vn_100", "rider.pedalling": 0.0, "world.solver_iterations": 50.0}
    assert scenario_drawn.senses.imu == "vn_100"
    assert isinstance(scenario_drawn, RideScenario)
    assert scenario_drawn.rider.pedalling is False
    assert scenario_drawn.world.solver_iterations == 50


def test_what_is_set_is_not_drawn():
    values = draw("ride_push", ["world.friction=0.5", "wind={ speed = 1 }", "disturbances=[]"], 0, 0).values
    assert "plant.trail" in values
    assert not {"world.friction", "wind.speed", "wind.direction", "disturbances.0.impulse"} & set(values)


def test_a_distribution_can_be_set():
    override = 'randomize.plant.trail={ uniform = ["29 mm", "30 mm"] }'
    drawn = draw("ride_push", [override], 0, 0).scenario
    assert isinstance(drawn, RideScenario)
    assert 0.029 <= drawn.plant.trail <= 0.03


def test_paths_may_be_quoted_or_not(scenario):
    assert set(load(scenario('"plant.trail" = { uniform = [0, 1e-2] }')).randomize) == {"plant.trail"}
    assert "plant.trail is there twice" in complaint(
        scenario('"plant.trail" = { uniform = [0, 1e-2] }', "plant.trail = { uniform = [0, 1e-2] }")
    )


@pytest.mark.parametrize("name", [name for name in library_names() if name != "carry"])
def test_a_plain_run_is_the_nominal_one(name):
    scenario = load(name)
    assert scenario.plant == type(scenario.plant)()


@pytest.mark.parametrize("name", ["ride_lane_change", "ride_push", "ride_straight"])
def test_the_library_randomises(name):
    assert {"plant.robot_mass", "world.friction", "plant.command_delay", "plant.trail", "wind.speed"} <= set(
        load(name).randomize
    )
    for sample in range(20):  # whatever is drawn together is a scenario
        draw(name, (), 1, sample)


def test_units_are_those_of_the_keys(scenario):
    reference = scenario(
        'plant.payload.mass = { uniform = ["0 kg", "5 kg"] }',
        'wind.direction = { uniform = ["0 deg", "30 deg"] }',
        "world.friction = { uniform = [0.5, 1] }",
        'senses.imu = { choice = ["vn_100"] }',
    )
    assert units(reference) == {
        "plant.payload.mass": "kg", "wind.direction": "rad", "world.friction": "1", "senses.imu": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("plant.robot_mas = { uniform = [0.9, 1] }", "plant.robot_mas: unknown key; did you mean 'robot_mass'?"),
        ("plant.robot_mass = { uniform = [0.9, 3] }", "with 3, plant.robot_mass: 3 makes no sense here"),
        ("plant.robot_mass = { uniform = [0, 1] }", "with 0, plant.robot_mass: 0 makes no sense here"),
        ('plant.robot_mass = { uniform = ["1 kg", "2 kg"] }', "'1 kg' is a mass; write a ratio"),
        ('plant.trail = { uniform = [0, "2 kg"] }', "'2 kg' is a mass; write a length"),
        ("plant.robot_mass = { uniform = [1.1, 0.9] }", "1.1 is not below 0.9; the lower end comes first"),
        ("plant.robot_mass = { uniform = [1.1] }", "[1.1] is wrong; write two values"),
        ("plant.trail = { uniform = [true, 1] }", "True is no number"),
        ("plant.trail = { uniform = [0, inf] }", "inf is not a finite number"),
        ("plant.robot_mass = { unifrm = [0.9, 1.1] }", "plant.robot_mass.unifrm: [0.9, 1.1] is no distribution"),
        ("plant.robot_mass = { uniform = [1, 1.1], mim = 1 }", "unknown key; did you mean 'min'?"),
        ("plant.robot_mass = { uniform = [1, 1.1], min = 1 }", "'min' and 'max' belong to a normal distribution"),
        ("plant.robot_mass = { uniform = [1, 1.1], choice = [1] }", "found uniform and choice"),
        ("plant.robot_mass = 1.1", "1.1 is no distribution; write { uniform"),
        ("plant.robot_mass = { normal = [1, 0] }", "the standard deviation is 0"),
        ("plant.robot_mass = { normal = [1, 0.3] }", "with 0.1, plant.robot_mass: 0.1 makes no sense here"),
        ("plant.trail = { log_uniform = [0, 0.01] }", "log_uniform begins at 0"),
        ("senses.imu = { uniform = [1, 2] }", "senses.imu: 1 is wrong"),
        ("world.solver_iterations = { uniform = [50, 60] }", "it is no quantity; write { choice = [...] }"),
        ("world.solver_iterations = { choice = [50, 60.5] }", "60.5 is wrong"),
        ("senses.imu = { choice = [] }", "write a list of values"),
        ('senses.imu = { choice = ["vn_100", "vn_200"] }', "'vn_200' is wrong"),
        ("disturbances.1.impulse = { uniform = [1, 2] }", "disturbances is a list of 1, count from 0"),
        ("criteria.0.max = { uniform = [0, 1] }", "criteria is not drawn"),
        ("wind = { uniform = [0, 1] }", "a table is asked"),
    ],
)
def test_what_makes_no_sense_is_refused_when_the_scenario_is_read(scenario, line, message):
    said = complaint(scenario(line))
    assert message in said
    assert "randomize" in said


def test_a_table_that_is_none_is_refused():
    assert "randomize: 3 is wrong; a table is asked" in complaint("ride_push", "randomize=3")
