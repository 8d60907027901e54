"""python -m novo_train.export CHECKPOINT OUT [--settings SETTINGS.json] [--precision P] [--picture PHOTO --query TEXT
...]

CHECKPOINT: what checkpoint.py reads: result/ of the stage novo (with --prompt-encoder SAM.onnx), a folder of
LlavaForConditionalGeneration.save_pretrained, or LISA's layout (with --vision-tower). SETTINGS.json: the fields of
ExportSettings, beside a result/ already. With a photo and queries, OUT-fixtures gets what PyTorch answers.
`python -m novo_train.export tiny OUT` writes the pack of the tests.
"""

import argparse
import json
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from PIL import Image

from .checkpoint import Loaded, load
from .fixtures import write_fixtures
from .pack import export_pack
from .settings import PRECISIONS, ExportSettings, ImageRule
from .tiny import DIALOGUES, SETTINGS, taught_tiny


def read_settings(path: Path) -> ExportSettings:
    told = json.loads(path.read_text())
    unknown = set(told) - {field.name for field in fields(ExportSettings)}
    if unknown:
        raise SystemExit(f"{path}: unknown settings {', '.join(sorted(unknown))}")
    told["image"] = ImageRule(**told["image"])
    return ExportSettings(**told)


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="novo_train.export", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("checkpoint")
    parser.add_argument("out", type=Path)
    parser.add_argument("--settings", type=Path)
    parser.add_argument("--precision", choices=PRECISIONS)
    parser.add_argument("--external-data", action="store_true", help="weights beside the graphs: needed above 2 GB")
    parser.add_argument(
        "--prompt-encoder", type=Path, help="ONNX file of Segment Anything's decoder that the training began with"
    )
    parser.add_argument(
        "--vision-tower", type=Path, help="folder of the CLIP that a checkpoint of LISA's layout only names"
    )
    parser.add_argument("--base", type=Path, help="folder of the model under LoRA's adapters, where they lie alone")
    parser.add_argument("--lora-alpha", type=float, help="of adapters without an adapter_config.json")
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--query", action="append", default=[])
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> None:
    told = parse(arguments)
    if told.checkpoint == "tiny":
        (llava, tokenizer, picture), settings = taught_tiny(), SETTINGS
        loaded, queries = Loaded(llava, tokenizer), [query for query, _ in DIALOGUES]
    else:
        loaded = load(Path(told.checkpoint), told.prompt_encoder, told.vision_tower, told.base, told.lora_alpha)
        if not (told.settings or loaded.settings):
            raise SystemExit("--settings is needed")
        settings = read_settings(told.settings or loaded.settings)
        picture = np.asarray(Image.open(told.picture).convert("RGB")) if told.picture else None
        queries = told.query
    settings = replace(
        settings,
        precision=told.precision or settings.precision,
        external_data=told.external_data or settings.external_data,
    )
    if picture is not None and queries:
        projection = loaded.projection.float() if loaded.projection is not None else None
        folder = told.out.with_name(f"{told.out.name}-fixtures")
        write_fixtures(loaded.llava.float(), loaded.tokenizer, picture, queries, settings, folder, projection)
    manifest = export_pack(
        loaded.llava, loaded.tokenizer, settings, told.out, loaded.tokenizer_config, loaded.sam, loaded.projection
    )
    for file in manifest["files"]:
        print(f"{file['size']:>14,}  {file['path']}")


if __name__ == "__main__":
    main(sys.argv[1:])
