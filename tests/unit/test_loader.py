"""A scenario is found, read and changed; whatever is wrong is said in one line."""

import pytest

from scenarios.course_schema import Circle, Straight
from scenarios.errors import BadInput
from scenarios.loader import library_names, load, load_ride

GOOD = """\
summary = "a ride"
duration = "10 s"
course = { kind = "circle", radius = "5 m" }
criteria = [{ metric = "falls", max = 0 }]
"""


def complaint(reference, overrides=()):
    with pytest.raises(BadInput) as caught:
        load(str(reference), overrides)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_file_gives_its_name_to_the_scenario(tmp_path):
    file = tmp_path / "my_ride.toml"
    file.write_text(GOOD)
    assert load(str(file)).name == "my_ride"


def test_an_unknown_name_brings_the_closest_ones():
    assert "did you mean 'ride_circle'" in complaint("ride_circel")


def test_a_wholly_unknown_name_brings_them_all():
    said = complaint("zzz")
    assert all(name in said for name in library_names())


def test_a_file_that_is_not_there(tmp_path):
    assert "cannot be read: No such file" in complaint(tmp_path / "absent.toml")


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "x.toml").write_bytes(b"summary = \xff\xfe")
    assert "is not UTF-8 text, at byte 10" in complaint(tmp_path / "x.toml")


@pytest.mark.parametrize(
    ("text", "place"), [("summary = 'x'\nduration = = 3\n", ":2:12: "), ("a = 1\nb = [1,\n2", ":3:2: ")]
)
def test_malformed_toml_names_its_line(tmp_path, text, place):
    file = tmp_path / "x.toml"
    file.write_text(text)
    assert f"{file}{place}" in complaint(file)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"5 m"', '"5 kg"', "course.radius: '5 kg' is a mass; write a length"),
        ('"5 m"', '"-5 m"', "course.radius: '-5 m' must be positive"),
        ('"5 m"', "nan", "course.radius: nan is not a finite number"),
        ("radius", "raduis", "course.raduis: unknown key; did you mean 'radius'?"),
        ('"circle"', '"cricle"', "course.kind: there is no 'cricle'; there is: "),
        ('kind = "circle", ', "", "course.kind: is missing"),
        (', radius = "5 m"', "", "course.radius: is missing"),
        ('"falls"', '"fall"', "criteria.0.metric: no metric 'fall'; did you mean 'falls'?"),
        ("duration", "length", "length: unknown key"),
        ('"10 s"', "true", "duration: True is not a number"),
        ('"a ride"', "3", "summary: 3 is wrong"),
        ("summary", 'name = "x"\nsummary', "name: unknown key"),
    ],
)
def test_a_wrong_key_or_value_is_named_with_its_path(tmp_path, old, new, message):
    file = tmp_path / "x.toml"
    assert old in GOOD
    file.write_text(GOOD.replace(old, new))
    assert message in complaint(file)


def test_several_mistakes_are_counted(tmp_path):
    file = tmp_path / "x.toml"
    file.write_text(GOOD.replace('"10 s"', '"10 kg"').replace('"5 m"', "-5"))
    assert complaint(file).endswith("(and 1 more)")


def test_overrides_change_keys_of_every_depth():
    scenario = load_ride(
        "ride_push",
        [
            "duration=30",
            "rider.speed=9 km/h",
            "world.friction=0.5",
            "disturbances.1.impulse=30 N·s",
            "rider.pedalling=false",
            "course={kind='straight', length=3}",
        ],
    )
    assert scenario.duration == 30.0
    assert scenario.rider.speed == 2.5
    assert scenario.world.friction == 0.5
    assert [push.impulse for push in scenario.disturbances] == [20.0, 30.0]
    assert scenario.rider.pedalling is False
    assert scenario.course == Straight(kind="straight", length=3.0)


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("course.raduis=4", "course.raduis: unknown key; did you mean 'radius'?"),
        ("wrold.friction=1", "wrold: unknown key; did you mean 'world'?"),
        ("course.radius=-4", "course.radius: -4 must be positive"),
        ("course.radius=4 kg", "course.radius: '4 kg' is a mass"),
        ("course.radius=nan", "course.radius: nan is not a finite number"),
        ("course.radius", "write key=value"),
        ("=4", "write key=value"),
        ("course..radius=4", "write key=value"),
        ("course.radius.x=4", "course.radius is not a table"),
        ("criteria.99.max=4", "'99' is not in it"),
        ("criteria.first.max=4", "'first' is not in it"),
        ("course=3", "course: 3 is wrong"),
        ("name=x", "name: unknown key"),
    ],
)
def test_a_wrong_override_is_named(override, message):
    assert message in complaint("ride_circle", [override])


@pytest.mark.parametrize(
    ("name", "override", "message"),
    [
        ("u_turn", "course.transition=50 m", "course: clothoids of 50 m turn further than half a turn; at most"),
        ("handlebar_pulses", "duration=5 s", "steer_pulses.1 begins at 8 s, after the time limit of 5 s"),
    ],
)
def test_what_this_project_says_is_said_without_the_tables_that_it_is_about(name, override, message):
    said = complaint(name, [override])
    assert message in said
    assert "{" not in said


def test_an_override_leaves_the_library_as_it_was():
    load("ride_circle", ["course.radius=9"])
    course = load_ride("ride_circle").course
    assert isinstance(course, Circle)
    assert course.radius == 5.0
