"""The wind blows as it is declared."""

import numpy as np
import pytest

from sim.wind import Gust, Wind, WindParameters, drag_in_wind


def blown(parameters, seconds, period=0.01, seed=0):
    wind = Wind(parameters, period, np.random.default_rng(seed))
    return np.array([wind.step(tick * period) for tick in range(round(seconds / period))])


def test_a_mean_wind_is_steady_and_blows_where_it_is_said_to():
    assert blown(WindParameters(4.0, 0.5 * np.pi), 1.0) == pytest.approx(np.tile((0.0, 4.0), (100, 1)), abs=1e-12)


def test_a_gust_swells_and_dies_as_a_cosine_in_its_own_direction():
    wind = blown(WindParameters(1.0, 0.0, gusts=(Gust(1.0, 2.0, 6.0, 0.5 * np.pi),)), 4.0)
    assert wind[:, 0] == pytest.approx(np.ones(400))
    assert wind[[50, 150, 200, 250, 350], 1] == pytest.approx((0.0, 3.0, 6.0, 3.0, 0.0), abs=1e-9)


def test_turbulence_has_its_intensity_and_its_time_scale():
    """Along the wind Dryden's is a first-order process: its correlation falls to 1/e within length over speed."""
    wind = blown(WindParameters(5.0, 0.3, intensity=0.2, length=5.0), 2000.0, period=0.05)
    c, s = np.cos(0.3), np.sin(0.3)
    along, across = wind @ (c, s), wind @ (-s, c)
    assert along.mean() == pytest.approx(5.0, abs=0.1)
    assert (along.std(), across.std()) == pytest.approx((1.0, 1.0), rel=0.05)
    rest = along - along.mean()
    assert np.mean(rest[20:] * rest[:-20]) / rest.var() == pytest.approx(np.exp(-1.0), abs=0.05)


def test_across_the_wind_the_correlation_is_drydens():
    """For equal poles at T: (1 - t / (2 T)) exp(-t / T); it is zero at 2 T."""
    across = blown(WindParameters(5.0, 0.0, intensity=0.2, length=5.0), 4000.0, period=0.05)[:, 1]
    for lag, expected in ((10, 0.75 * np.exp(-0.5)), (20, 0.5 * np.exp(-1.0)), (40, 0.0)):
        assert np.mean(across[lag:] * across[:-lag]) / across.var() == pytest.approx(expected, abs=0.05)


def test_turbulence_is_that_of_its_seed():
    one, same, other = (blown(WindParameters(5.0, 0.0, intensity=0.2), 1.0, seed=seed) for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_drag_is_against_the_velocity_through_the_air():
    assert drag_in_wind((2.0, 0.0, 0.0), (0.0, 0.0), 0.0, 0.2, 0.4) == pytest.approx((-0.8, 0.0, 0.0))
    assert drag_in_wind((2.0, 0.0, 0.0), (5.0, 0.0), 0.0, 0.2, 0.4) == pytest.approx((1.8, 0.0, 0.0))
    assert drag_in_wind((0.0, 0.0, 0.0), (0.0, 3.0), 0.0, 0.2, 0.4) == pytest.approx((0.0, 3.6, 0.0))


def test_which_area_counts_goes_with_the_heading():
    """Headed along y, a wind along y comes from behind."""
    assert drag_in_wind((0.0, 0.0, 0.0), (0.0, 3.0), 0.5 * np.pi, 0.2, 0.4) == pytest.approx((0.0, 1.8, 0.0))
