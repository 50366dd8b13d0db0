"""The rides behind a report: ridden again to the same bits, drawn and filmed."""

from dataclasses import replace

import pytest
from imageio_ffmpeg import count_frames_and_secs, read_frames

from scenarios.bench.clip import LONGEST, SIZE
from scenarios.bench.evidence import look_again
from scenarios.bench.report import write_report
from scenarios.bench.results import BenchResults
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.kinds import KINDS
from scenarios.loader import load
from scenarios.trial import Trial, attempt

PUSHED = ("course.length=8", "disturbances=[{kind='push', body='torso', time='0.4 s', impulse=80, direction='left'}]")


def ridden(name, changes):
    return attempt(Trial(f"{name}-seed3", load(name, changes), 3, changes))


@pytest.mark.long
def test_a_fall_is_ridden_again_drawn_and_filmed_to_its_end(tmp_path):
    trial = ridden("ride_push", PUSHED)
    assert trial.end == "fallen"
    roll = trial.metrics["roll_max"]
    metric = MetricVerdict("roll_max", "rad", "lower", roll, 0.2, 0.02, "worse")
    verdict = Verdict("smoke", (ScenarioVerdict("ride_push", (3,), ("fell",), (metric,)),))
    assert write_report(tmp_path, BenchResults("smoke", (trial,), {}, 1, 1.0), verdict, jobs=1) == ()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "with the same bits" in page
    assert "data:video/mp4;base64," in page
    assert "distance from the course" in page
    assert "var(--line)" in page
    clip = tmp_path / "failures" / "ride_push-seed3.mp4"
    frames, seconds = count_frames_and_secs(str(clip))
    assert seconds == pytest.approx(min(trial.seconds + KINDS["ride"].linger, LONGEST), abs=0.1)
    assert frames == pytest.approx(30 * seconds, abs=1)
    stream = read_frames(str(clip))
    assert next(stream)["size"] == SIZE
    stream.close()


def test_other_bits_than_those_that_were_judged_are_told():
    trial = ridden("ride_straight", ("duration=0.5",))
    scenario = ScenarioVerdict("ride_straight", (3,), ("it is out of time",), ())
    assert look_again(scenario, trial, None).same_bits is True
    assert look_again(scenario, replace(trial, state_hash="0" * 64), None).same_bits is False


def test_a_ride_that_cannot_be_built_any_more_is_told():
    trial = replace(ridden("ride_straight", ("duration=0.1",)), changes=("no.such.key=1",))
    found = look_again(ScenarioVerdict("ride_straight", (3,), (), ()), trial, None)
    assert found.same_bits is None
    assert "cannot be ridden again" in found.problem
