"""The report's page, summary and XML: all of what failed is in them, escaped, and nothing from elsewhere."""

import math
import os
import re
import shutil
import signal
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from scenarios.bench import evidence as evidence_module
from scenarios.bench import report as report_module
from scenarios.bench.drawing import bar, strip
from scenarios.bench.evidence import MOST_RIDES, Evidence, gather, look_again
from scenarios.bench.junit import junit_xml
from scenarios.bench.markdown import summary_markdown
from scenarios.bench.page import LARGEST_VIDEO, page
from scenarios.bench.report import write_report
from scenarios.bench.rides import worst_ride
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from tests.unit.bench_verdicts import (
    BROKEN,
    FALLS,
    LAG,
    MARGIN,
    PATH,
    ROLL,
    WORK,
    failed_verdict,
    make_results,
    make_trial,
    passed_verdict,
)

RESULTS = make_results("ride_circle", "ride_straight", "ride_push")
EMPTY = Verdict("smoke", ())


class Page(HTMLParser):
    """Collects tags that are not closed, references, identifiers and text."""

    VOID = frozenset({"meta", "br", "hr", "img", "input", "link"})

    def __init__(self, text):
        super().__init__()
        self.open, self.references, self.tags, self.identifiers, self.text = [], [], set(), [], ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "data", "poster", "action", "srcset"):
                self.references.append(value)
            if name == "id":
                self.identifiers.append(value)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def there(thing):
    """What must not be None."""
    assert thing is not None
    return thing


def all_verdicts():
    return [failed_verdict(), passed_verdict(), EMPTY, Verdict("smoke", (ScenarioVerdict("ride_push", (), (), ()),))]


@pytest.mark.parametrize("verdict", all_verdicts())
def test_the_page_is_whole_and_needs_nothing_else(verdict):
    text = page(RESULTS, verdict)
    parsed = Page(text)
    assert parsed.open == []
    assert not parsed.tags & {"script", "link", "iframe", "object", "embed", "img"}
    assert all(reference.startswith(("#", "data:")) for reference in parsed.references)
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org)", text)
    assert {reference[1:] for reference in parsed.references if reference.startswith("#")} <= set(parsed.identifiers)


def test_the_page_tells_every_failure_and_escapes_it():
    text = page(RESULTS, failed_verdict(), remarks=("<i>remark</i>",))
    parsed = Page(text)
    assert "✗ smoke failed: 2 of 3 scenarios" in parsed.text
    for name in ("steer_lag", "speed_mean", "pedal_work", "joint_limit_margin_min", "falls"):
        assert name in parsed.text
    assert "steer_lag rose from 24.10 to 26.17 ms" in parsed.text
    assert BROKEN in parsed.text
    assert "<i>remark</i>" in parsed.text
    assert "<b>&</b>" not in text
    assert "c0ffee" in parsed.text
    assert "versions.numpy" in parsed.text
    assert parsed.text.index("ride_push, seeds 0-1") < parsed.text.index("ride_straight, seeds 0-1")


def test_the_page_says_loudly_what_improved_and_where_the_bits_are_the_same():
    assert "Improved: accept a new baseline" in page(RESULTS, failed_verdict())
    passed = Page(page(RESULTS, passed_verdict())).text
    assert "✓ smoke passed: 1 scenario" in passed
    assert "the same bits as the baseline" in passed
    assert "Improved" not in passed


def test_many_repetitions_still_make_a_small_page():
    metrics = tuple(MetricVerdict(f"metric_{index}", "m", "lower", 0.5, 0.5, 0.01, "within") for index in range(40))
    repetitions = [(f"ride_{ride}", (2 * turn, 2 * turn + 1)) for turn in range(20) for ride in range(8)]
    verdict = Verdict("smoke", tuple(ScenarioVerdict(name, seeds, (), metrics) for name, seeds in repetitions))
    results = make_results(*(f"ride_{k}" for k in range(8)), seeds=range(40))
    assert len(page(results, verdict)) < 5_000_000


