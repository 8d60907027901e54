"""What an export must be told, because no checkpoint says it. Field names follow the pack's manifest
(contract/pack-llava.ts)."""

from dataclasses import dataclass, field
from typing import Literal

Precision = Literal["fp32", "fp16", "fp16-weights", "int8", "int4"]
PRECISIONS: tuple[Precision, ...] = ("fp32", "fp16", "fp16-weights", "int8", "int4")

# CLIP's, which LLaVA-1.5 was trained with (openai/clip-vit-large-patch14-336, preprocessor_config.json), times 255.
CLIP_MEAN = (122.7709383, 116.7460125, 104.09373615)
CLIP_STD = (68.5005327, 66.6321579, 70.32316305)


@dataclass(frozen=True)
class ImageRule:
    """How a photo becomes pixels: longest side to `size`, bilinear as Pillow does, at the top left of a square."""

    size: int
    mean: tuple[float, float, float] = CLIP_MEAN  # of values 0..255, RGB
    std: tuple[float, float, float] = CLIP_STD
    padding: Literal["zero", "black"] = "zero"  # 0 after normalising (the mean colour), or black pixels before it


@dataclass(frozen=True)
class ExportSettings:
    id: str
    title: str
    licence: str
    source: str
    domain: str  # what the model knows, for people
    template: str  # with {query} and the image token once each; the answer follows it
    image: ImageRule
    seg_token: str = "<SEG>"
    add_special_tokens: bool = False  # let the tokenizer's post-processor add its own (such as <s>)
    similarity: Literal["cosine", "dot"] = "cosine"
    hidden_state: Literal["predicting", "at"] = "predicting"
    gain: float = 20.0
    bias: float = 0.0
    level: float = 0.0  # share of a map's highest similarity at which its mask prompt is 0; 0: at the bias
    positive: int = 5
    negative: int = 5
    max_new_tokens: int = 64
    seg_bias: float = 0.0  # added to the logit of seg_token: below 0, the model says more often that nothing matches
    precision: Precision = "fp32"
    external_data: bool = False  # weights beside the graph: needed above 2 GB
    opset: int = 18
    segmenter: str = "mobile-sam"  # id of the pack whose image embeddings a trained mask decoder takes
    project: bool = False  # compare what text_hidden_fcs makes of the hidden states, not the states
    thresholds: dict = field(default_factory=dict)  # the manifest's `decoder.thresholds`, where they were measured
    confidence: dict = field(default_factory=dict)  # the manifest's `confidence`, where it was measured
