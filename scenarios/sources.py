"""One hash over all that decides what a ride does: the project's own code, its parameter files and its bodies."""

from hashlib import sha256

from scenarios.provenance import ROOT

_ROOMS = ("robot", "controllers", "sim", "urdf", "scenarios")
_ENDINGS = (".py", ".toml", ".urdf")
_LIBRARY = ROOT / "scenarios" / "library"


def sources_hash() -> str:
    """SHA-256 over names and content of the sources; the scenarios of the library are not among them."""
    hashed = sha256()
    for room in _ROOMS:
        for file in sorted((ROOT / room).rglob("*")):
            if file.suffix in _ENDINGS and _LIBRARY not in file.parents:
                content = file.read_bytes()
                hashed.update(f"{file.relative_to(ROOT).as_posix()}\0{len(content)}\0".encode())
                hashed.update(content)
    return hashed.hexdigest()
