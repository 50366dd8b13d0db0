"""What the documents show: their files, and the command lines in them."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def command_lines():
    """Document and rest of the line, for every line of a code block that calls draisine.

    One that only says what may stand there is none.
    """
    for document in DOCUMENTS:
        for block in re.findall(r"^```\w*\n(.*?)^```", document.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE):
            for line in block.replace("\\\n", " ").splitlines():
                found = re.match(r"\s*(?:\.venv/bin/)?draisine (?!.*\[--)(.*)", line)
                if found:
                    yield document.stem, found[1]
