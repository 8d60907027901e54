"""Changes the weights of an ONNX file one by one, so that no more than one of them is in memory, wherever they lie."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

BESIDE_FROM = 1024  # bytes: smaller weights stay in the graph
ALIGNMENT = 4096  # bytes: so that the runtime can map them


def data_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.data")


Change = Callable[[TensorProto, Callable[[], np.ndarray]], dict[str, np.ndarray] | None]


def rewrite(path: Path, change: Change, nodes: Callable[[onnx.GraphProto], None]) -> None:
    """Replaces the file (and what lies beside it).

    change(tensor, read) answers the weights that take a weight's place, by name, or None to keep it; `read()` gives its
    values. nodes(graph) then puts the nodes right. Weights that lay beside the graph stay there.
    """
    model = onnx.load(path, load_external_data=False)
    graph, data = model.graph, data_file(path)
    fresh = data.with_name(f"{data.name}.new")
    external = data.exists()
    kept: list[TensorProto] = []
    with open(fresh, "wb") if external else nullcontext() as file:
        for tensor in graph.initializer:
            read = partial(numpy_helper.to_array, tensor, str(path.parent))
            for name, values in (change(tensor, read) or {tensor.name: None}).items():
                values = read() if values is None else values
                kept.append(
                    beside(name, values, file, data.name)
                    if file and values.nbytes >= BESIDE_FROM
                    else numpy_helper.from_array(values, name)
                )
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes(graph)
    domains = {node.domain for node in graph.node} - {opset.domain for opset in model.opset_import}
    model.opset_import.extend(onnx.helper.make_opsetid(domain, 1) for domain in sorted(domains))
    path.write_bytes(model.SerializeToString())
    if external:
        fresh.replace(data)


def beside(name: str, values: np.ndarray, file, location: str) -> TensorProto:
    """Appends the values to `file` and answers a weight that points there."""
    file.write(b"\0" * (-file.tell() % ALIGNMENT))
    tensor = TensorProto(
        name=name,
        dims=values.shape,
        data_type=onnx.helper.np_dtype_to_tensor_dtype(values.dtype),
        data_location=TensorProto.EXTERNAL,
    )
    for key, value in (("location", location), ("offset", file.tell()), ("length", values.nbytes)):
        tensor.external_data.add(key=key, value=str(value))
    file.write(np.ascontiguousarray(values).tobytes())
    return tensor
