"""The table of modes."""

from pathlib import Path

import pytest

from controllers.balance.modes import TABLE, Mode
from controllers.riding import modes as riding
from robot.mode_table import ModeRow, ModeTable
from scenarios.mode_table import TABLES, as_dot, as_markdown


def test_every_mode_has_its_row_and_can_be_reached_from_standing():
    assert [row.mode for row in TABLE] == list(Mode)
    reached = {Mode.STAND}
    for _ in Mode:
        reached |= {row.mode for row in TABLE if reached & set(row.allowed_from)}
    assert reached == set(Mode)


def test_nothing_follows_a_fall():
    assert all(Mode.PROTECT not in row.allowed_from for row in TABLE)


def test_a_change_that_the_table_does_not_have_is_refused_with_what_may_follow():
    TABLE.require(Mode.STAND, Mode.WALK)
    with pytest.raises(ValueError, match="ONE_LEG may not follow WALK; it may follow SHIFT"):
        TABLE.require(Mode.WALK, Mode.ONE_LEG)


def test_a_table_that_lacks_a_mode_or_has_them_out_of_order_is_refused():
    stand, shift = (ModeRow(mode, "", (), "") for mode in (Mode.STAND, Mode.SHIFT))
    assert len(ModeTable((stand, shift))) == 2
    with pytest.raises(ValueError, match="a row for each mode, in order, not"):
        ModeTable((shift, stand))


def test_the_documents_show_the_table_as_it_is():
    docs = Path(__file__).parents[2] / "docs"
    assert as_markdown(TABLES["on foot"]) in (docs / "balance.md").read_text(encoding="utf-8")
    assert as_markdown(TABLES["riding"]) in (docs / "riding.md").read_text(encoding="utf-8")


def test_the_graph_has_an_arrow_for_each_change_that_is_allowed():
    arrows = [line for line in as_dot().splitlines() if "->" in line]
    assert '    "on foot stand" -> "on foot walk";' in arrows
    assert '    "riding stop" -> "riding foot_down";' in arrows
    assert '    "riding coast" -> "riding push_off";' not in arrows
    assert len(arrows) == sum(len(row.allowed_from) for table in TABLES.values() for row in table)


@pytest.mark.parametrize("start", [riding.RideMode.CRUISE, riding.RideMode.REST])
def test_every_mode_of_a_ride_has_its_row_and_can_be_reached_from_either_start(start):
    assert [row.mode for row in riding.TABLE] == list(riding.RideMode)
    reached = {start}
    for _ in riding.RideMode:
        reached |= {row.mode for row in riding.TABLE if reached & set(row.allowed_from)}
    assert reached == set(riding.RideMode)


def test_a_ride_does_not_push_off_while_it_rolls():
    riding.TABLE.require(riding.RideMode.WAIT, riding.RideMode.PUSH_OFF)
    with pytest.raises(ValueError, match="PUSH_OFF may not follow CRUISE; it may follow REST, WAIT"):
        riding.TABLE.require(riding.RideMode.CRUISE, riding.RideMode.PUSH_OFF)
