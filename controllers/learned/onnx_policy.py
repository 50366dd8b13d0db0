"""Policies in ONNX, the format into which the common frameworks of learning write: PyTorch, JAX, TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np

from controllers.learned.interface import PolicyInterface
from controllers.learned.policy import Vector

KEY = "draisine"
"""Under which the interface stands in the metadata of a model."""


class OnnxPolicy:
    """A network with one input, the observation, shape (k,) or (1, k), and the action as its first output; float32."""

    def __init__(self, model: bytes) -> None:
        """Take a model that says in its metadata what it sees and moves.

        Raises:
            ValueError: It is no ONNX model, does not say that, or has other inputs and outputs; the message says what.
            ImportError: The package onnxruntime is not there.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # of many kinds, all onnxruntime's own
            raise ValueError(f"policy: it is no ONNX model that runs here: {' '.join(str(error).split())}") from None
        told = self._session.get_modelmeta().custom_metadata_map
        if KEY not in told:
            raise ValueError(f"policy: the metadata of the model have no {KEY!r}, which says what it sees and moves")
        self.interface = PolicyInterface.from_json(told[KEY])
        """What it sees and moves."""
        inputs = self._session.get_inputs()
        if len(inputs) != 1 or inputs[0].type != "tensor(float)":
            raise ValueError("policy: the model must have one input, of float32")
        self._input, self._rank = inputs[0].name, len(inputs[0].shape)
        self.seen = inputs[0].shape[-1] if isinstance(inputs[0].shape[-1], int) else None
        """Numbers that its input has; None where the model leaves it open."""
        self._output = self._session.get_outputs()[0].name

    def fit(self, observation: int) -> None:
        """See that the model takes observations of so many numbers, and gives an action.

        Raises:
            ValueError: It does not.
        """
        wanted = len(self.interface.joints)
        if self.seen not in (None, observation):
            raise ValueError(f"policy: its input has {self.seen} numbers, and what it says it sees has {observation}")
        given = self.act(np.zeros(observation, dtype=np.float32)).size
        if given != wanted:
            raise ValueError(f"policy: its output has {given} numbers, and it says that it moves {wanted} joints")

    def act(self, observation: Vector) -> Vector:
        """The action, shape (m,), for an observation, shape (k,)."""
        given = observation if self._rank == 1 else observation[None]
        (action,) = self._session.run([self._output], {self._input: given})
        return np.asarray(action, dtype=np.float32).reshape(-1)
