"""What many tests share: the project's own robot and bicycle, and how its rider sits."""

import signal

import hypothesis
import pytest

from controllers.riding.posture import RiderPosture
from robot import RobotModel
from scenarios.assembly import DRIVES, ROBOT_URDF
from urdf.bicycle_parameters import BicycleParameters

# A busy machine is no bug.
hypothesis.settings.register_profile("draisine", deadline=None)
hypothesis.settings.load_profile("draisine")

# Tests send signals; who runs them in the background, as with nohup, has these ignored, and they would wait for ever.
for ignored, usual in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, usual)

FIRST = tuple(f"test_{name}.py" for name in ("mutations", "bench_smoke", "studies", "checks", "window", "ray"))
"""Files that take longest: with several workers they go first, or the last one would keep all others waiting."""

PERIOD = 0.002
"""Control period of every scenario [s]."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is to be asked for by name, and put those files first."""
    if "patience" not in config.getoption("markexpr"):
        items[:] = [item for item in items if item.get_closest_marker("patience") is None]
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


@pytest.fixture(scope="session")
def robot_urdf() -> str:
    """Text of the committed humanoid."""
    return ROBOT_URDF.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def drive_file() -> str:
    """Text of the committed drive file."""
    return DRIVES.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def robot_model(robot_urdf: str, drive_file: str) -> RobotModel:
    """The committed humanoid."""
    return RobotModel.from_urdf(robot_urdf, drive_file)


@pytest.fixture(scope="session")
def bicycle() -> BicycleParameters:
    """The committed bicycle."""
    return BicycleParameters.load()


@pytest.fixture(scope="session")
def posture(robot_model: RobotModel, bicycle: BicycleParameters) -> RiderPosture:
    """The rider's inverse kinematics on the bicycle."""
    return RiderPosture(robot_model, bicycle, PERIOD)
