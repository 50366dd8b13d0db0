"""What the documents show exists, and works."""

import os
import re
import shlex
import subprocess
import sys
from itertools import pairwise

import pytest

from scenarios.foot_schema import FootScenario
from scenarios.goals_builder import plan_goals
from scenarios.goals_schema import Goals
from scenarios.loader import library_names, load, load_ride
from tests.documented import DOCUMENTS, ROOT, command_lines


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_the_readme_names_every_ride_and_no_other():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.split("## On the bicycle")[1].split("\n## ")[0]
    rides = {name for name in library_names() if load(name).kind == "ride"}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == rides
    assert {name.split("-")[0] for name in re.findall(r"\bride_\w+", readme)} <= rides


def test_the_commands_of_the_readme_are_understood():
    commands = re.findall(r"draisine run (.*)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert commands
    for command in commands:
        scenario, *options = shlex.split(command, comments=True)
        load(scenario, [value for option, value in pairwise(options) if option == "--set"])


def test_the_tutorial_works(tmp_path):
    """Its scenario can be built, and its commands are understood."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    file = tmp_path / "my_bend.toml"
    file.write_text(example, encoding="utf-8")
    scenario = load_ride(str(file))
    assert isinstance(scenario.course, Goals)
    assert [stop.foot for stop in plan_goals(scenario.course).stops] == ["right"]
    for command in re.findall(r"draisine run (ride_.*)", text):
        name, *options = shlex.split(command, comments=True)
        load(name, [value for option, value in pairwise(options) if option == "--set"])


@pytest.mark.long
def test_the_site_builds_without_a_warning(tmp_path):
    """In strict mode, where a warning is an error; it asks nothing of a network."""
    command = [sys.executable, "-m", "properdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    built = subprocess.run(
        [*command, "--config-file", "mkdocs.yml"], cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert (built.returncode, built.stderr) == (0, "")
    pages = {page.relative_to(tmp_path / "site").as_posix() for page in (tmp_path / "site").rglob("*.html")}
    assert {"index.html", "tutorial.html", "reference/commands.html", "reference/controllers.html"} <= pages
    helm = (tmp_path / "site" / "reference" / "controllers.html").read_text(encoding="utf-8")
    assert "Follows another guide until somebody takes over" in helm


def test_the_example_scenarios_load(tmp_path):
    examples = re.findall(r"```toml\n(.*?)```", (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8"), re.DOTALL)
    ride, on_foot = (tmp_path / f"{name}.toml" for name in ("ride", "on_foot"))
    for file, example in zip((ride, on_foot), examples, strict=True):
        file.write_text(example, encoding="utf-8")
    assert len(load_ride(str(ride)).rider.programme) == 3
    scenario = load(str(on_foot))
    assert isinstance(scenario, FootScenario)
    assert len(scenario.goals) == 7


COMMANDS = [pytest.param(line, id=f"{name}: {line.split('#')[0].strip()}") for name, line in command_lines()]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_line_understands_every_command_of_the_documents(line):
    """Each command and option is there, and so is each scenario that is named; `make commands` runs them."""
    from typer.main import get_command

    from scenarios.commands import app

    command, context, arguments = get_command(app), None, shlex.split(line, comments=True)
    while True:
        context = command.make_context("draisine", arguments, parent=context)
        if not hasattr(command, "resolve_command"):
            break
        _, command, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
    asked = context.params.get("scenarios", context.params.get("scenario")) or ()
    for name in (asked,) if isinstance(asked, str) else asked:
        if not str(name).endswith(".toml") and "SCENARIO" not in str(name):
            changes = [*(context.params.get("overrides") or ()), *(["bus='can'"] if context.params.get("bus") else [])]
            load(str(name), changes)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_in_a_document_is_python(document):
    for block in re.findall(r"^```python\n(.*?)^```", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
        compile(block, document.name, "exec")
