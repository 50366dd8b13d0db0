"""Writes policies as ONNX files: networks that were made elsewhere, or small ones from their weights."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

from controllers.learned.interface import PolicyInterface
from controllers.learned.onnx_policy import KEY

_OPSET, _IR = 17, 9
"""Old enough for every runtime of the last years."""


def sealed(model: bytes, interface: PolicyInterface) -> bytes:
    """A model with what it sees and moves in its metadata, as `draisine run --set policy=FILE` needs it.

    Args:
        model: ONNX, as `torch.onnx.export` and others write it: one input, shape (1, k) or (k,), float32.
        interface: That of the environment in which it was learned: `env.unwrapped.interface`.
    """
    loaded = onnx.load_from_string(model)
    for entry in [one for one in loaded.metadata_props if one.key == KEY]:
        loaded.metadata_props.remove(entry)
    loaded.metadata_props.add(key=KEY, value=interface.to_json())
    return bytes(loaded.SerializeToString())


def network(layers: Sequence[tuple[ArrayLike, ArrayLike]], interface: PolicyInterface) -> bytes:
    """A network of layers, tanh behind each: a linear policy has one.

    Args:
        layers: Weights, shape (out, in), and biases, shape (out,), from the observation on.
        interface: What it sees and moves.

    Raises:
        ValueError: The layers do not fit together.
    """
    weights = [(np.asarray(weight, np.float32), np.asarray(bias, np.float32)) for weight, bias in layers]
    for (before, _), (after, _) in pairwise(weights):
        if after.shape[1] != before.shape[0]:
            raise ValueError(f"layers: {before.shape[0]} numbers come out of one, {after.shape[1]} go into the next")
    values, nodes = [], []
    for number, (weight, bias) in enumerate(weights):
        values += [numpy_helper.from_array(weight, f"w{number}"), numpy_helper.from_array(bias, f"b{number}")]
        nodes.append(helper.make_node("Gemm", [f"x{number}", f"w{number}", f"b{number}"], [f"y{number}"], transB=1))
        nodes.append(helper.make_node("Tanh", [f"y{number}"], [f"x{number + 1}"]))
    given = helper.make_tensor_value_info("x0", TensorProto.FLOAT, [1, weights[0][0].shape[1]])
    asked = helper.make_tensor_value_info(f"x{len(weights)}", TensorProto.FLOAT, [1, weights[-1][0].shape[0]])
    graph = helper.make_graph(nodes, "policy", [given], [asked], values)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR)
    onnx.checker.check_model(model)
    return sealed(model.SerializeToString(), interface)