def test_a_small_clip_stands_in_the_page_and_a_large_one_is_linked(tmp_path):
    (tmp_path / "small.mp4").write_bytes(b"abc")
    (tmp_path / "large.mp4").write_bytes(bytes(LARGEST_VIDEO + 1))
    push, straight = failed_verdict().scenarios[2], failed_verdict().scenarios[1]
    found = [
        Evidence(push, RESULTS.trials[4], True, '<svg id="drawn"></svg>', "small.mp4"),
        Evidence(straight, RESULTS.trials[2], False, "", "large.mp4"),
    ]
    text = page(RESULTS, failed_verdict(), found, tmp_path)
    parsed = Page(text)
    assert "data:video/mp4;base64,YWJj" in parsed.references
    assert "failures/large.mp4" in parsed.references
    assert "drawn" in parsed.identifiers
    assert "with the same bits" in parsed.text
    assert "but not with the same bits" in parsed.text


def test_a_bar_has_its_worse_side_on_the_right():
    assert there(bar(LAG)).place > there(bar(LAG)).edge
    assert there(bar(MARGIN)).place > there(bar(MARGIN)).edge
    assert there(bar(ROLL)).place < -there(bar(ROLL)).edge
    assert abs(there(bar(PATH)).place) < there(bar(PATH)).edge
    assert there(bar(FALLS)).place == 1.0
    assert there(bar(FALLS)).beyond
    assert bar(WORK) is None


def test_a_strip_shows_each_ride_beside_the_band():
    scenario = ScenarioVerdict("ride_circle", (0, 1), (), (ROLL,))
    drawn = there(strip(ROLL, RESULTS, scenario))
    assert [dot.label for dot in drawn.dots] == ["seed 0: 8 mrad", "seed 1: 9 mrad"]
    assert 0.0 < drawn.dots[0].place < drawn.dots[1].place < drawn.band[0] < drawn.baseline < drawn.band[1] < 1.0
    absent = replace(
        RESULTS, trials=(make_trial("ride_circle", 0), make_trial("ride_circle", 1, {"roll_max": math.nan}))
    )
    assert there(strip(ROLL, absent, scenario)).absent == 1
    percentile = replace(ROLL, metric="roll_max.p75")
    assert len(there(strip(percentile, RESULTS, scenario)).dots) == 2
    assert strip(replace(ROLL, metric="success_rate"), RESULTS, scenario) is None
    level = there(strip(MetricVerdict("path_error_rms", "m", "lower", 0.021, 0.021, 0.0, "within"), RESULTS, scenario))
    assert level.band[0] == level.band[1] == level.baseline


@pytest.mark.parametrize("verdict", all_verdicts())
def test_the_xml_is_as_its_schema_says(verdict):
    suites = ElementTree.fromstring(junit_xml(RESULTS, verdict))
    assert suites.tag == "testsuites"
    (suite,) = suites
    assert suite[0].tag == "properties"
    cases = suite.findall("testcase")
    assert int(suite.attrib["tests"]) == len(cases) == len(suite) - 1 > 0
    assert int(suite.attrib["failures"]) == sum(case.find("failure") is not None for case in cases)
    assert (int(suite.attrib["failures"]) == 0) is verdict.passed
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)
    for case in cases:
        assert case.attrib.keys() == {"classname", "name", "time"}
        assert float(case.attrib["time"]) >= 0.0
        assert {child.tag for child in case} <= {"failure", "system-out"}
        for failure in case.iter("failure"):
            assert failure.attrib["message"]
            assert failure.attrib["type"] in ("broken", "missing", "worse", "changed")


