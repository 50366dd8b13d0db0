"""How the links of a body hang together: names, one root, no loops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from urdf.description import Array, Description, Fault, Joint, Link

NAME_LIMIT = 1023
"""PyBullet cuts longer names, and ends the process at much longer ones [bytes]."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A sound tree of links.

    Attributes:
        links: By name.
        root: Name of the one link that no joint moves.
        joint_to: The joint that carries a link, by the link's name; the root has none.
        order: Names of all links, each one after its parent.
    """

    links: dict[str, Link]
    root: str
    joint_to: dict[str, Joint]
    order: tuple[str, ...]

    def carrier(self, link: str) -> str:
        """The moving link (or the root) to which a link is fixed; itself if it moves."""
        while link != self.root and self.joint_to[link].kind == "fixed":
            link = self.joint_to[link].parent
        return link

    def poses(self) -> dict[str, tuple[Array, Array]]:
        """Origin (3,) [m] and rotation (3, 3) of every link in the root's frame with all joints at zero."""
        poses = {self.root: (np.zeros(3), np.eye(3))}
        for name in self.order[1:]:
            joint = self.joint_to[name]
            origin, turn = poses[joint.parent]
            poses[name] = (origin + turn @ joint.xyz, turn @ joint.rotation)
        return poses


def name_faults(body: Description) -> Iterator[Fault]:
    """Names that are empty, too long, or given twice."""
    groups: dict[str, list[str]] = {
        "link": [link.name for link in body.links],
        "joint": [joint.name for joint in body.joints],
        "material": list(body.materials),
    }
    for kind, names in groups.items():
        for number, name in enumerate(names, 1):
            if not name.strip():
                yield Fault(f"{kind} number {number}", "has no name")
            elif len(name.encode()) > NAME_LIMIT:
                yield Fault(
                    f"{kind} {name[:40] + '...'!r}",
                    f"the name has {len(name.encode())} bytes, PyBullet cuts it after {NAME_LIMIT}",
                )
        for name, count in Counter(names).items():
            if count > 1 and name.strip():
                yield Fault(f"{kind} {name!r}", f"there are {count} with this name, names must be unique")


def grow(body: Description) -> tuple[Tree | None, list[Fault]]:
    """The tree of a body whose names are sound, or what keeps it from being one."""
    links = {link.name: link for link in body.links}
    faults: list[Fault] = []
    for joint in body.joints:
        for end, name in (("parent", joint.parent), ("child", joint.child)):
            if name not in links:
                faults.append(Fault(f"joint {joint.name!r}", f"its {end} link {name!r} is not there"))
    carried: dict[str, list[Joint]] = {}
    for joint in body.joints:
        carried.setdefault(joint.child, []).append(joint)
    for name, joints in carried.items():
        if len(joints) > 1:
            faults.append(Fault(f"link {name!r}", f"is the child of {_listed(j.name for j in joints)}, one is allowed"))
    roots = [name for name in links if name not in carried]
    if len(roots) > 1:
        faults.append(Fault("", f"the links {_listed(roots)} have no parent, exactly one root link is allowed"))
    if faults:
        return None, faults
    order = list(roots)
    children: dict[str, list[str]] = {}
    for joint in body.joints:
        children.setdefault(joint.parent, []).append(joint.child)
    for name in order:
        order += children.get(name, ())
    loose = [name for name in links if name not in order]
    if loose:
        return None, [Fault(f"link {loose[0]!r}", "hangs in a loop of joints, a URDF is a tree with one root link")]
    return Tree(links, roots[0], {joint.child: joint for joint in body.joints}, tuple(order)), []


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))
