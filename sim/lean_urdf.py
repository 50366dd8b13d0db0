"""A URDF as the physics needs it: Bullet pays for every link at every step, also for one that only names a frame."""

from __future__ import annotations

from xml.etree import ElementTree


def without_frames(urdf: str) -> str:
    """Drop the links that have neither mass nor shape and hang on a fixed joint at the end of their branch.

    The dynamics stay the same. Text that is not well-formed comes back as it is, for the loader to complain about.
    """
    try:
        robot = ElementTree.fromstring(urdf)
    except ElementTree.ParseError:
        return urdf
    frames = {link.get("name"): link for link in robot.iterfind("link") if _is_frame(link)}
    carriers = {parent.get("link") for parent in robot.iterfind("joint/parent")}
    for joint in robot.findall("joint[@type='fixed']"):
        child = joint.find("child")
        name = None if child is None else child.get("link")
        if name in frames and name not in carriers:
            robot.remove(joint)
            robot.remove(frames[name])
    return ElementTree.tostring(robot, encoding="unicode")


def _is_frame(link: ElementTree.Element) -> bool:
    mass = link.find("inertial/mass")
    massless = mass is None or float(mass.get("value", "nan")) == 0.0
    return massless and link.find("collision") is None and link.find("visual") is None