def test_the_xml_has_a_case_for_each_metric_and_a_message_for_each_failure():
    suites = ElementTree.fromstring(junit_xml(RESULTS, failed_verdict()))
    failed = {
        (case.attrib["classname"], case.attrib["name"]): there(case.find("failure")).attrib["message"]
        for case in suites.iter("testcase")
        if case.find("failure") is not None
    }
    assert failed["bench.smoke.ride_push", "hard invariants [0-1]"] == BROKEN
    assert failed["bench.smoke.ride_straight", "pedal_work [0-1]"].startswith("pedal_work is missing")
    assert failed["bench.smoke.ride_straight", "steer_lag [0-1]"].startswith("steer_lag rose from 24.10 to 26.17 ms")
    assert len(failed) == 6
    assert [case.attrib["time"] for case in suites.iter("testcase") if "hard" in case.attrib["name"]] == ["13.000"] * 3


def test_the_xml_holds_what_an_exception_may_say():
    scenario = ScenarioVerdict("ride_push", (0,), ("broke down: \x00\x1b[31m <&> \ud800 ünï",), ())
    suites = ElementTree.fromstring(junit_xml(RESULTS, Verdict("smoke", (scenario,))))
    (failure,) = suites.iter("failure")
    assert "[31m <&>" in failure.attrib["message"]
    assert "ünï" in failure.attrib["message"]


def test_the_summary_tells_failures_improvements_and_every_scenario():
    text = summary_markdown(RESULTS, failed_verdict(), ("a remark",))
    assert text.startswith("## ❌ smoke failed: 2 of 3 scenarios")
    assert "| ride_straight (0-1) | **steer_lag** | 26.17 ms | 24.10 ms | ± 0.68 ms | +3.0 bands | worse |" in text
    assert "| ride_straight (0-1) | **pedal_work** | – J | 82.0 J | ± 4 J |  | missing |" in text
    assert "### Improved: accept a new baseline" in text
    assert "> - a remark" in text
    assert r"roll_max \<b\>&\</b\> \| more" in text
    for scenario in ("ride_circle", "ride_straight", "ride_push"):
        assert len(re.findall(rf"^- .+{scenario}, seeds 0-1: ", text, re.MULTILINE)) == 1
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {8}


def test_the_summary_of_a_passing_run_is_short():
    text = summary_markdown(RESULTS, passed_verdict())
    assert text.startswith("## ✅ smoke passed: 1 scenario\n")
    assert "Failed" not in text
    assert "the same bits as the baseline" in text


def test_the_summary_of_a_broken_run_stays_readable():
    broken = tuple(f"seed {seed} fell" for seed in range(500))
    text = summary_markdown(RESULTS, Verdict("smoke", (ScenarioVerdict("ride_push", (0,), broken, (PATH,)),)))
    assert len(text.splitlines()) < 60
    assert "460 more" in text


def test_the_worst_ride_is_the_one_that_shows_what_is_wrong():
    scenario = ScenarioVerdict("ride_push", (0, 1, 2), (), (MARGIN,))
    values = {0: 0.119, 1: 0.10, 2: 0.125}
    trials = [make_trial("ride_push", seed, {MARGIN.metric: value}) for seed, value in values.items()]
    assert there(worst_ride(replace(RESULTS, trials=tuple(trials)), scenario)).seed == 1
    trials[2] = replace(trials[2], failures=("roll_max = 2, at most 1 is asked",))
    assert there(worst_ride(replace(RESULTS, trials=tuple(trials)), scenario)).seed == 2
    trials[0] = replace(trials[0], end="fallen")
    assert there(worst_ride(replace(RESULTS, trials=tuple(trials)), scenario)).seed == 0
    assert worst_ride(replace(RESULTS, trials=()), scenario) is None


def test_a_scenario_outside_of_the_library_is_told_and_no_failure(tmp_path):
    scenario = ScenarioVerdict("my_ride", (0,), ("fell",), (PATH,))
    found = look_again(scenario, make_trial("my_ride", 0), tmp_path)
    assert found.same_bits is None
    assert "cannot be ridden again" in found.problem
    assert "my_ride" in found.problem
    text = Page(page(replace(RESULTS, trials=(found.trial,)), Verdict("smoke", (scenario,)), [found], tmp_path)).text
    assert found.problem in text


