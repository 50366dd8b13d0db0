"""A learned policy that a scenario names: read from its file, checked, and put on the scenario's controller."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from controllers.learned.controller import PolicyController
from controllers.learned.interface import PolicyInterface
from controllers.learned.onnx_policy import OnnxPolicy
from controllers.learned.policy import Policy
from scenarios.ride import Ride


def policy_on(ride: Ride, interface: PolicyInterface, policy: Policy) -> PolicyController:
    """A run's controller with a policy on it.

    Raises:
        ValueError: It does not fit the robot or the kind of run.
    """
    context = ride.context
    limits = context.joint_lower, context.joint_upper
    return PolicyController(ride.controller, context.joint_names, limits, interface, policy)


def with_policy(ride: Ride, file: str, kind: str) -> Ride:
    """The same run with a policy on its controller.

    Args:
        ride: The run.
        file: The policy, an ONNX file.
        kind: Of the run.

    Raises:
        ValueError: There is no such file, or it is no policy for this robot and this kind of run.
    """
    try:
        policy = OnnxPolicy(Path(file).read_bytes())
        if policy.interface.kind != kind:
            raise ValueError(f"policy: it was made for the kind of run {policy.interface.kind!r}, and this is {kind!r}")
        controller = policy_on(ride, policy.interface, policy)
        policy.fit(controller.map.size)
    except OSError as error:
        raise ValueError(f"policy: {file} cannot be read: {error.strerror}") from None
    except ImportError:
        raise ValueError("policy: it needs onnxruntime; try: pip install 'draisine[learn]'") from None
    except ValueError as error:
        raise ValueError(str(error).replace("policy:", f"policy {file}:", 1)) from None
    return replace(ride, controller=controller)
