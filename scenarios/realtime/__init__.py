"""The loop of a robot with real drives: its clock, what it asks of the kernel, its times and its log; no simulator."""
