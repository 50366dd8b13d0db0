"""The statistics of studies: intervals of shares, half points, order, and bisection."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import chi2

from scenarios.study.binomial import belief_in, wilson
from scenarios.study.bisection import bisect_up
from scenarios.study.half_point import half_point
from scenarios.study.monotony import monotony

IMPULSES = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [  # Newcombe 1998, "Two-sided confidence intervals for the single proportion", Table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_intervals_are_those_of_the_literature(successes, trials, low, high):
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (5, 4), (-1, 4)])
def test_impossible_counts_are_refused(successes, trials):
    with pytest.raises(ValueError):
        wilson(successes, trials)


def test_belief_grows_with_successes_and_is_even_at_an_even_count():
    assert belief_in(0.5, 4, 8) == pytest.approx(0.5)
    beliefs = [belief_in(0.75, successes, 8) for successes in range(9)]
    assert beliefs == sorted(beliefs)
    assert beliefs[5] < 0.5 < beliefs[7]
    assert beliefs[8] > 0.95


# Half points


def test_half_points_of_drawn_survival_are_covered_as_often_as_promised():
    """Of 100 intervals of 95 %, at least 89 cover the truth: fewer come about by chance once in two hundred."""
    rng, truth = np.random.default_rng(2), 33.0
    probability = expit((truth - np.array(IMPULSES)) / 6.0)
    covered, values = 0, []
    for _ in range(100):
        half = half_point(IMPULSES, rng.binomial(8, probability).tolist(), [8] * 6)
        assert half.value is not None
        values.append(half.value)
        covered += (half.low is None or half.low <= truth) and (half.high is None or truth <= half.high)
    assert covered >= 89
    assert np.mean(values) == pytest.approx(truth, abs=0.8)


def test_many_trials_give_the_curve_that_they_were_drawn_from():
    probability = expit((33.0 - np.array(IMPULSES)) / 6.0)
    half = half_point(IMPULSES, np.round(1e5 * probability).astype(int).tolist(), [100_000] * 6)
    assert half.value == pytest.approx(33.0, abs=0.01)
    assert half.width == pytest.approx(6.0, abs=0.01)
    fitted = half.probability(np.array(IMPULSES))
    assert fitted is not None
    np.testing.assert_allclose(fitted, probability, atol=1e-3)


def test_a_profile_interval_ends_where_the_likelihood_says():
    """By brute force over a grid of half points and widths."""
    survived, trials = np.array([8, 8, 6, 3, 1, 0]), 8
    x = np.array(IMPULSES)

    def likelihood(half, width):
        p = expit((half - x) / width)
        w = trials * p * (1 - p)
        information = np.array([[w.sum(), w @ x], [w @ x, w @ (x * x)]])
        return survived @ np.log(p) + (trials - survived) @ np.log(1 - p) + 0.5 * np.linalg.slogdet(information)[1]

    widths, halves = np.geomspace(2.0, 40.0, 120), np.arange(25.0, 50.0, 0.05)
    profile = np.array([max(likelihood(half, width) for width in widths) for half in halves])
    inside = halves[profile >= profile.max() - 0.5 * chi2.ppf(0.95, 1)]
    half = half_point(IMPULSES, survived.tolist(), [trials] * 6)
    assert half.value == pytest.approx(halves[profile.argmax()], abs=0.1)
    assert (half.low, half.high) == pytest.approx((inside[0], inside[-1]), abs=0.1)


def test_separated_survival_has_a_finite_half_point_between_its_levels():
    half = half_point(IMPULSES, [4, 4, 4, 0, 0, 0], [4] * 6)
    assert half.kind == "fitted"
    assert half.value == pytest.approx(35.0, abs=0.1)
    assert half.low is not None
    assert half.high is not None
    assert 20.0 < half.low < 30.0 < 40.0 < half.high < 50.0
    assert (half.all_up_to, half.none_from) == (30.0, 40.0)


def test_one_trial_at_each_level_leaves_the_interval_open():
    half = half_point(IMPULSES, [1, 1, 1, 0, 0, 0], [1] * 6)
    assert half.value == pytest.approx(35.0, abs=0.1)
    assert half.low is None
    assert half.high is None


@pytest.mark.parametrize(
    ("survived", "kind"),
    [([2] * 6, "above"), ([0] * 6, "below"), ([0, 0, 0, 2, 2, 2], "unclear"), ([1] * 6, "unclear")],
)
def test_no_half_point_is_made_up(survived, kind):
    half = half_point(IMPULSES, survived, [2] * 6)
    assert half.kind == kind
    assert half.value is None
    assert half.probability(np.array(IMPULSES)) is None


def test_one_level_alone_has_no_half_point():
    assert half_point([20.0], [1], [2]).kind == "unclear"


@pytest.mark.parametrize(
    ("levels", "survived", "trials"),
    [([], [], []), ([10, 10], [1, 1], [1, 1]), ([10, 20], [2, 0], [1, 1]), ([10, 20], [0, 0], [0, 1]), ([10], [1], [])],
)
def test_half_points_of_nonsense_are_refused(levels, survived, trials):
    with pytest.raises(ValueError):
        half_point(levels, survived, trials)


# Order


def test_survival_that_falls_is_not_contradicted():
    found = monotony(IMPULSES, [8, 8, 6, 3, 3, 0], [8] * 6)
    assert found.rises == ()
    assert not found.contradicted


def test_survival_that_comes_back_is_seen():
    found = monotony(IMPULSES, [8, 1, 8, 8, 1, 0], [8] * 6)
    assert found.rises == ((20.0, 30.0),)
    assert found.contradicted


def test_a_rise_by_chance_is_told_but_contradicts_nothing():
    found = monotony(IMPULSES, [2, 1, 2, 1, 0, 0], [2] * 6)
    assert found.rises == ((20.0, 30.0),)
    assert found.p_value > 0.1


def test_falling_survival_is_seldom_called_contradicted():
    """At 5 %, at most 12 of 100 draws: more come about by chance once in four hundred."""
    rng = np.random.default_rng(5)
    probability = expit((35.0 - np.array(IMPULSES)) / 12.0)
    draws = [rng.binomial(6, probability).tolist() for _ in range(100)]
    assert sum(monotony(IMPULSES, draw, [6] * 6).contradicted for draw in draws) <= 12


# Bisection


def certain(threshold):
    return lambda value: (8, 8) if value >= threshold else (0, 8)


@pytest.mark.parametrize("threshold", [0.41, 0.777, 1.2, 1.59])
def test_bisection_finds_a_threshold(threshold):
    found = bisect_up(certain(threshold), 0.4, 1.6, 0.05, 0.75, 0.9)
    assert found.fails is not None
    assert found.holds is not None
    assert found.fails < threshold <= found.holds
    assert found.holds - found.fails <= 0.05
    assert (found.surely_fails, found.surely_holds) == (found.fails, found.holds)


def test_bisection_by_chance_ends_near_the_share_that_is_asked():
    """75 % is reached 1.1 widths above the half point; a wrong decision is off by one or two levels."""
    rng = np.random.default_rng(3)
    truth = 0.8 + 0.1 * np.log(3.0)
    off = []
    for _ in range(50):
        found = bisect_up(lambda v: (int(rng.binomial(8, expit((v - 0.8) / 0.1))), 8), 0.4, 1.6, 0.05, 0.75, 0.9)
        assert found.holds is not None
        assert found.fails is not None
        off.append(0.5 * (found.holds + found.fails) - truth)
    assert abs(np.mean(off)) < 0.05
    assert np.max(np.abs(off)) < 0.3


def test_bisection_says_when_the_threshold_is_outside():
    below = bisect_up(certain(0.1), 0.4, 1.6, 0.05, 0.75, 0.9)
    assert (below.fails, below.holds) == (None, 0.4)
    above = bisect_up(certain(2.0), 0.4, 1.6, 0.05, 0.75, 0.9)
    assert (above.fails, above.holds) == (1.6, None)
    assert len(above.levels) == 1


def test_few_trials_decide_nothing_for_sure():
    found = bisect_up(lambda value: (2, 2) if value >= 0.8 else (1, 2), 0.4, 1.6, 0.1, 0.75, 0.95)
    assert found.fails is not None
    assert (found.surely_fails, found.surely_holds) == (None, None)


@pytest.mark.parametrize(
    "arguments",
    [(1.0, 0.5, 0.1, 0.5, 0.9), (0.5, 1.0, 0.0, 0.5, 0.9), (0.5, 1.0, 0.1, 1.0, 0.9), (0.5, 1.0, 0.1, 0.5, 0.4)],
)
def test_bisection_refuses_nonsense(arguments):
    with pytest.raises(ValueError):
        bisect_up(certain(0.7), *arguments)
