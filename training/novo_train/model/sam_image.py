"""Segment Anything's image encoder, frozen: its embeddings (256, 64, 64) are computed once a picture."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from transformers import SamModel

from .pixels import SAM_SQUARE, square_pixels

Encoder = Callable[[np.ndarray], np.ndarray]  # RGB uint8 (h, w, 3) -> float32 (256, 64, 64)


def onnx_encoder(path: Path, threads: int = 1) -> Encoder:
    """An ONNX file that takes normalised pixels (1, 3, 1024, 1024), such as MobileSAM's of the pack mobile-sam."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda picture: session.run(None, {name: square_pixels(picture, SAM_SQUARE)[None]})[0][0]


def torch_encoder(model: SamModel, device: str) -> Encoder:
    """The encoder of a transformers checkpoint, such as facebook/sam-vit-huge."""
    tower = model.vision_encoder.to(device).eval().requires_grad_(False)
    dtype = next(tower.parameters()).dtype

    @torch.no_grad()
    def encode(picture: np.ndarray) -> np.ndarray:
        pixels = torch.from_numpy(square_pixels(picture, SAM_SQUARE))[None].to(device, dtype)
        return tower(pixels).last_hidden_state[0].float().cpu().numpy()

    return encode
