"""Pages of the site that are made of what is in the repository: front page, commands, metrics, files, docstrings."""

import json
import pkgutil
import re
from pathlib import Path
from typing import Any

import mkdocs_gen_files
from typer.main import get_command

ROOT = Path(__file__).parents[2]
ROOMS = ("robot", "controllers", "sim", "urdf", "scenarios")
LANGUAGES = {".toml": "toml", ".py": "python", ".md": "markdown", ".json": "json"}


def write(path: str, text: str) -> None:
    """Write a page of the site."""
    with mkdocs_gen_files.open(path, "w") as file:
        file.write(text)


def front_page() -> str:
    """The README, its links leading to pages of the site."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = text.replace("](docs/", "](").replace("](CONTRIBUTING.md)", "](contributing.md)")
    return text.replace("](LICENSE)", "](source/LICENSE.md)")


def sources() -> None:
    """A page for each file of the repository that a document links to."""
    texts = [file.read_text(encoding="utf-8") for file in (ROOT / "docs").glob("*.md")]
    linked = {link for text in texts for link in re.findall(r"\]\(\.\./([^)#]+)\)", text)} | {"LICENSE"}
    for link in sorted(linked):
        file = ROOT / link
        content = file.read_text(encoding="utf-8")
        write(f"source/{link}.md", f"# {link}\n\n````{LANGUAGES.get(file.suffix, 'text')}\n{content}\n````\n")


def commands() -> str:
    """Every command with its options."""
    from scenarios.commands import app

    lines = ["# Commands", ""]

    def describe(command: Any, name: str) -> None:
        for part, inner in getattr(command, "commands", {}).items():
            describe(inner, f"{name} {part}")
        if hasattr(command, "commands"):
            return
        kinds = {kind: [p for p in command.params if p.param_type_name == kind] for kind in ("argument", "option")}
        given = " ".join((name, *(p.metavar or p.name.upper() for p in kinds["argument"])))
        lines.extend((f"## {name}", "", (command.help or "").strip(), "", f"`{given}`", ""))
        if kinds["option"]:
            lines.extend(("| option | what |", "|---|---|"))
            for option in kinds["option"]:
                told = (option.help or "").replace("|", "\\|")
                lines.append(f"| `{', '.join(option.opts)}` | {told} |")
            lines.append("")

    describe(get_command(app), "draisine")
    return "\n".join(lines)


def metrics() -> str:
    """Every metric with its unit."""
    from scenarios.kinds import KINDS

    lines = ["# Metrics", ""]
    for kind in KINDS.values():
        lines.extend((f"## {kind.name}", "", "| metric | unit | better | what |", "|---|---|---|---|"))
        lines.extend(f"| `{m.name}` | {m.unit} | {m.better} | {m.about} |" for m in kind.metrics.values())
        lines.append("")
    return "\n".join(lines)


def scenario_files() -> str:
    """The schema of scenario files."""
    from scenarios.schema import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False)
    told = "[How to write one](../scenarios.md). `draisine schema` prints this:"
    return f"# Scenario files\n\n{told}\n\n```json\n{text}\n```\n"


def modules(room: str) -> str:
    """Docstrings of all modules of a room."""
    found = (module.name for module in pkgutil.walk_packages([str(ROOT / room)], f"{room}."))
    names = [room, *(name for name in found if not name.rsplit(".", 1)[-1].startswith("_"))]
    return f"# {room}\n\n" + "\n".join(f"::: {name}\n" for name in names)


write("index.md", front_page())
write("contributing.md", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").replace("](docs/", "]("))
write("changelog.md", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").replace("](docs/", "]("))
sources()
write("reference/commands.md", commands())
write("reference/metrics.md", metrics())
write("reference/scenario_files.md", scenario_files())
for room in ROOMS:
    write(f"reference/{room}.md", modules(room))
