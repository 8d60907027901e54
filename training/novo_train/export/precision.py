"""Smaller graphs after the export, and graphs without traces of the machine that made them.

fp32           as trained
fp16           the model in half precision, exported so (export.py does it): for GPUs
fp16-weights   weights stored in half, computed in single precision: half the file, no change of speed; the casts are folded
               when a session opens
int8           the language model's matrices in 8 bits, a scale a column, activations quantised as they come (dynamic); the
               rest as in fp16-weights
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .graphs import EMBED, LANGUAGE, VISION
from .settings import Precision

MIN_ELEMENTS = 256  # norms and biases are kept: they weigh nothing


def without_traces(path: Path) -> None:
    """Drops names of source files, classes and shapes that the exporter leaves at every node. External data stays as it is."""
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


def store_half(path: Path, external: bool) -> None:
    """Weights in half precision, each followed by a cast."""
    model = onnx.load(path)
    graph, casts = model.graph, []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        if tensor.data_type != TensorProto.FLOAT or values.size < MIN_ELEMENTS:
            continue
        if np.abs(values).max(initial=0) > np.finfo(np.float16).max:
            continue  # a mask's lowest value, say
        name = tensor.name
        tensor.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.half"))
        casts.append(helper.make_node("Cast", [f"{name}.half"], [name], name=f"{name}.cast", to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    save(model, path, external)


def quantise(path: Path, external: bool) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    target = path.with_suffix(".int8.onnx")
    quantize_dynamic(path, target, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"],
                     use_external_data_format=external)
    model = onnx.load(target)
    for left in target.parent.glob(f"{target.name}*"):
        left.unlink()
    save(model, path, external)


def save(model: onnx.ModelProto, path: Path, external: bool) -> None:
    data = path.with_name(f"{path.name}.data")
    data.unlink(missing_ok=True)
    if external:
        onnx.save_model(model, path, save_as_external_data=True, location=data.name)
    else:
        onnx.save_model(model, path)


def make_smaller(folder: Path, precision: Precision, external: bool) -> None:
    for name in (VISION, EMBED, LANGUAGE):
        path = folder / name
        if precision == "int8" and name == LANGUAGE:
            quantise(path, external)
        elif precision in ("int8", "fp16-weights"):
            store_half(path, external)
        without_traces(path)
