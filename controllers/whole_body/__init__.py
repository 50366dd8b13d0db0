"""The whole body: kinematics, dynamics and inverse kinematics."""
