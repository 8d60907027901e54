"""python -m novo_train.export CHECKPOINT OUT --settings SETTINGS.json [--precision P] [--picture PHOTO --query TEXT ...]

CHECKPOINT: a folder of LlavaForConditionalGeneration.save_pretrained with tokenizer.json. SETTINGS.json: the fields of
ExportSettings. With a photo and queries, OUT-fixtures gets what PyTorch answers.
`python -m novo_train.export tiny OUT` writes the pack of the tests.
"""

import argparse
import json
import sys
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
from PIL import Image
from tokenizers import Tokenizer
from transformers import LlavaForConditionalGeneration

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
    if told.get("decoder_file"):
        told["decoder_file"] = path.parent / told["decoder_file"]
    return ExportSettings(**told)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="novo_train.export", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("out", type=Path)
    parser.add_argument("--settings", type=Path)
    parser.add_argument("--precision", choices=PRECISIONS)
    parser.add_argument("--picture", type=Path)
    parser.add_argument("--query", action="append", default=[])
    told = parser.parse_args(arguments)
    config = None
    if told.checkpoint == "tiny":
        (llava, tokenizer, picture), settings = taught_tiny(), SETTINGS
        queries = [query for query, _ in DIALOGUES]
    else:
        if not told.settings:
            parser.error("--settings is needed")
        settings = read_settings(told.settings)
        llava = LlavaForConditionalGeneration.from_pretrained(told.checkpoint, dtype="auto").eval()
        tokenizer = Tokenizer.from_file(str(Path(told.checkpoint) / "tokenizer.json"))
        beside = Path(told.checkpoint) / "tokenizer_config.json"
        config = json.loads(beside.read_text()) if beside.exists() else None
        picture = np.asarray(Image.open(told.picture).convert("RGB")) if told.picture else None
        queries = told.query
    settings = replace(settings, precision=told.precision or settings.precision)
    if picture is not None and queries:
        write_fixtures(llava.float(), tokenizer, picture, queries, settings, told.out.with_name(f"{told.out.name}-fixtures"))
    manifest = export_pack(llava, tokenizer, settings, told.out, config)
    for file in manifest["files"]:
        print(f"{file['size']:>14,}  {file['path']}")


if __name__ == "__main__":
    main(sys.argv[1:])
