"""Studies: how far the motion goes before it fails, and what it depends on."""
