"""decoder.onnx: SAM's prompt encoder and mask decoder, trained with the model, in the form of the `mobile-sam` pack's
decoder."""

from pathlib import Path

import torch
from torch import nn
from torch.export import Dim

from novo_train.model.sam import Sam, decode

from .graphs import DECODER, write_graph

INPUTS = ["image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input"]
OUTPUTS = ["low_res_masks", "iou_predictions"]


class Decoder(nn.Module):
    """One image, b prompts of n points each -> logits of all four mask tokens (b, 4, 256, 256), predicted IoUs (b, 4).

    image_embeddings (1, 256, 64, 64); point_coords (b, n, 2) x, y in pixels of the 1024 frame; point_labels (b, n)
    float32: 1 on the target, 0 off it, 2 and 3 corners of a box, -1 no point (the caller appends one where there is no
    box); mask_input (b, 1, 256, 256) logits; has_mask_input (1,), 1 or 0 for the whole batch. As in Meta's
    export_onnx_model.py, but all tokens come out, nothing is enlarged, and the batch is free.
    """

    def __init__(self, sam: Sam):
        super().__init__()
        self.sam = sam

    def points(self, coords, labels):
        """(b, n, 2), (b, n) -> (b, 1, n, 256)."""
        prompt = self.sam.prompt
        places = prompt.shared_embedding((coords[:, None] + 0.5) / prompt.input_image_size)
        labels = labels[:, None, :, None]
        found = torch.where(labels == -1, prompt.not_a_point_embed.weight, places)
        for label, own in enumerate(prompt.point_embed):
            found = found + (labels == label) * own.weight
        return found

    def forward(self, image_embeddings, point_coords, point_labels, mask_input, has_mask_input):
        prompt = self.sam.prompt
        none = prompt.no_mask_embed.weight.reshape(1, -1, 1, 1)
        dense = has_mask_input * prompt.mask_embed(mask_input) + (1 - has_mask_input) * none
        b = point_coords.shape[0]
        return decode(
            self.sam.decoder,
            image_embeddings.expand(b, -1, -1, -1),
            self.sam.positions().expand(b, -1, -1, -1),
            self.points(point_coords, point_labels),
            dense,
        )


def export_decoder(sam: Sam, folder: Path, opset: int) -> None:
    """In float32, whatever the precision of the language model: precision.py makes it smaller."""
    b, n = Dim("b"), Dim("n")
    inputs = (
        torch.zeros(1, 256, 64, 64),
        torch.full((3, 5, 2), 512.0),
        torch.ones(3, 5),
        torch.zeros(3, 1, 256, 256),
        torch.ones(1),
    )
    shapes = (None, {0: b, 1: n}, {0: b, 1: n}, {0: b}, None)
    write_graph(Decoder(sam.float()), inputs, folder / DECODER, INPUTS, OUTPUTS, shapes, opset)


def decoder_entry(segmenter: str) -> dict:
    """The manifest's `decoder`. `segmenter`: id of the pack whose image embeddings it was trained on."""
    embeddings, coords, labels, mask, has_mask = INPUTS
    return {
        "file": DECODER,
        "inputs": {
            "embeddings": {embeddings: "output"},
            "pointCoords": coords,
            "pointLabels": labels,
            "pointLabelType": "float32",
            "pointRank": 3,
            "boxes": None,
            "maskInput": mask,
            "hasMask": has_mask,
            "hasMaskPerPrompt": False,
            "imageSize": None,
        },
        "outputs": {"masks": OUTPUTS[0], "scores": OUTPUTS[1], "kind": "logits", "tokens": 4, "singleToken": 0},
        "padPoint": True,
        "batch": True,
        "segmenter": segmenter,
    }
