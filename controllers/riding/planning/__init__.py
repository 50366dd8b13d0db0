"""Planning a ride: from goals on a map to a path that can be ridden, and to the speed along it."""
