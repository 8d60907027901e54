"""Image embeddings of Segment Anything on disk: computed once a picture, half precision, a file each."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
from transformers import SamModel

from ..model.sam_image import Encoder, onnx_encoder, torch_encoder
from .config import SamFiles
from .shots import Shot


def encoder_of(files: SamFiles, device: str, threads: int) -> Encoder:
    if files.checkpoint:
        return torch_encoder(SamModel.from_pretrained(files.checkpoint), device)
    return onnx_encoder(Path(files.encoder), threads)


def source_of(files: SamFiles) -> dict:
    """What an embedding depends on besides the picture."""
    if files.checkpoint:
        return {"encoder": files.checkpoint}
    return {"encoder": hashlib.sha256(Path(files.encoder).read_bytes()).hexdigest()}


def embed(shots: list[Shot], files: SamFiles, folder: Path, device: str, threads: int) -> list[Path]:
    """Files of float16 (256, 64, 64), one a shot; what is there already is kept. A folder belongs to one encoder."""
    folder.mkdir(parents=True, exist_ok=True)
    note, source = folder / "source.json", source_of(files)
    if note.exists() and json.loads(note.read_text()) != source:
        raise SystemExit(f"{folder} holds embeddings of another encoder: remove it or give another --out.")
    note.write_text(json.dumps(source))
    paths = [folder / f"{shot.key}.npy" for shot in shots]
    missing = [(shot, path) for shot, path in zip(shots, paths, strict=True) if not path.exists()]
    encode = encoder_of(files, device, threads) if missing else None
    for shot, path in missing:
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            np.save(file, encode(shot.picture).astype(np.float16))
        os.replace(beside, path)
    return paths
