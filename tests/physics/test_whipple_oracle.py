"""Our Whipple model against the library BicycleParameters, on the benchmark and on bicycles that were measured.

The library's own parameter files are read twice: by the library and by our reader.
"""

from pathlib import Path

import bicycleparameters
import numpy as np
import pytest
from bicycleparameters.bicycle import benchmark_par_to_canonical
from bicycleparameters.io import load_parameter_text_file, remove_uncertainties
from bicycleparameters.models import Meijaard2007Model
from bicycleparameters.parameter_sets import Meijaard2007ParameterSet

from controllers.riding.whipple import whipple
from scenarios.errors import BadInput
from scenarios.physics.bicycles import load_bicycle, own
from urdf.whipple_file import load_whipple

BICYCLES = Path(bicycleparameters.__file__).parent / "app-data" / "bicycles"
MEASURED = ("Benchmark", "Browserins", "Crescendo", "Fisher", "Pista", "Rigid")
NO_BODIES = {"Browser": "IBxx", "Yellow": "IHxx", "Yellowrev": "IHxx"}
"""Measured bicycles of which a body, as measured, breaks the triangle inequality."""


def measured(name):
    return BICYCLES / name / "Parameters" / f"{name}Benchmark.txt"


def of_library(name):
    return remove_uncertainties(load_parameter_text_file(str(measured(name))))


def assert_same_model(parameters, theirs):
    ours = whipple(parameters)
    for found, expected in zip(
        (ours.mass, ours.damping, ours.gravity, ours.speed), benchmark_par_to_canonical(theirs), strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max())
    model = Meijaard2007Model(Meijaard2007ParameterSet(theirs | {"v": 1.0}, True))
    for speed in (0.0, 1.0, 3.5, 5.0, 8.0):
        expected, _ = model.calc_eigen(v=speed)
        np.testing.assert_allclose(np.sort_complex(ours.eigenvalues(speed)), np.sort_complex(expected), rtol=1e-7)


def test_the_benchmark_is_the_same_model():
    benchmark = load_whipple()
    assert_same_model(benchmark, benchmark.model_dump())


def test_our_bicycle_with_its_rider_is_the_same_model():
    bicycle = own()
    assert_same_model(bicycle, bicycle.model_dump())


@pytest.mark.filterwarnings("ignore:Using UFloat objects with std_dev==0")
@pytest.mark.parametrize("name", MEASURED)
def test_a_measured_bicycle_is_read_alike_and_is_the_same_model(name):
    assert_same_model(load_bicycle(str(measured(name)))[1], of_library(name))


@pytest.mark.parametrize(("name", "body"), NO_BODIES.items())
def test_a_measured_body_that_no_body_can_be_is_refused(name, body):
    with pytest.raises(BadInput, match=rf"{name}Benchmark\.txt: {body}, .*no body has it"):
        load_bicycle(str(measured(name)))
