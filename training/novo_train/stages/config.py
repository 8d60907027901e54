"""The configuration file of a model and of the stages that train it: one dataclass a section, unknown keys refused."""

import tomllib
from dataclasses import MISSING, asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, get_type_hints

from ..model.efficientnet import Size
from ..model.lora import Lora
from ..model.losses import Weights
from ..model.novo import Prompts
from ..model.pixels import Square
from ..model.tokens import TEMPLATE
from ..model.vision import CELL


@dataclass(frozen=True)
class Llava:
    """`checkpoint`: a folder or a name on the Hugging Face hub; empty: built with the sizes below and NovoVision as
    its tower.
    """

    checkpoint: str = ""
    tokenizer: str = ""  # tokenizer.json; empty: of the checkpoint
    template: str = TEMPLATE  # {query} and the image token once each; the answer follows
    seg_token: str = "<SEG>"
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"  # of what is not trained
    layers: int = 4
    d: int = 256
    heads: int = 4
    intermediate: int = 704


@dataclass(frozen=True)
class Tower:
    """NovoVision; not read where `llava.checkpoint` brings its own."""

    trunk: Size = "lite0"
    weights: str = ""  # the trunk's file (model/efficientnet.py); empty: random
    freeze: int = 11  # blocks of the trunk that stay as pretrained
    head_blocks: int = 2
    grid: int = 24  # rows and columns of cells; 16 pixels each
    second: Literal["", "lite0", "lite2"] = ""  # trunk of a second eye (stages/pair.py)
    zoom: bool = False  # with the language model: 32 pixels each, looked at in several sizes (model/views.py)


@dataclass(frozen=True)
class SamFiles:
    """Segment Anything: ONNX files (the pack mobile-sam), or a transformers checkpoint, which wins."""

    encoder: str = ""
    decoder: str = ""
    checkpoint: str = ""
    segmenter: str = "mobile-sam"  # id of the pack whose embeddings the trained decoder takes


@dataclass(frozen=True)
class Mask:
    """The mask prompt is gain x (similarity - threshold): where training begins."""

    gain: float = 30.0
    threshold: float = 0.2


@dataclass(frozen=True)
class Data:
    """Rendered scenes, or `folder`: photos with instances.json (docs/formats.md). styles: roles of drawing styles."""

    sprites: str = "cache/sprites.npz"
    folder: str = ""
    dropout: float = 0.05  # of the tokenizer's merges in queries
    answers: Literal["group", "instance"] = "group"  # one <SEG> a query, or one an instance (LISA++)
    families: dict[str, float] = field(default_factory=dict)  # how often in training, in place of world.queries.WEIGHTS


@dataclass(frozen=True)
class Machine:
    device: str = "auto"  # auto, cpu, cuda
    precision: Literal["fp32", "bf16", "fp16"] = "bf16"  # of autocast
    threads: int = 1
    workers: int = 1  # processes that make examples; 0: none. The order of examples depends on it


@dataclass(frozen=True)
class Stage:
    """What every stage has. It ends at the first limit that is reached; 0: no limit. `minutes`: of this process'
    processor time, `wall`: of the clock."""

    minutes: float = 0.0
    wall: float = 0.0
    steps: int = 0
    batch: int = 12
    accumulate: int = 1
    lr: float = 1e-3
    warmup: int = 100
    decay_to: float = 0.02  # share of lr at the end, linearly
    weight_decay: float = 0.02
    betas: tuple[float, float] = (0.9, 0.98)
    clip: float = 1.0
    seed: int = 0  # of the first scene
    save_minutes: float = 5.0  # of processor time between checkpoints
    log_steps: int = 20
    evaluate: int = 60  # scenes of each test set; 0: none


@dataclass(frozen=True)
class VisionStage(Stage):
    repeat: int = 3  # times that a scene is used, mirrored at random
    pool: int = 96  # scenes among which the next is drawn
    refit: int = 0  # batches from which an unpacked tower's norms get statistics of their own before it learns on


@dataclass(frozen=True)
class LexiconStage(Stage):
    pass


@dataclass(frozen=True)
class ReasoningStage(Stage):
    queries: int = 12  # a picture
    cells: int = 224  # picture tokens kept while training
    naming: float = 0.1  # weight of Naming on the final states
    early: float = 0.5  # the same on the middle layer's
    where: float = 0.3  # weight of Where
    compile: bool = False  # the language model by torch.compile
    guide: float = 1.0  # weight of the middle layer's map of what the query chooses among
    look: float = 0.0  # weight of what layers look at: the thing that a query starts from, then what is meant


@dataclass(frozen=True)
class LayoutsStage(ReasoningStage):
    seen: str = ""  # seen.npz of the stage seen: half of the batches show its scenes; empty: none


@dataclass(frozen=True)
class SeenStage:
    """What is looked at once, for `stage.layouts.seen` (stages/seen.py)."""

    scenes: int = 1800  # to learn from
    tests: int = 80  # of held-out drawings
    seed: int = 80_000_000  # of the first scene


@dataclass(frozen=True)
class ReasonStage(ReasoningStage):
    repeat: int = 3
    pool: int = 20
    vision_lr: float = 3e-4  # 0: the tower stays
    seeing: float = 0.5  # weight of the tower's own losses


