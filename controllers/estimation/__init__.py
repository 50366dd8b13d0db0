"""What the body knows of itself when its base is free: where it is, how fast, and which foot bears it."""

from controllers.estimation.floating_base import FloatingBaseEstimate, FloatingBaseEstimator, FloatingBaseParameters

__all__ = ["FloatingBaseEstimate", "FloatingBaseEstimator", "FloatingBaseParameters"]
