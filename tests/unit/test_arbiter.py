"""Who commands: one source at a time, by priority, for as long as its lease lasts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.safety.arbiter import Arbiter, Handover, Source, Verdict
from scenarios.safety import load_safety

AIMDK = tuple(
    Source(name, priority, 1.0)
    for name, priority in (("remote", 80), ("vr", 70), ("app", 60), ("interaction", 50), ("planner", 40))
)
LEAD = 0.01


def arbiter(*sources: Source) -> Arbiter[str]:
    return Arbiter(sources or AIMDK, LEAD)


def changed(who: Arbiter[str]) -> Handover | None:
    return who.handover


def test_the_safety_file_has_the_sources_of_aimdk():
    assert [(source.name, source.priority) for source in load_safety().source] == [
        (source.name, source.priority) for source in AIMDK
    ]


def test_the_first_to_speak_takes_the_lease():
    who = arbiter()
    assert who.choose(0.0) is None
    assert who.submit("planner", "ride", 0.0, 0.0) is Verdict.HOLDS
    assert who.choose(0.0) == ("planner", "ride", 0.0)
    assert changed(who) == Handover(0.0, None, "planner", "planner has taken the lease")


def test_a_change_of_who_commands_says_why():
    who = arbiter()
    who.submit("planner", "ride", 0.0, 0.0)
    who.choose(0.0)
    assert who.submit("remote", "halt", 0.5, 0.5) is Verdict.HOLDS
    assert who.choose(0.5) == ("remote", "halt", 0.5)
    assert changed(who) == Handover(0.5, "planner", "remote", "remote comes before planner")
    assert who.submit("planner", "ride on", 1.4, 1.4) is Verdict.OUTRANKED
    assert who.choose(1.5) == ("remote", "halt", 0.5)
    assert changed(who) is None
    assert who.choose(1.502) == ("planner", "ride on", 1.4)
    assert changed(who) == Handover(1.502, "remote", "planner", "remote was silent for 1.002 s")


def test_nobody_commands_when_all_are_silent():
    who = arbiter()
    who.submit("planner", "ride", 1.4, 1.4)
    who.choose(1.4)
    assert who.choose(2.5) is None
    assert who.holder is None
    assert who.age(2.5) == pytest.approx(1.1)


def test_saying_the_same_again_does_not_keep_a_lease():
    who = arbiter()
    who.submit("app", "go", 0.0, 0.0)
    assert who.submit("app", "go", 0.0, 0.9) is Verdict.HOLDS
    assert who.choose(1.0) is not None
    assert who.choose(1.1) is None
    assert who.submit("app", "go", 0.0, 1.1) is Verdict.OLD


def test_a_released_lease_is_handed_back_at_once_and_taken_again_by_something_newer():
    who = arbiter()
    who.submit("planner", "ride", 0.0, 0.0)
    who.submit("vr", "wave", 0.0, 0.0)
    who.choose(0.0)
    who.release("vr")
    assert who.choose(0.1) == ("planner", "ride", 0.0)
    assert who.handover is not None
    assert who.handover.why == "vr released it"
    who.submit("vr", "wave", 0.0, 0.1)
    assert who.leader(0.1) == "planner"
    who.submit("vr", "wave", 0.1, 0.1)
    assert who.leader(0.1) == "vr"
    who.release("nobody")


@pytest.mark.parametrize(
    ("name", "stamp", "verdict"),
    [
        ("stranger", 5.0, Verdict.UNKNOWN),
        ("off", 5.0, Verdict.DISABLED),
        ("on", 5.02, Verdict.AHEAD),
        ("on", float("nan"), Verdict.AHEAD),
        ("on", float("inf"), Verdict.AHEAD),
        ("on", 3.9, Verdict.OLD),
        ("on", 4.2, Verdict.OLD),
    ],
)
def test_what_does_not_count_is_ignored_with_a_reason(name, stamp, verdict):
    who = arbiter(Source("on", 1, 1.0), Source("off", 2, 1.0, enabled=False))
    who.submit("on", "right", 4.5, 5.0)
    assert who.submit(name, "wrong", stamp, 5.0) is verdict
    assert who.choose(5.0) == ("on", "right", 4.5)


def test_of_equals_the_one_that_came_first_keeps_it():
    who = arbiter(Source("one", 1, 1.0), Source("two", 1, 1.0))
    assert who.submit("two", "b", 0.0, 0.0) is Verdict.HOLDS
    assert who.submit("one", "a", 0.1, 0.1) is Verdict.OUTRANKED
    assert who.submit("two", "b", 0.2, 0.2) is Verdict.HOLDS
    who.submit("one", "a", 0.9, 0.9)
    assert who.choose(1.3) == ("one", "a", 0.9)
    assert who.submit("two", "b", 1.3, 1.3) is Verdict.OUTRANKED


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ((), "at least one source"),
        ((Source("a", 1, 1.0), Source("a", 2, 1.0)), "source 'a' is there twice"),
        ((Source("a", 1, 0.0),), r"source 'a' has a lease of 0\.0 s"),
    ],
)
def test_sources_that_cannot_be_are_refused(sources, message):
    with pytest.raises(ValueError, match=message):
        Arbiter(sources, LEAD)


@given(
    events=st.lists(
        st.tuples(st.sampled_from([source.name for source in AIMDK]), st.floats(0.0, 0.6), st.floats(0.0, 0.3)),
        max_size=30,
    )
)
def test_who_commands_is_always_the_highest_of_those_that_spoke_within_their_lease(events):
    who, now, said = arbiter(), 0.0, {}
    for name, wait, delay in events:
        now += wait
        stamp = now - delay
        if who.submit(name, name, stamp, now) in (Verdict.HOLDS, Verdict.OUTRANKED):
            said[name] = stamp
        live = [source.name for source in AIMDK if now - said.get(source.name, -9.0) <= source.lease]
        choice = who.choose(now)
        assert (choice.source if choice else None) == (live[0] if live else None)
        assert choice is None or choice.what == choice.source
