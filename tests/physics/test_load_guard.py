"""What Bullet makes of a URDF: nothing but what the text says, and nothing that brakes."""

from contextlib import closing

import pybullet
import pytest

import sim.physics
from scenarios.assembly import BICYCLE_URDF, ROBOT_URDF
from sim.experiments.first_step import acceleration_error
from sim.lean_urdf import lean
from sim.load_guard import BRAKING_TOLERANCE, TOLERANCE, braking, deviations, require_faithful
from sim.physics import Physics, PhysicsSettings
from sim.silence import silence
from urdf.description import read

BODY = """\
<robot name="pair">
  <link name="base">
    <inertial><origin xyz="0.1 0.2 0.3" rpy="0.3 0.4 0.5"/><mass value="2"/>
      <inertia ixx="0.02" iyy="0.03" izz="0.04" ixy="0.004" ixz="-0.002" iyz="0.003"/></inertial>
    <collision><origin xyz="0 0 0.1" rpy="0.1 0.2 0.3"/><geometry><box size="0.3 0.2 0.1"/></geometry></collision>
    <collision><geometry><cylinder radius="0.2" length="0.1"/></geometry></collision>
  </link>
  <link name="arm">
    <inertial><mass value="1"/><inertia ixx="{ixx}" iyy="0.01" izz="0.01" ixy="0" ixz="0" iyz="0"/></inertial>
    <visual><geometry><sphere radius="0.05"/></geometry></visual>
    <collision><geometry><capsule radius="0.05" length="0.2"/></geometry></collision>
  </link>
  <joint name="shoulder" type="revolute">
    <origin xyz="0 0 0.2"/><parent link="base"/><child link="arm"/><axis xyz="0 1 0"/>
    <limit lower="-1" upper="2" effort="10" velocity="5"/>{more}
  </joint>
  <link name="mount"><visual><geometry><sphere radius="0.05"/></geometry></visual></link>
  <joint name="mount_fixed" type="fixed"><parent link="arm"/><child link="mount"/></joint>
</robot>
"""


def text(ixx=0.01, more=""):
    return BODY.format(ixx=ixx, more=more)


def described(urdf, folder):
    body, faults = read(lean(urdf, folder))
    assert body is not None
    assert faults == []
    return body


@pytest.fixture
def physics():
    with closing(Physics(PhysicsSettings())) as world:
        yield world


@pytest.fixture
def pair(physics, tmp_path):
    """The body, loaded as every body is."""
    path = tmp_path / "pair.urdf"
    path.write_text(text())
    return physics.load(path)


def worst(physics, body, description):
    return max(deviations(physics.id, body, description), key=lambda deviation: deviation.error)


def test_bullet_has_what_the_text_says(physics, pair, tmp_path):
    found = list(deviations(physics.id, pair, described(text(), tmp_path)))
    assert {"mass", "inertia", "lower limit", "size of the box", "direction of the box"} <= {d.quantity for d in found}
    assert max(deviation.error for deviation in found) < TOLERANCE


def test_a_link_without_mass_has_none_in_bullet(physics, pair):
    assert pybullet.getDynamicsInfo(pair, physics.links(pair)["mount"], physicsClientId=physics.id)[0] == 0.0


@pytest.mark.parametrize("seed", range(3))
def test_the_first_step_is_that_of_the_equations_of_motion(physics, pair, seed):
    assert acceleration_error(physics, pair, text(), seed) < 1e-8


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mass": 2.001}, "link 'base': PyBullet has another mass than the URDF: 2.001 instead of 2 kg"),
        ({"localInertiaDiagonal": [0.02, 0.03, 0.05]}, "link 'base': PyBullet has another inertia"),
    ],
)
def test_what_was_changed_after_loading_is_found(physics, pair, tmp_path, change, said):
    pybullet.changeDynamics(pair, -1, **change, physicsClientId=physics.id)
    with pytest.raises(ValueError, match=said):
        require_faithful(physics.id, pair, described(text(), tmp_path))


@pytest.mark.parametrize(
    ("old", "new", "quantity"),
    [
        ('upper="2"', 'upper="2.1"', "upper limit"),
        ('effort="10"', 'effort="11"', "effort limit"),
        ("0.3 0.2 0.1", "0.3 0.2 0.11", "size of the box"),
        ('<origin xyz="0 0 0.1" rpy="0.1 0.2 0.3"/>', '<origin xyz="0 0 0.2" rpy="0.1 0.2 0.3"/>', "place of the box"),
        ('<origin xyz="0 0 0.1" rpy="0.1 0.2 0.3"/>', '<origin xyz="0 0 0.1" rpy="0.1 0.2 0.4"/>', "direction of"),
        ("<cylinder", "<capsule", "kind of the capsule"),
        ('type="revolute"', 'type="prismatic"', "type"),
        ('<capsule radius="0.05" length="0.2"/>', '<capsule radius="0.05" length="0.3"/>', "size of the capsule"),
    ],
)
def test_another_text_than_the_loaded_one_is_found(physics, pair, tmp_path, old, new, quantity):
    assert old in text()
    other = described(text().replace(old, new), tmp_path)
    assert worst(physics, pair, other).quantity.startswith(quantity)
    with pytest.raises(ValueError, match=quantity):
        require_faithful(physics.id, pair, other)


