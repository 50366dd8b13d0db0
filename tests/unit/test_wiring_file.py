"""A wiring file is taken as a whole or refused in one line that says what, where, and what would be right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from robot import RobotModel
from robot.wiring import parse
from scenarios.assembly import load_drive_models, load_robot
from scenarios.wiring import WIRING

MODEL: RobotModel = load_robot()
DRIVES = load_drive_models()
TEXT = WIRING.read_text(encoding="utf-8")
GUIDE = Path(__file__).parents[2] / "docs" / "wiring.md"

KNEE = """[[drive]]
joint = "left_knee_joint"
model = "powerflow_r86"
firmware = "x2"
bus = "left_leg"
id = 4
direction = 1
"""
ANKLE = 'name = "left_ankle_upper"\nmodel = "powerflow_r52"\n'
BUS = 'name = "left_leg"\ninterface = "socketcan"\n'


def changed(old: str, new: str) -> str:
    """The committed file with one place changed."""
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


def knee(old: str, new: str) -> str:
    """The committed file with the left knee's drive changed."""
    assert old in KNEE
    return changed(KNEE, KNEE.replace(old, new))


def test_the_committed_file_wires_every_joint_once_on_four_buses() -> None:
    wiring = parse(TEXT, MODEL, DRIVES)
    assert [bus.name for bus in wiring.buses] == ["left_leg", "right_leg", "left_arm", "right_arm"]
    places = [place for bus in wiring.buses for place in wiring.on(bus.name)]
    assert sorted(places) == list(range(MODEL.size))
    assert [mounted.linkage.name for mounted in wiring.linkages] == ["left_ankle", "right_ankle", "waist"]
    assert wiring.wires[MODEL.index("left_ankle_roll_joint")].name == "left_ankle_lower"
    assert max(len(wiring.on(bus.name)) for bus in wiring.buses) == 10


