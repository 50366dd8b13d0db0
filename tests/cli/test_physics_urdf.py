"""``draisine physics urdf``: a line for each fault of a file, and an exit status."""

import xml.etree.ElementTree as ET

import pytest

from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from scenarios.errors import BadInput
from scenarios.physics.urdf_file import inspect_files


def test_sound_bodies_are_told_with_their_size(capsys):
    assert inspect_files([ROBOT_URDF, BICYCLE_URDF]) == 0
    robot, bicycle = capsys.readouterr().out.splitlines()
    assert robot == f"{ROBOT_URDF}: sound: 41 links, 33 moving joints, 44.80 kg"
    assert bicycle.startswith(f"{BICYCLE_URDF}: sound: 10 links, 9 moving joints, ")


def test_every_fault_is_told_in_a_line_of_its_own(tmp_path, capsys):
    path = tmp_path / "bad.urdf"
    root = ET.parse(BICYCLE_URDF)
    for limit in root.iterfind("joint[@type='continuous']/limit"):
        limit.set("effort", "0")
    path.write_text(ET.tostring(root.getroot(), encoding="unicode"))
    assert inspect_files([path, BICYCLE_URDF]) == 2
    lines = capsys.readouterr().out.splitlines()
    joints = ("crank", "left_pedal", "right_pedal", "rear_wheel", "front_wheel")
    assert lines[:-1] == [
        f"{path}: joint '{name}_joint': has the effort limit 0 Nm, it must be above zero" for name in joints
    ]
    assert "sound" in lines[-1]


def test_a_file_that_bullet_makes_something_else_of_is_refused(tmp_path, capsys, monkeypatch):
    path = tmp_path / "body.urdf"
    path.write_text(BICYCLE_URDF.read_text(encoding="utf-8").replace('"bicycle"', '"braked"'))

    def refuse(*_):
        raise ValueError("something brakes the body")

    monkeypatch.setattr("sim.physics.require_faithful", refuse)
    assert inspect_files([path]) == 2
    assert capsys.readouterr().out == f"{path}: something brakes the body\n"


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), (b"\xff<robot/>", "byte 0 is not UTF-8")])
def test_a_file_that_cannot_be_read_is_bad_input(tmp_path, content, said):
    path = tmp_path / "body.urdf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        inspect_files([path])