@dataclass(frozen=True)
class NovoStage(Stage):
    scenes: int = 300  # rendered or read once, with embeddings kept on disk; with a folder: all of it
    side: int = 768  # longer side of a rendered scene
    queries: int = 4  # a picture
    language: Literal["frozen", "full", "lora"] = "frozen"
    language_lr: float = 1e-4
    tokens: bool = False  # train embeddings and lm_head (LISA, with LoRA)
    decoder: bool = True
    decoder_from: str = ""  # novo.pt of an earlier run whose mask decoder this one goes on with; empty: SAM's own
    scale_lr: float = 3e-3  # of gain and threshold; 0: fixed
    # greatest noise that is added to maps, so that the decoder meets worse ones than the training's
    worsen: float = 0.05
    # IoU from which on a map teaches the decoder: none can find what the map does not show. Where LLaVA learns from S
    # it must be 0, as in the paper
    least_map: float = 0.0
    loss_side: int = 256
    clicks: int = 0  # things of a picture asked for by a point each; 0: S only, as the paper
    click: float = 1.0  # weight of their losses


@dataclass(frozen=True)
class Stages:
    vision: VisionStage = field(default_factory=VisionStage)
    lexicon: LexiconStage = field(default_factory=LexiconStage)
    layouts: LayoutsStage = field(default_factory=LayoutsStage)
    seen: SeenStage = field(default_factory=SeenStage)
    reason: ReasonStage = field(default_factory=ReasonStage)
    novo: NovoStage = field(default_factory=NovoStage)


@dataclass(frozen=True)
class Pack:
    """What the exporter is told (export/settings.py)."""

    id: str
    title: str
    licence: str
    source: str
    domain: str
    max_new_tokens: int = 64
    seg_bias: float = 0.0  # added to the logit of <SEG>: below 0, the model says more often that nothing matches
    gain: float = 0.0  # of the mask prompt, at the learned threshold; 0: as learned
    # share of a map's highest similarity at which its mask prompt is 0, in the stage novo too; 0: at the threshold
    level: float = 0.0
    thresholds: dict = field(default_factory=dict)  # of the refinement, measured for the trained decoder
    confidence: dict = field(default_factory=dict)  # how scores fall where the model is unsure, measured


@dataclass(frozen=True)
class Config:
    pack: Pack
    image: Square
    llava: Llava = field(default_factory=Llava)
    tower: Tower = field(default_factory=Tower)
    lora: Lora = field(default_factory=Lora)
    sam: SamFiles = field(default_factory=SamFiles)
    prompts: Prompts = field(default_factory=Prompts)
    mask: Mask = field(default_factory=Mask)
    loss: Weights = field(default_factory=Weights)
    data: Data = field(default_factory=Data)
    machine: Machine = field(default_factory=Machine)
    stage: Stages = field(default_factory=Stages)


class BadConfig(ValueError):
    """The message names the key and what would be right."""


def read(kind: type, told: dict[str, Any], where: str) -> Any:
    """A dataclass from a table, nested ones too. Raises BadConfig."""
    known, types = {f.name: f for f in fields(kind)}, get_type_hints(kind)
    unknown = [key for key in told if key not in known]
    if unknown:
        raise BadConfig(f"[{where}] does not know {', '.join(unknown)}. It knows {', '.join(known)}.")
    missing = [
        f.name for f in fields(kind) if f.name not in told and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise BadConfig(f"[{where}] needs {', '.join(missing)}.")
    values = {key: value_of(types[key], value, f"{where}.{key}" if where else key) for key, value in told.items()}
    return kind(**values)


def value_of(kind: Any, value: Any, where: str) -> Any:
    if is_dataclass(kind):
        if not isinstance(value, dict):
            raise BadConfig(f"{where} must be a section.")
        return read(kind, value, where)
    origin, options = getattr(kind, "__origin__", None), getattr(kind, "__args__", ())
    if origin is Literal:
        if value not in options:
            raise BadConfig(f"{where} must be one of {', '.join(map(repr, options))}, not {value!r}.")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise BadConfig(f"{where} must be a list.")
        return tuple(value_of(options[0], each, where) for each in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise BadConfig(f"{where} must be a section.")
        return {key: value_of(options[1], each, f"{where}.{key}") for key, each in value.items()}
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadConfig(f"{where} must be of type {kind.__name__}, not {value!r}.")
    return value


def load_config(path: Path, changes: list[str] = ()) -> Config:
    """changes: `section.key=value` with TOML's values, which win over the file. Raises BadConfig."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for change in changes:
        name, eq, value = change.partition("=")
        if not eq:
            raise BadConfig(f"{change!r} is not of the form section.key=value.")
        *sections, key = name.strip().split(".")
        table = told
        for section in sections:
            table = table.setdefault(section, {})
        try:
            table[key] = tomllib.loads(f"it = {value}")["it"]
        except tomllib.TOMLDecodeError:
            table[key] = value  # a bare word
    config = read(Config, told, "")
    check_square(config)
    return config


def check_square(config: Config) -> None:
    """The pictures that NovoVision takes must fit its cells. Raises BadConfig."""
    tower, size = config.tower, config.image.size
    wanted = tower.grid * CELL * (2 if tower.zoom else 1)
    if not config.llava.checkpoint and size != wanted:
        views = "with" if tower.zoom else "without"
        raise BadConfig(f"image.size must be {wanted} for tower.grid = {tower.grid} {views} tower.zoom, not {size}.")


LIMITS = ("minutes", "wall", "steps", "save_minutes", "log_steps", "evaluate")  # a resumed run may have others


def identity(config: Config, stage: str) -> dict:
    """What must be the same for a run to be resumed."""
    told = asdict(config)
    run = {key: value for key, value in told.pop("stage")[stage].items() if key not in LIMITS}
    level = told.pop("pack")["level"]  # the only one of the pack's that training sees
    return {"name": stage, **told, "stage": run, **({"level": level} if level and stage == "novo" else {})}
