"""The world: physics, bodies, drives, hands, sensors, and the bus that a controller meets them through."""
