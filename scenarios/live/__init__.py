"""Rides that somebody takes part in while they go on: in a window, or on a page in the browser."""
