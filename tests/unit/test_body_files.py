"""Where another body's files are found, and one clear line when they are not."""

from pathlib import Path

import pytest

import robot
from scenarios.body_files import body_files, placed
from scenarios.errors import BadInput
from scenarios.foot_schema import FootScenario
from scenarios.loader import load
from scenarios.robot_schema import RobotTable
from tests.unit.test_foot_schema import TEXT, wrong

PARAMETERS = "package://robot/humanoid.toml"


def files(urdf, parameters=PARAMETERS):
    return body_files(RobotTable(urdf=urdf, parameters=parameters))


def test_a_file_of_a_package_is_found_where_the_package_is():
    urdf, parameters = files("package://urdf/humanoid.urdf")
    assert urdf.name == "humanoid.urdf"
    assert urdf.is_file()
    assert parameters == Path(str(robot.__file__)).with_name("humanoid.toml")


def test_a_file_is_found_by_its_path(tmp_path):
    file = tmp_path / "legs.urdf"
    file.write_text("<robot/>", encoding="utf-8")
    assert files(str(file))[0] == file


@pytest.mark.parametrize(
    ("urdf", "message"),
    [
        ("package://no_such_body/a.urdf", "no Python package 'no_such_body' here; try: pip install no-such-body"),
        ("package://urdf/no_such.urdf", "the package 'urdf' has no file 'no_such.urdf'; it is in "),
        ("package://urdf", r"names no file of a Python package; write package://NAME/path/in/it"),
        ("package:///humanoid.urdf", r"names no file of a Python package; write package://NAME/path/in/it"),
        ("no/such.urdf", r"there is no file 'no/such.urdf'; write a path, or package://NAME/"),
    ],
)
def test_what_is_not_there_is_told_in_one_line(urdf, message):
    with pytest.raises(ValueError, match=message) as error:
        files(urdf)
    assert str(error.value).startswith("robot.urdf: ")
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match=message) as error:
        files("package://urdf/humanoid.urdf", urdf)
    assert str(error.value).startswith("robot.parameters: ")


def test_a_path_may_be_relative_to_the_scenario_or_to_the_working_directory(tmp_path, monkeypatch):
    folder, here = tmp_path / "scenarios", tmp_path / "here"
    for each in (folder, here):
        each.mkdir()
        (each / "both.urdf").touch()
    (here / "legs.toml").touch()
    monkeypatch.chdir(here)
    found = placed(RobotTable(urdf="both.urdf", parameters="legs.toml"), folder)
    assert (found.urdf, found.parameters) == (str(folder / "both.urdf"), str(here / "legs.toml"))
    table = RobotTable(urdf="package://urdf/humanoid.urdf", parameters=str(here / "legs.toml"))
    assert placed(table, folder) == table


def test_a_scenario_knows_its_body_wherever_it_is_run(tmp_path):
    (tmp_path / "legs.urdf").touch()
    file = tmp_path / "stand.toml"
    file.write_text(f'robot = {{ urdf = "legs.urdf", parameters = "{PARAMETERS}" }}{TEXT}', encoding="utf-8")
    scenario = load(str(file))
    assert isinstance(scenario, FootScenario)
    assert scenario.robot == RobotTable(urdf=str(tmp_path / "legs.urdf"), parameters=PARAMETERS)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"urdf": "a.urdf"}, "robot.parameters: is missing"),
        ({"urdf": "", "parameters": "a.toml"}, "robot.urdf: '' is wrong"),
        ({"urfd": "a.urdf", "parameters": "a.toml"}, "robot.urfd: unknown key; did you mean 'urdf'?"),
        ("jvrc1", "robot: 'jvrc1' is wrong: a table is asked"),
    ],
)
def test_a_table_that_makes_no_sense_is_refused_in_one_line(said, message):
    assert message in wrong(robot=said)


def test_a_ride_takes_no_other_body():
    with pytest.raises(BadInput, match="robot: unknown key"):
        load("ride_straight", ["robot.urdf='a.urdf'"])
