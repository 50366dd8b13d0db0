"""What the documents show exists, and works."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from scenarios.loader import library_names, load, load_ride

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document):
    links = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_the_readme_names_every_ride_and_no_other():
    named = set(re.findall(r"\bride_\w+", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert {name.split("-")[0] for name in named} == set(library_names())


def test_the_commands_of_the_readme_are_understood():
    commands = re.findall(r"draisine run (.*)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert commands
    for command in commands:
        scenario, *options = shlex.split(command, comments=True)
        load(scenario, [value for option, value in pairwise(options) if option == "--set"])


def test_the_example_scenario_loads(tmp_path):
    example = re.search(r"```toml\n(.*?)```", (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8"), re.DOTALL)
    file = tmp_path / "example.toml"
    assert example
    file.write_text(example.group(1), encoding="utf-8")
    assert len(load_ride(str(file)).rider.programme) == 3
