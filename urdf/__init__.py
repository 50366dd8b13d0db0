"""The bodies: URDF files and the parameter files from which `python -m urdf` generates them."""
