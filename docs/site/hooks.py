"""Hooks of the site: links that leave docs/ lead to the pages that `pages.py` makes of what they name."""

import re
from typing import Any

_OUT = re.compile(r"\]\(\.\./([^)#]+)\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead a link such as ../robot/wiring.toml to its page; pages in folders of their own have no such links."""
    return markdown if "/" in page.file.src_uri else _OUT.sub(lambda link: f"](source/{link[1]}.md)", markdown)
