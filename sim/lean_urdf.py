"""A URDF as the physics needs it: Bullet pays for every link at every step, and for visuals most of the loading."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree


def lean(urdf: str, folder: Path) -> str:
    """What Bullet is to load of a sound URDF; the dynamics stay the same.

    Links that have neither mass nor shape and hang on a fixed joint at the end of their branch are dropped, and so are
    the visuals of all. A link that says nothing of its mass is told to have none, since Bullet would give it 1 kg.
    Mesh files get absolute paths.

    Args:
        urdf: The text of a URDF.
        folder: Where its mesh files are looked for.
    """
    robot = ElementTree.fromstring(urdf)
    frames = {link.get("name"): link for link in robot.iterfind("link") if _is_frame(link)}
    carriers = {parent.get("link") for parent in robot.iterfind("joint/parent")}
    for joint in robot.findall("joint[@type='fixed']"):
        child = joint.find("child")
        name = None if child is None else child.get("link")
        if name in frames and name not in carriers:
            robot.remove(joint)
            robot.remove(frames[name])
    for link in robot.iterfind("link"):
        for visual in link.findall("visual"):
            link.remove(visual)
        if link.find("inertial") is None:
            inertial = ElementTree.SubElement(link, "inertial")
            ElementTree.SubElement(inertial, "mass", value="0")
            ElementTree.SubElement(inertial, "inertia", dict.fromkeys(("ixx", "ixy", "ixz", "iyy", "iyz", "izz"), "0"))
    for mesh in robot.iter("mesh"):
        mesh.set("filename", str((folder / mesh.get("filename", "")).absolute()))
    return ElementTree.tostring(robot, encoding="unicode")


def _is_frame(link: ElementTree.Element) -> bool:
    mass = link.find("inertial/mass")
    massless = mass is None or float(mass.get("value", "nan")) == 0.0
    return massless and link.find("collision") is None and link.find("visual") is None
