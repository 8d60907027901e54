"""Answers the requests of a data set with a model in training, baselines too, for novo_train.scenes.score and
`evaluate`.

    python -m novo_train.stages.predict --config C --init mini.pt --out RUN --data DIR [--refine paper] [--set ...]

RUN holds novo.pt of the stage novo; --config, --init and --set as in that run. DIR: requests.jsonl and its photos.
Writes RUN/results.jsonl, a line a request: { id, width, height, semantic, refined, instances: [{ segmentation, score
}], answer }.

semantic is S > 0, united over all <SEG>. --refine paper: the paper's refinement of each S by the stock decoder
(--refine-with trained: the trained one), instances with their mean predicted IoU. --refine none: one instance a
<SEG>, scored by the predicted IoU of S, which is how LISA++ answers; then refined is semantic.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from pycocotools import mask as coco

from ..model.answering import answer
from ..model.llava import picture_features
from ..model.novo import SINGLE, Novo, Pictures
from ..model.pixels import square_pixels
from ..model.prompts import MODEL, model_size
from ..model.refine import refine
from ..model.sam import Sam
from .config import Config
from .embeddings import encoder_of
from .novo_parts import build_novo, choose_trained, segment_anything
from .parts import read_stage
from .program import Told, told
from .speech import Speech


def at_full_size(logits: torch.Tensor, width: int, height: int) -> np.ndarray:
    """(k, 256, 256) logits -> bool (k, height, width), as Segment Anything does: to 1024, without the padding, to the
    photo.
    """
    if not len(logits):
        return np.zeros((0, height, width), bool)
    wide, high = model_size(width, height)
    large = F.interpolate(logits[:, None].float(), size=(MODEL, MODEL), mode="bilinear", align_corners=False)[
        ..., :high, :wide
    ]
    return (F.interpolate(large, size=(height, width), mode="bilinear", align_corners=False)[:, 0] > 0).cpu().numpy()


def rle(mask: np.ndarray) -> dict:
    made = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    return {"size": made["size"], "counts": made["counts"].decode()}


@torch.no_grad()
def features_of(novo: Novo, config: Config, picture: np.ndarray) -> torch.Tensor:
    """picture uint8 (h, w, 3) -> (cells, d) after the projector."""
    like = next(novo.llava.model.vision_tower.parameters())
    pixels = torch.from_numpy(square_pixels(picture, config.image))[None].to(like.device, like.dtype)
    return picture_features(novo.llava, pixels)[0]


@torch.no_grad()
def respond(
    novo: Novo,
    speech: Speech,
    config: Config,
    size: tuple[int, int],
    features: torch.Tensor,
    embedding: np.ndarray,
    query: str,
    with_sam: Sam | None,
    device: str,
) -> dict:
    """One result line without its id. size: of the picture, width and height; features: see `answer`. with_sam:
    refines; None: one instance a <SEG>."""
    width, height = size
    said = answer(
        novo.llava,
        features,
        list(speech.before),
        speech.query(query),
        speech.seg,
        config.pack.max_new_tokens,
        config.prompts.similarity,
        config.prompts.hidden_state,
        config.pack.seg_bias,
    )
    line = {"width": width, "height": height, "answer": speech.tokenizer.decode(said.ids, skip_special_tokens=True)}
    empty = rle(np.zeros((height, width), bool))
    if not len(said.maps):
        return {**line, "semantic": empty, "refined": empty, "instances": []}
    seen = torch.from_numpy(embedding).to(device)
    rows = torch.zeros(len(said.maps), dtype=torch.long, device=device)
    found = novo.segment(said.maps, said.seg, rows, Pictures(seen[None], [(width, height)]))
    semantic = at_full_size(found.s, width, height).any(0)
    if with_sam is None:
        logits, scores = found.s, found.iou[:, SINGLE]
    else:
        parts = [refine(with_sam, seen, s, (width, height)) for s in found.s]
        logits, scores = torch.cat([p.logits for p in parts]), torch.cat([p.scores for p in parts])
    masks = at_full_size(logits, width, height)
    drawn = [(mask, float(score)) for mask, score in zip(masks, scores, strict=True) if mask.any()]
    refined = np.any([mask for mask, _ in drawn], 0) if drawn else semantic
    instances = [{"segmentation": rle(mask), "score": round(score, 4)} for mask, score in drawn]
    return {**line, "semantic": rle(semantic), "refined": rle(refined), "instances": instances}


def trained(t: Told) -> tuple[Novo, Speech]:
    """The model as the stage novo left it in --out."""
    novo, speech = build_novo(t)
    choose_trained(novo, t.config)
    state = read_stage(t.out / "novo.pt")["novo"]
    unknown = novo.load_state_dict(state, strict=False).unexpected_keys
    missing = {name for name, p in novo.named_parameters() if p.requires_grad} - set(state)
    if unknown or missing:
        raise SystemExit(f"{t.out / 'novo.pt'} was trained with other settings: {[*unknown, *missing][:5]}")
    return novo.eval(), speech


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(add_help=False)
    p.add_argument("--data", type=Path, required=True)
    p.add_argument("--refine", choices=["paper", "none"], default="paper")
    p.add_argument("--refine-with", choices=["stock", "trained"], default="stock")
    p.add_argument("--results", default="results.jsonl", help="file name in --out")
    own, others = p.parse_known_args(arguments if arguments is not None else sys.argv[1:])
    t = told("predict", __doc__, others)
    novo, speech = trained(t)
    stock = (
        segment_anything(t.config).to(t.device).eval()
        if own.refine == "paper" and own.refine_with == "stock"
        else novo.sam
    )
    encode, name = encoder_of(t.config.sam, t.device, t.config.machine.threads), ""
    requests = [json.loads(line) for line in (own.data / "requests.jsonl").read_text(encoding="utf-8").splitlines()]
    with (t.out / own.results).open("w", encoding="utf-8") as file:
        for request in requests:  # those of a photo follow one another, and each photo is looked at once
            if request["image"] != name:
                name, picture = request["image"], np.asarray(Image.open(own.data / request["image"]).convert("RGB"))
                size, seen = picture.shape[1::-1], (features_of(novo, t.config, picture), encode(picture))
            line = respond(
                novo,
                speech,
                t.config,
                size,
                *seen,
                request["query"],
                stock if own.refine == "paper" else None,
                t.device,
            )
            print(json.dumps({"id": request["id"], **line}, ensure_ascii=False), file=file)


if __name__ == "__main__":
    main()
