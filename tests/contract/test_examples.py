"""The examples are short, and do what they say."""

import runpy
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.glob("*.py"))


def example(name):
    return runpy.run_path(str(EXAMPLES / f"{name}.py"))["main"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_an_example_has_at_most_forty_lines(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 40


def test_each_is_tested_here():
    here = Path(__file__).read_text(encoding="utf-8")
    assert all(f'example("{file.stem}")' in here for file in FILES)


def test_steer_by_script(capsys):
    assert example("steer_by_script")(3.0) > 0.2
    assert capsys.readouterr().out.count("m/s") == 3


def test_own_controller(capsys):
    example("own_controller")(0.5)
    as_it_is, late = capsys.readouterr().out.splitlines()
    assert as_it_is.split(":")[1] != late.split(":")[1]


def test_own_metric():
    assert 0.0 < example("own_metric")(0.5) < 50.0


def test_own_scenario():
    assert example("own_scenario")(0.5) == [True, True]


def test_learn_to_stand(tmp_path):
    from controllers.learned.onnx_policy import OnnxPolicy

    curve = example("learn_to_stand")(rounds=1, pairs=1, out=str(tmp_path / "arms.onnx"))
    assert 0.0 < curve[0] <= 1.0
    policy = OnnxPolicy((tmp_path / "arms.onnx").read_bytes())
    policy.fit(4)
    assert policy.interface.joints == ("waist_pitch_joint", "left_shoulder_pitch_joint", "right_shoulder_pitch_joint")
    assert policy.act(np.array((0.3, 0.0, 0.0, 0.0), np.float32)).any()
