"""Fixtures for the application's tests: a photo, queries, and what PyTorch answers to them."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from PIL import Image
from tokenizers import Tokenizer
from torch import nn
from transformers import LlavaForConditionalGeneration

from .reference import answer, pixels_of
from .settings import ExportSettings


def rounded(value, digits: int = 6):
    if isinstance(value, float):
        return round(value, digits)
    if isinstance(value, list):
        return [rounded(each, digits) for each in value]
    return value


def write_fixtures(
    llava: LlavaForConditionalGeneration,
    tokenizer: Tokenizer,
    picture: np.ndarray,
    queries: list[str],
    settings: ExportSettings,
    folder: Path,
    projection: nn.Module | None = None,
) -> list[dict]:
    """picture.png (RGB (h, w, 3) uint8) and expected.json: for each query the fields of reference.Answer."""
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray(picture).save(folder / "picture.png", optimize=True)
    pixels = pixels_of(picture, settings.image)
    cases = []
    for query in queries:
        for state in ("predicting", "at"):
            told = asdict(answer(llava, tokenizer, pixels, query, replace(settings, hidden_state=state), projection))
            cases.append({"query": query, "hiddenState": state, **{key: rounded(value) for key, value in told.items()}})
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    (folder / "expected.json").write_text(f'{{"cases": [\n{lines}\n]}}\n')
    return cases
