"""Experiments in the world code that the rides use: something is set up, let go, and watched."""
