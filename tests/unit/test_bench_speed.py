"""What `draisine bench speed` makes of times: exclusive layers, ratios side by side, and its report."""

import numpy as np
import pytest

from scenarios.bench.layers import LAYERS, MEANING, PROBES, REST, LayerTimer, Probe
from scenarios.bench.speed import BLOCK, SpeedTimes
from scenarios.bench.speed_ratio import interval, ratio, steady
from scenarios.bench.speed_report import markdown, write_report
from scenarios.bench.speed_summary import by_block, share, summarise
from scenarios.bench.start_up import STAGES


class Clock:
    """A clock that only the test moves [ns]."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now


class Nest:
    """An outer method that takes 10 ns, calls an inner one of 7 ns, and takes 5 ns more."""

    def __init__(self, clock):
        self.clock = clock

    def outer(self):
        self.clock.now += 10
        inner = self.inner()
        self.clock.now += 5
        return inner

    def inner(self):
        self.clock.now += 7
        return "found"


def test_each_nanosecond_is_in_one_layer():
    clock = Clock()
    timer, nest = LayerTimer(("outside", "inside", REST), clock), Nest(clock)
    timer.install(nest, "outer", "outside")
    timer.install(nest, "inner", "inside")
    timer.clear()
    clock.now += 3
    assert nest.outer() == "found"
    clock.now += 2
    timer.stop()
    assert timer.spent == [15, 7, 5]
    assert timer.entered == [1, 1, 0]
    assert timer.left == [1, 0, 1]


def test_a_layer_that_raises_gives_its_time_back(monkeypatch):
    clock = Clock()
    timer, nest = LayerTimer(("outside", REST), clock), Nest(clock)

    def fails():
        clock.now += 4
        raise RuntimeError("fell")

    monkeypatch.setattr(nest, "inner", fails)
    timer.install(nest, "outer", "outside")
    timer.clear()
    with pytest.raises(RuntimeError, match="fell"):
        nest.outer()
    clock.now += 1
    timer.stop()
    assert timer.spent == [14, 1]


def test_a_probe_finds_its_object_and_complains_when_there_is_none():
    class Hands:
        hands = ("left", "right")
        nothing = None

    roots = {"world": Hands()}
    assert Probe("hands", "world.hands.1", "upper").target(roots) == "right"
    assert Probe("ground", "world.nothing", "lay", optional=True).target(roots) is None
    with pytest.raises(AttributeError, match="lay"):
        Probe("ground", "world.nothing", "lay").target(roots)
    with pytest.raises(AttributeError, match="wings"):
        Probe("wings", "world.wings", "flap").target(roots)


def test_every_layer_is_explained():
    assert set(MEANING) == set(LAYERS)
    assert {probe.layer for probe in PROBES} < set(LAYERS)


def test_a_ratio_is_that_of_each_block_and_not_of_the_sums():
    unit = np.array([1.0, 2.0, 10.0])
    found = ratio(np.array([3.0, 6.0, 30.0]), unit)
    assert (found.median, found.low, found.high) == (3.0, 3.0, 3.0)
    disturbed = ratio(np.array([3.0, 6.0, 300.0]), unit)
    assert disturbed.median == 3.0
    assert disturbed.high == 30.0


def test_the_interval_holds_the_median_and_shrinks_with_the_number_of_blocks():
    rng = np.random.default_rng(1)
    few, many = (interval(rng.normal(2.0, 0.1, count)) for count in (25, 2500))
    assert few.low < 2.0 < few.high
    assert many.low < 2.0 < many.high
    assert many.high - many.low < 0.2 * (few.high - few.low)


def test_what_disturbs_one_round_is_not_in_the_steady_time():
    times = np.array([[1.0, 9.0, 1.0], [1.0, 2.0, 8.0]])
    assert steady(times).tolist() == [[1.0, 2.0, 1.0]]


def test_a_share_has_its_percentiles_in_microseconds_and_its_ratio_by_block():
    bare = np.full((1, 2 * BLOCK), 1000.0)
    part = np.concatenate((np.full((1, BLOCK), 2000.0), np.full((1, BLOCK), 4000.0)), axis=1)
    found = share("part", part, bare)
    assert found.p50 == pytest.approx(3.0)
    assert found.p99 == pytest.approx(4.0)
    assert found.ratio.median == pytest.approx(3.0)
    assert by_block(part).tolist() == [[2000.0 * BLOCK, 4000.0 * BLOCK]]


def _times(deviation=0.0):
    """Two rounds of 100 ticks: 400 µs bare, 500 µs in the loop, 1 ms a tick; the second round is disturbed."""
    shape = (2, 2 * BLOCK)
    layers = np.zeros((*shape, len(LAYERS)))
    layers[:, :, LAYERS.index("stepSimulation")] = 500e3
    layers[:, :, LAYERS.index("drives")] = 300e3
    layers[:, :, LAYERS.index("estimate")] = 150e3
    whole, bare = np.full(shape, 1e6), np.full(shape, 400e3)
    whole[1] *= 3.0
    bare[1] *= 2.0
    return SpeedTimes(
        bare=bare, whole=whole, steps=np.full(shape, 500e3), layers=layers, probes=np.full(shape, 20e3),
        deviation=deviation, state_hash="a", same_bits=True,
    )  # fmt: skip


def _starts():
    seconds = dict.fromkeys(STAGES, 0.5)
    return [
        {"seconds": {**seconds, "imports": imports}, "megabytes": {"at the start": 300.0}}
        for imports in (1.0, 3.0, 2.0)
    ]


def test_a_summary_says_what_the_times_say():
    summary = summarise("ride_straight", 3, _times(), _starts())
    assert summary.bare == pytest.approx(400.0)
    assert summary.whole.ratio.median == pytest.approx(2.5)
    assert summary.steps.ratio.median == pytest.approx(1.25)
    assert summary.others.ratio.median == pytest.approx(1.25)
    assert summary.disturbed.ratio.median == pytest.approx((2.5 + 3.75) / 2)
    assert summary.real_time_factor.median == pytest.approx(2.0)
    assert [layer.name for layer in summary.by_cost] == ["stepSimulation", "drives", "estimate"]
    assert summary.closure == pytest.approx(-0.05)
    assert summary.start_up["imports"] == 2.0
    assert summary.same_bits


def test_a_report_has_its_three_files_and_does_not_hide_other_steps(tmp_path):
    summary = summarise("ride_straight", 3, _times(deviation=0.25), _starts())
    write_report(tmp_path, summary, {"git_commit": "abc"})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["speed.json", "speed.md", "speed.png"]
    assert "THE BARE STEPS CAME OFF BY 0.25 m" in markdown(summary)
    assert "| drives | 300.0 | 300.0 | 0.750 | 0.750 to 0.750 |" in markdown(summary)
