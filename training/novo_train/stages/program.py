"""The command line that all stages share."""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import torch

from . import together
from .config import BadConfig, Config, load_config
from .loop import device_of


@dataclass(frozen=True)
class Told:
    config: Config
    out: Path
    init: Path | None
    vision: Path | None
    resume: bool
    device: str


def told(name: str, about: str, arguments: list[str] | None = None) -> Told:
    p = argparse.ArgumentParser(prog=f"novo_train.stages.{name}", description=about)
    p.add_argument("--config", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True, help="folder of the checkpoint, log.jsonl and results")
    p.add_argument("--init", type=Path, help="checkpoint of an earlier stage")
    p.add_argument("--vision", type=Path, help="vision.pt of the vision stage")
    p.add_argument("--resume", action="store_true", help="continue the run in --out")
    p.add_argument(
        "--set", action="append", default=[], metavar="SECTION.KEY=VALUE", help=f"such as stage.{name}.minutes=5"
    )
    a = p.parse_args(arguments if arguments is not None else sys.argv[1:])
    try:
        config = load_config(a.config, a.set)
    except (BadConfig, OSError) as error:
        raise SystemExit(f"{a.config}: {error}") from error
    together.place()
    if config.machine.threads:
        torch.set_num_threads(config.machine.threads)
    return Told(config, a.out, a.init, a.vision, a.resume, device_of(config.machine))
