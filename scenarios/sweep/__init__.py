"""Sweeps: many randomised worlds of one scenario, ridden wherever there is room, gathered in one table."""
