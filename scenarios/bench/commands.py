"""The commands of ``draisine bench``; heavy imports wait until a command needs them."""

import typer

app = typer.Typer(help="Hold the motion against its baselines, and measure how far it goes.")
