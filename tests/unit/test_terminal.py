"""What commands print: units and paths in brackets as they are, in tables, titles and lines."""

from rich.table import Table

from scenarios.study.report import table
from scenarios.study.slowest_report import HEADINGS
from scenarios.terminal import terminal


def test_units_in_brackets_are_printed(capsys):
    terminal().print(table("up to 2 [m]", HEADINGS, [("roll_max [rad]", *"12345")]), highlight=False)
    shown = capsys.readouterr().out
    assert "up to 2 [m]" in shown
    assert shown.split("\n")[1].split("  ")[0] == "speed [m/s]"
    assert "roll_max [rad]" in shown


def test_a_path_in_brackets_is_no_error(capsys):
    console = terminal()
    console.print("table in runs/[/x]/sweep.parquet")
    console.print(Table(title="runs/[/x]"))
    assert "table in runs/[/x]/sweep.parquet\n" in capsys.readouterr().out


def test_lines_are_wide_where_there_is_no_terminal():
    assert (terminal().width, terminal(120).width) == (160, 120)