def test_at_most_some_are_ridden_again_and_a_passing_run_shows_one(monkeypatch, tmp_path):
    asked = []

    def look(scenario, trial, folder):
        asked.append((scenario.scenario, folder))
        return Evidence(scenario, trial)

    monkeypatch.setattr(evidence_module, "look_again", look)
    names = [f"ride_{index}" for index in range(MOST_RIDES + 3)]
    results = make_results(*names)
    verdict = Verdict("smoke", tuple(ScenarioVerdict(name, (0, 1), ("fell",), (PATH,)) for name in names))
    gather(results, verdict, tmp_path, jobs=1)
    assert len(asked) == MOST_RIDES
    asked.clear()
    gather(RESULTS, passed_verdict(), tmp_path, jobs=1)
    assert asked == [("ride_circle", None)]
    asked.clear()
    assert gather(RESULTS, EMPTY, tmp_path, jobs=1) == ()
    lacking = Verdict("smoke", (ScenarioVerdict("ride_circle", (0, 1), ("there is no baseline",), ()),))
    assert gather(RESULTS, lacking, tmp_path, jobs=1) == ()
    fallen = replace(RESULTS, trials=(replace(RESULTS.trials[0], end="fallen", failures=("falls = 1",)),))
    gather(fallen, lacking, tmp_path, jobs=1)
    assert asked == [("ride_circle", tmp_path)]


def numbered_or_dead(place, scenario, trial, folder):
    if scenario.scenario == "ride_0":
        os.kill(os.getpid(), signal.SIGKILL)
    return place, Evidence(scenario, trial)


def test_a_process_that_dies_over_a_ride_is_told_and_costs_no_report(monkeypatch, tmp_path):
    monkeypatch.setattr(evidence_module, "_numbered", numbered_or_dead)
    results = make_results("ride_0", "ride_1")
    names = ("ride_0", "ride_1")
    verdict = Verdict("smoke", tuple(ScenarioVerdict(name, (0, 1), ("fell",), (PATH,)) for name in names))
    found = {evidence.verdict.scenario: evidence.problem for evidence in gather(results, verdict, tmp_path, jobs=2)}
    assert found.keys() == {"ride_0", "ride_1"}
    assert found["ride_0"] == "it was not ridden again, since a process died"


def test_the_report_replaces_an_older_one_as_a_whole(monkeypatch, tmp_path):
    def look(results, verdict, folder, jobs):
        (scenario,) = (s for s in verdict.scenarios if s.scenario == "ride_push")
        (folder / "ride_push-seed0.mp4").write_bytes(b"film")
        return (Evidence(scenario, RESULTS.trials[4], False, "<svg></svg>", "ride_push-seed0.mp4"),)

    monkeypatch.setattr(report_module, "gather", look)
    (tmp_path / "failures").mkdir()
    (tmp_path / "failures" / "old.mp4").write_bytes(b"old")
    remarks = write_report(tmp_path, RESULTS, failed_verdict())
    assert remarks == ("ride_push, seeds 0-1: ridden again, seed 0 has other bits than the results",)
    found = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    assert found == {"report.html", "summary.md", "junit.xml", "failures/ride_push-seed0.mp4"}
    assert (tmp_path / "report.html").read_bytes().endswith(b"</html>\n")
    monkeypatch.setattr(report_module, "gather", lambda *_: ())
    assert write_report(tmp_path, RESULTS, passed_verdict()) == ()
    assert not (tmp_path / "failures").exists()
    assert "passed" in (tmp_path / "summary.md").read_text()


def test_what_was_left_out_is_told(monkeypatch, tmp_path):
    names = [f"ride_{index}" for index in range(MOST_RIDES + 2)]
    verdict = Verdict("smoke", tuple(ScenarioVerdict(name, (0, 1), ("fell",), (PATH,)) for name in names))
    monkeypatch.setattr(report_module, "gather", lambda *_: ())
    (remark,) = write_report(tmp_path, make_results(*names), verdict)
    assert "2 more scenarios failed" in remark
    shutil.rmtree(tmp_path)
