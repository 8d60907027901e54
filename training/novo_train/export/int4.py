"""The language model's matrices in 4 bits: ONNX Runtime's MatMulNBits, a scale for every 32 weights of a column,
symmetric.

Computed in single precision (activations are not quantised). What follows the last layer, head and projection, stays as
it is: it decides which word is said and what the similarity map is.
"""

from collections import Counter
from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, NodeProto, TensorProto, helper

from .rewrite import rewrite

BLOCK = 32


def to_int4(path: Path, keep: tuple[str, ...] = ("logits", "hidden")) -> None:
    """`keep`: outputs of the graph; the matrix products next before them are left alone."""
    chosen = matrices(onnx.load(path, load_external_data=False).graph, keep)
    if not chosen:
        raise ValueError(f"{path.name} has no matrices that could be stored in 4 bits.")

    def change(tensor: TensorProto, read) -> dict[str, np.ndarray] | None:
        if tensor.name not in chosen:
            return None
        packed, scales = quantised(read())
        return {f"{tensor.name}.q4": packed, f"{tensor.name}.scales": scales}

    def nodes(graph: GraphProto) -> None:
        for node in graph.node:
            if node.op_type == "MatMul" and node.input[1] in chosen:
                left, weight = node.input
                k, n = chosen[weight]
                node.CopyFrom(
                    helper.make_node(
                        "MatMulNBits",
                        [left, f"{weight}.q4", f"{weight}.scales"],
                        node.output,
                        name=node.name,
                        domain="com.microsoft",
                        K=k,
                        N=n,
                        bits=4,
                        block_size=BLOCK,
                    )
                )

    rewrite(path, change, nodes)


def matrices(graph: GraphProto, keep: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """Shapes of the single-precision matrices that exactly one matrix product uses, by name."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer if tensor.data_type == TensorProto.FLOAT}
    uses = Counter(name for node in graph.node for name in node.input)
    left_alone = {name for output in keep for name in last_matrices(graph, output)}
    right = [node.input[1] for node in graph.node if node.op_type == "MatMul"]
    return {
        name: shapes[name]
        for name in right
        if len(shapes.get(name, ())) == 2 and uses[name] == 1 and name not in left_alone
    }


def quantised(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(k, n) -> (n, blocks, 16) uint8 and (n, blocks) float32, by ONNX Runtime's own code."""
    from onnxruntime.quantization.matmul_nbits_quantizer import DefaultWeightOnlyQuantConfig, DefaultWeightOnlyQuantizer

    config = DefaultWeightOnlyQuantConfig(block_size=BLOCK, is_symmetric=True)
    packed, scales, _ = DefaultWeightOnlyQuantizer(config).qbits_block_quant(np.ascontiguousarray(weight))
    return packed, scales


def last_matrices(graph: GraphProto, output: str) -> set[str]:
    """Matrices of the products that lead to an output with nothing between but biases, activations and casts."""
    made_by: dict[str, NodeProto] = {name: node for node in graph.node for name in node.output}
    found: set[str] = set()
    names = [output]
    while names:
        node = made_by.get(names.pop())
        if node is None:
            continue
        if node.op_type in ("MatMul", "Gemm"):
            found.add(node.input[1])
            names.append(node.input[0])
        elif node.op_type in ("Cast", "Add", "Relu", "Identity"):
            names += node.input
    return found
