"""Smaller graphs after the export, and graphs without traces of the machine that made them.

fp32           as trained
fp16           the model in half precision, exported so (pack.py does it): for GPUs
fp16-weights   weights stored in half, computed in single precision: half the file, no change of speed; the casts are
               folded when a session opens
int8           the language model's matrices in 8 bits, a scale a column, activations quantised as they come (dynamic);
               the rest as in fp16-weights
int4           the language model's matrices in 4 bits (int4.py), the rest as in fp16-weights: for models of some
               billion weights
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import GraphProto, TensorProto, helper

from .graphs import DECODER, LANGUAGE
from .int4 import to_int4
from .rewrite import data_file, rewrite
from .settings import Precision

MIN_ELEMENTS = 256  # norms and biases are kept: they weigh nothing


def without_traces(path: Path) -> None:
    """Drops names of source files, classes and shapes that the exporter leaves at every node. External data stays as it
    is."""
    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    for node in graph.node:
        node.doc_string = ""
        del node.metadata_props[:]
    for thing in (*graph.input, *graph.output, *graph.initializer):
        thing.doc_string = ""
        del thing.metadata_props[:]
    del graph.value_info[:], graph.metadata_props[:], model.metadata_props[:]
    model.doc_string = graph.doc_string = ""
    path.write_bytes(model.SerializeToString())


def store_half(path: Path) -> None:
    """Weights in half precision, each followed by a cast."""
    halved: list[str] = []

    def change(tensor: TensorProto, read) -> dict[str, np.ndarray] | None:
        if (
            tensor.data_type != TensorProto.FLOAT
            or np.prod(tensor.dims) < MIN_ELEMENTS
            or tensor.name.endswith(".scales")
        ):
            return None
        values = read()
        if np.abs(values).max(initial=0) > np.finfo(np.float16).max:
            return None  # a mask's lowest value, say
        halved.append(tensor.name)
        return {f"{tensor.name}.half": values.astype(np.float16)}

    def nodes(graph: GraphProto) -> None:
        casts = [
            helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.cast", to=TensorProto.FLOAT)
            for name in halved
        ]
        after = [*casts, *graph.node]
        del graph.node[:]
        graph.node.extend(after)

    rewrite(path, change, nodes)


def quantise(path: Path, external: bool) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = path.with_suffix(".int8.onnx")
    quantize_dynamic(
        path,
        target,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=["MatMul"],
        use_external_data_format=external,
    )
    model = onnx.load(target)
    for left in target.parent.glob(f"{target.name}*"):
        left.unlink()
    save(model, path, external)


def save(model: onnx.ModelProto, path: Path, external: bool) -> None:
    data = data_file(path)
    data.unlink(missing_ok=True)
    if external:
        onnx.save_model(model, path, save_as_external_data=True, location=data.name)
    else:
        onnx.save_model(model, path)


def make_smaller(folder: Path, precision: Precision, external: bool) -> None:
    """Of the graphs of a folder, as they were exported: in single precision, or in half for fp16 (but for the
    decoder)."""
    for path in sorted(folder.glob("*.onnx")):
        if path.name == LANGUAGE and precision == "int8":
            quantise(path, external)
        elif path.name == LANGUAGE and precision == "int4":
            to_int4(path)
            store_half(path)
        elif precision in ("int4", "int8", "fp16-weights") or (precision == "fp16" and path.name == DECODER):
            store_half(path)
        without_traces(path)
