"""What the body knows of itself when its base is free: where it is, how fast, and which foot bears it."""