def test_other_names_are_found(physics, pair, tmp_path):
    with pytest.raises(ValueError, match=r"other joints .* without \['elbow'\], and with \['shoulder'\]"):
        require_faithful(physics.id, pair, described(text().replace("shoulder", "elbow"), tmp_path))


def test_an_inertia_that_bullet_sets_to_zero_is_found(physics, tmp_path):
    """It only warns, on the standard output, of one that breaks the triangle inequality."""
    body = physics.load_text(lean(text(ixx=0.1), tmp_path))
    with pytest.raises(ValueError, match=r"link 'arm': .* inertia .*\(0, 0, 0\) instead of \(0.01, 0.01, 0.1\)"):
        require_faithful(physics.id, body, described(text(ixx=0.1), tmp_path))


# Braking


def test_nothing_brakes_a_loaded_body(physics, pair):
    assert braking(physics.id, pair) < BRAKING_TOLERANCE / 1000.0


@pytest.mark.parametrize(
    "change",
    [{"linearDamping": 1e-6}, {"angularDamping": 1e-6}, {"jointDamping": 1e-6}],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("path", [ROBOT_URDF, BICYCLE_URDF], ids=lambda path: path.stem)
def test_the_least_damping_is_felt(physics, path, change):
    """Bullet's default is 0.04; a joint's is in Nm·s/rad."""
    body = physics.load(path)
    for link in range(-1, physics.joint_count(body)):
        pybullet.changeDynamics(body, link, **change, physicsClientId=physics.id)
    assert braking(physics.id, body) > 10.0 * BRAKING_TOLERANCE


def test_a_joint_motor_that_is_on_is_felt(physics, pair):
    pybullet.setJointMotorControl2(pair, 0, pybullet.VELOCITY_CONTROL, force=1e-6, physicsClientId=physics.id)
    assert braking(physics.id, pair) > 10.0 * BRAKING_TOLERANCE


def test_bullet_as_it_comes_brakes(physics, tmp_path):
    path = tmp_path / "pair.urdf"
    path.write_text(lean(text(), tmp_path))
    with silence():
        body = pybullet.loadURDF(str(path), physicsClientId=physics.id)
    assert braking(physics.id, body) > 1e-3


def test_damping_of_a_text_is_turned_off_by_loading(physics, tmp_path):
    """The guard refuses it all the same, and PyBullet goes on reporting it: only the motion tells."""
    body = physics.load_text(lean(text(more='<dynamics damping="0.5"/>'), tmp_path))
    assert pybullet.getJointInfo(body, 0, physicsClientId=physics.id)[6] == 0.5
    assert braking(physics.id, body) < BRAKING_TOLERANCE / 1000.0


# Loading


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (text(ixx=0.1), "link 'arm': breaks the triangle inequality"),
        (text(more='<dynamics damping="0.5"/>'), "joint 'shoulder': has <dynamics damping> 0.5"),
        ("<robot>", "not well-formed XML"),
    ],
)
def test_a_body_that_is_not_sound_is_not_loaded(physics, tmp_path, broken, said):
    path = tmp_path / "pair.urdf"
    path.write_text(broken)
    before = pybullet.getNumBodies(physicsClientId=physics.id)
    with pytest.raises(ValueError, match=r"pair.urdf: ") as refusal:
        physics.load(path)
    assert said in str(refusal.value)
    assert pybullet.getNumBodies(physicsClientId=physics.id) == before


def test_a_joint_that_is_missing_is_named(physics, tmp_path):
    path = tmp_path / "pair.urdf"
    path.write_text(text())
    with pytest.raises(ValueError, match=r"pair.urdf lacks the joints elbow; it has shoulder, mount_fixed"):
        physics.load(path, ("shoulder", "elbow"))


def test_a_text_is_proved_once(tmp_path, monkeypatch):
    proofs = []
    monkeypatch.setattr(sim.physics, "require_faithful", lambda client, body, described: proofs.append(described.name))
    path = tmp_path / "pair.urdf"
    path.write_text(text().replace("pair", "only_here"))
    for _ in range(2):
        with closing(Physics(PhysicsSettings())) as world:
            world.load(path)
    assert proofs == ["only_here"]


def test_a_body_that_bullet_spoils_is_refused(physics, tmp_path, monkeypatch):
    """If Bullet's damping could not be turned off, loading would say so."""
    change = pybullet.changeDynamics
    monkeypatch.setattr(pybullet, "changeDynamics", lambda *at, angularDamping=0.0, **others: change(*at, **others))
    path = tmp_path / "pair.urdf"
    path.write_text(text().replace("pair", "spoilt"))
    with pytest.raises(ValueError, match=r"pair.urdf: something brakes the body: 0\.0"):
        physics.load(path)
