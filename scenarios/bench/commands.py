"""The commands of ``draisine bench``; heavy imports wait until a command needs them."""

import typer

from scenarios.study.commands import add_studies

app = typer.Typer(help="Hold the motion against its baselines, and measure how far it goes.")
add_studies(app)
