"""The table of modes."""

from pathlib import Path

import pytest

from controllers.balance.modes import TABLE, Mode, require_allowed
from scenarios.mode_table import as_dot, as_markdown


def test_every_mode_has_its_row_and_can_be_reached_from_standing():
    assert [row.mode for row in TABLE] == list(Mode)
    reached = {Mode.STAND}
    for _ in Mode:
        reached |= {row.mode for row in TABLE if reached & set(row.allowed_from)}
    assert reached == set(Mode)


def test_nothing_follows_a_fall():
    assert all(Mode.PROTECT not in row.allowed_from for row in TABLE)


def test_a_change_that_the_table_does_not_have_is_refused_with_what_may_follow():
    require_allowed(Mode.STAND, Mode.WALK)
    with pytest.raises(ValueError, match="ONE_LEG may not follow WALK; it may follow SHIFT"):
        require_allowed(Mode.WALK, Mode.ONE_LEG)


def test_the_documents_show_the_table_as_it_is():
    text = (Path(__file__).parents[2] / "docs" / "balance.md").read_text(encoding="utf-8")
    assert as_markdown() in text


def test_the_graph_has_an_arrow_for_each_change_that_is_allowed():
    arrows = [line for line in as_dot().splitlines() if "->" in line]
    assert "  stand -> walk;" in arrows
    assert "  one_leg -> walk;" not in arrows
    assert len(arrows) == sum(len(row.allowed_from) for row in TABLE)