REFUSED = {
    "no TOML": (TEXT + "\n[[bus", "no TOML"),
    "unknown table": (TEXT + "\n[drives]\n", "no such key; did you mean 'drive'?"),
    "unknown key": (knee("direction", "directon"), "drive 'left_knee_joint', directon: .* 'direction'?"),
    "suggested key": (knee("id = 4", "id = 4\ngears = 2.0"), "drive 'left_knee_joint', gears: .*did you mean 'gear'?"),
    "key of a motor": (changed(ANKLE, ANKLE + "radus = 1.0\n"), "motor 'left_ankle_upper', radus: .* 'radius'?"),
    "key of limits": (
        knee("id = 4", "id = 4\nlimits = { torqe = 3.0 }"),
        "'left_knee_joint', limits, torqe: there is no such key; did you mean 'torque'?",
    ),
    "missing key": (knee("id = 4\n", ""), "drive 'left_knee_joint', id: field required"),
    "wrong type": (knee("id = 4", 'id = "4"'), "'left_knee_joint', id: .*integer, not '4'"),
    "direction": (knee("direction = 1", "direction = 0"), "'left_knee_joint', direction: .*1 or -1, not 0"),
    "gear": (knee("id = 4", "id = 4\ngear = -2.0"), "'left_knee_joint', gear: .*greater than 0, not -2.0"),
    "not finite": (knee("id = 4", "id = 4\nzero = nan"), "'left_knee_joint', zero: .*finite number, not nan"),
    "unknown joint": (knee("left_knee_joint", "left_kne_joint"), "no joint 'left_kne_joint'; did you mean 'left_knee"),
    "joint twice": (knee("left_knee_joint", "left_hip_yaw_joint"), "'left_hip_yaw_joint' is wired 2 times"),
    "joint in a linkage too": (knee("left_knee_joint", "waist_roll_joint"), "'waist_roll_joint' is wired 2 times"),
    "joint missing": (changed(KNEE, ""), "no drive for left_knee_joint"),
    "unknown bus": (knee('bus = "left_leg"', 'bus = "left_lek"'), "no bus 'left_lek'; did you mean 'left_leg'?"),
    "bus twice": (changed('name = "right_leg"\n', 'name = "left_leg"\n'), "there are 2 of bus 'left_leg'"),
    "drive name twice": (changed('"left_ankle_lower"', '"left_ankle_upper"'), "2 of drive 'left_ankle_upper'"),
    "linkage twice": (changed('name = "waist"\n', 'name = "left_ankle"\n'), "2 of linkage 'left_ankle'"),
    "unknown model": (knee("powerflow_r86", "powerflow_r68"), "'left_knee_joint': there is no drive model .*did you"),
    "unknown firmware": (knee('"x2"', '"x3"'), "'left_knee_joint': drive model 'powerflow_r86' has no firmware 'x3'"),
    "id twice": (knee("id = 4", "id = 3"), "bus 'left_leg': drives 'left_hip_yaw_joint' and .* both have id 3"),
    "id zero": (knee("id = 4", "id = 0"), "'left_knee_joint', id: .*greater than or equal to 1, not 0"),
    "id beyond the protocol": (knee("id = 4", "id = 300"), "bus 'left_leg': drive 'left_knee_joint': .*from 1 to 255"),
    "replies on another's id": (
        knee("id = 4", "id = 4\nreply_id = 3"),
        "'left_leg': drive 3 .* would take frames of id 0x3",
    ),
    "position too small": (
        knee("id = 4", "id = 4\ngear = 3.0"),
        "'left_knee_joint': the position in frames of powerflow_r86 .* needs 0 to 7.226 rad at the shaft",
    ),
    "position too small by the zero": (knee("id = 4", "id = 4\nzero = 4.0"), "the position .* needs 4 to 6.409 rad"),
    "ranges of another firmware": (knee('firmware = "x2"\n', ""), "the torque in frames of powerflow_r86 .* ±100 Nm"),
    "torque too small": (
        changed('joint = "right_elbow_joint"\nmodel = "powerflow_r52"\nfirmware = "x2"',
                'joint = "right_elbow_joint"\nmodel = "dm4310"'),
        "'right_elbow_joint': the torque in frames of dm4310 goes over ±10 Nm, but .* needs -36 to 36 Nm",
    ),
    "velocity too small": (
        changed('joint = "right_elbow_joint"\nmodel = "powerflow_r52"\nfirmware = "x2"',
                'joint = "right_elbow_joint"\nmodel = "ak80_64"'),
        "'right_elbow_joint': the velocity in frames of ak80_64 goes over ±8 rad/s, but .* needs -14.66 to 14.66",
    ),
    "damping too small": (
        knee('model = "powerflow_r86"\nfirmware = "x2"', 'model = "dm10010l"\ngear = 0.8'),
        r"'left_knee_joint': the damping in frames of dm10010l goes over 0\.\.5 Nm·s/rad, but .* needs 0 to 6.25",
    ),
    "motor of a linkage too slow": (
        changed('name = "waist_left"\nmodel = "powerflow_r52"\nfirmware = "x2"',
                'name = "waist_left"\nmodel = "dm10010l"\ngear = 1.6'),
        "'waist_left': the velocity in frames of dm10010l goes over ±25 rad/s, but 'waist' needs -2",
    ),
    "limits beyond the range": (
        knee("id = 4", "id = 4\nlimits = { torque = 300.0 }"),
        "'left_knee_joint': its limits have torque 300 Nm, but frames .* end at 120 Nm",
    ),
    "window beyond the range": (
        knee("id = 4", "id = 4\nlimits = { position = [-7.0, 1.0] }"),
        "'left_knee_joint': its limits have position -7..1 rad, but frames .* say ±6.28319 rad",
    ),
    "window upside down": (knee("id = 4", "id = 4\nlimits = { position = [1.0, 0.0] }"), "low below high"),
    "FD drive on a classic bus": (
        changed('channel = "can0"\nfd = true\nbitrate = 1_000_000\ndata_bitrate = 5_000_000\n',
                'channel = "can0"\nfd = false\nbitrate = 1_000_000\n'),
        "bus 'left_leg': drive '.*CAN-FD",
    ),
    "FD without its rate": (
        changed('channel = "can0"\nfd = true\nbitrate = 1_000_000\ndata_bitrate = 5_000_000\n',
                'channel = "can0"\nfd = true\nbitrate = 1_000_000\n'),
        "bus 'left_leg': a CAN-FD bus needs its 'data_bitrate'",
    ),
    "data slower than arbitration": (
        changed('channel = "can0"\nfd = true\nbitrate = 1_000_000\ndata_bitrate = 5_000_000\n',
                'channel = "can0"\nfd = true\nbitrate = 1_000_000\ndata_bitrate = 500_000\n'),
        "bus 'left_leg': data_bitrate must be at least the bitrate",
    ),
    "linkage the wrong way round": (
        changed('pitch = "waist_pitch_joint"\nroll = "waist_roll_joint"',
                'pitch = "waist_roll_joint"\nroll = "waist_pitch_joint"'),
        "linkage 'waist': joint 'waist_pitch_joint' is not the next one after 'waist_roll_joint'",
    ),
    "rod in line": (
        changed("centre = [0.0, 0.04, -0.075]\nradius = 0.05\nangle = 3.141592653589793",
                "centre = [0.0, 0.04, -0.075]\nradius = 0.05\nangle = -2.158798930342464"),
        "linkage 'waist': with both joints at zero, crank 1 is in line with its rod",
    ),
    "crank too short": (
        changed("centre = [0.0, 0.04, -0.075]\nradius = 0.05", "centre = [0.0, 0.04, -0.075]\nradius = 0.01"),
        "linkage 'waist': at pitch .* rod 1 of .* m does not reach",
    ),
    "close to singular": (
        changed("anchor = [-0.05, 0.04, 0.0]", "anchor = [-0.05, -0.038, 0.0]"),
        "linkage 'waist': at pitch .*within the joints' limits, the condition number of its Jacobian is 11.2",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_right_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        parse(text, MODEL, DRIVES)
    assert str(caught.value).startswith("wiring file: ")
    assert "\n" not in str(caught.value)


def test_a_bus_that_there_is_not_is_named() -> None:
    with pytest.raises(ValueError, match="no bus 'tail'; there are left_leg, right_leg"):
        parse(TEXT, MODEL, DRIVES).on("tail")


def test_the_example_of_the_guide_is_a_wiring_file() -> None:
    example = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)[0]
    with pytest.raises(ValueError, match="no drive for left_hip_pitch_joint") as caught:
        parse(example, MODEL, DRIVES)
    for wired in ("left_knee_joint", "left_ankle_pitch_joint", "left_ankle_roll_joint"):
        assert wired not in str(caught.value)
