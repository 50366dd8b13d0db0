"""The verdict as JUnit XML, which CI systems show: a suite for the tier, a case for each invariant and each metric.

The elements and attributes are those of the schema that Jenkins' xUnit plugin publishes (``junit-10.xsd``); times are
simulated, since no wall time is ever judged.
"""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from scenarios.bench.results import BenchResults
from scenarios.bench.rides import rides_of
from scenarios.bench.verdict import MetricVerdict, ScenarioVerdict, Verdict
from scenarios.bench.wording import headline, seed_ranges, sentence
from scenarios.trial import TrialResult

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Signs that XML 1.0 cannot hold (section 2.2)."""


def junit_xml(results: BenchResults, verdict: Verdict) -> bytes:
    """Write the file.

    Args:
        results: What was measured.
        verdict: What the gate says of it.
    """
    suite = Element("testsuite", {"name": _clean(f"bench {verdict.name}")})
    properties = SubElement(suite, "properties")
    only = [("only", ", ".join(verdict.only))] if verdict.only else []
    commit = results.provenance.get("git_commit") or "unknown"
    for name, value in (("tier", verdict.tier), *only, ("git_commit", commit)):
        SubElement(properties, "property", {"name": name, "value": _clean(str(value))})
    for scenario in verdict.scenarios:
        _add_scenario(suite, verdict.tier, scenario, rides_of(results, scenario))
    if not verdict.scenarios:
        _fail(_case(suite, f"bench.{verdict.tier}", "rides", 0.0), "missing", headline(verdict))
    cases = suite.findall("testcase")
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
        "skipped": "0",
        "time": f"{sum(float(case.get('time', '0')) for case in cases):.3f}",
    }
    for name, value in counts.items():
        suite.set(name, value)
    suites = Element("testsuites", {"name": "draisine bench", **{name: counts[name] for name in _OF_ALL}})
    suites.append(suite)
    indent(suites)
    return bytes(tostring(suites, encoding="utf-8", xml_declaration=True)) + b"\n"


_OF_ALL = ("tests", "failures", "errors", "time")


def _add_scenario(suite: Element, tier: str, scenario: ScenarioVerdict, rides: tuple[TrialResult, ...]) -> None:
    group = f"bench.{tier}.{scenario.scenario}"
    seeds = f" [{seed_ranges(scenario.seeds)}]"
    invariants = _case(suite, group, f"hard invariants{seeds}", sum(ride.seconds for ride in rides))
    if scenario.broken:
        _fail(invariants, "broken", *scenario.broken)
    elif not scenario.metrics:
        _fail(invariants, "missing", "there is no metric to judge")
    for metric in scenario.metrics:
        case = _case(suite, group, f"{metric.metric}{seeds}", 0.0)
        if not metric.passed:
            _fail(case, metric.judgement, sentence(metric), _numbers(metric))
        elif metric.judgement != "within":
            SubElement(case, "system-out").text = _clean(sentence(metric))


def _case(suite: Element, group: str, name: str, seconds: float) -> Element:
    return SubElement(
        suite, "testcase", {"classname": _clean(group), "name": _clean(name), "time": f"{seconds:.3f}"}
    )  # fmt: skip


def _fail(case: Element, kind: str, *lines: str) -> None:
    failure = SubElement(case, "failure", {"message": _clean(lines[0]), "type": kind})
    failure.text = _clean("\n".join(lines))


def _numbers(metric: MetricVerdict) -> str:
    """Every digit, for whom the sentence is too round."""
    return f"value {metric.value!r}, baseline {metric.baseline!r}, tolerance {metric.tolerance!r} [{metric.unit}]"


def _clean(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
