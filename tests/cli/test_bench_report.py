"""`draisine bench report`: its files, its exit status, and one clear line for what is wrong."""

from xml.etree import ElementTree

import pytest

from scenarios.bench.results import BenchResults, write_results
from scenarios.loader import load
from scenarios.trial import Trial, attempt
from tests.cli.test_cli import assert_refused, draisine, draisine_here

CHANGES = ("duration=0.2",)


def test_a_report_is_written_beside_the_results(tmp_path):
    folder = tmp_path / "runs" / "bench-smoke"
    folder.mkdir(parents=True)
    (tmp_path / "none").mkdir()
    trial = attempt(Trial("ride_straight-seed2", load("ride_straight", CHANGES), 2, CHANGES))
    write_results(folder / "results.json", BenchResults("smoke", (trial,), {"git_commit": "c0ffee"}, 1, 1.0))
    run = draisine("bench", "report", "--no-video", "--baselines", "none", cwd=tmp_path)
    assert run.returncode == 1, run.stderr
    assert run.stderr == ""
    assert "smoke failed: 1 of 1 scenario" in run.stdout
    assert "report in runs/bench-smoke/report.html" in run.stdout
    assert {file.name for file in folder.iterdir()} == {"results.json", "report.html", "summary.md", "junit.xml"}
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "there is no baseline in the tier smoke" in page
    assert "Ridden again for this page, with the same bits" in page
    assert "<video" not in page
    assert ElementTree.parse(folder / "junit.xml").getroot().get("failures") == "1"
    assert (folder / "summary.md").read_text(encoding="utf-8").startswith("## ❌ smoke failed")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "there are no results in runs/; make some: draisine bench run smoke"),
        (["absent"], "'absent' is no tier, nor the results of one"),
        (["file"], "file: is not the results of 'draisine bench run'"),
        (["--jobs", "0"], "--jobs"),
    ],
)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(tmp_path, arguments, message):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert_refused(draisine_here("bench", "report", *arguments, cwd=tmp_path), message)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]
