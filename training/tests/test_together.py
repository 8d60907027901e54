"""Two processes that average their gradients train as one with both batches."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import small
import torch

from novo_train.stages import lexicon

PROGRAM = "from novo_train.stages.lexicon import main; import sys; main(sys.argv[1:])"


def arguments(out: Path, tokenizer: Path, *changes: str) -> list[str]:
    changes = (
        f"llava.tokenizer={tokenizer}",
        "llava.layers=1",
        "llava.d=32",
        "llava.heads=2",
        "llava.intermediate=48",
        "machine.precision=fp32",
        "data.dropout=0",
        "stage.lexicon.steps=3",
        "stage.lexicon.minutes=0",
        "stage.lexicon.evaluate=0",
        "stage.lexicon.warmup=1",
        "stage.lexicon.log_steps=1",
        *changes,
    )
    told = [part for change in changes for part in ("--set", change)]
    return ["--config", str(small.CONFIGS / "novo-mini.toml"), "--out", str(out), *told]


def started(rank: int, told: list[str]) -> subprocess.Popen:
    place = {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29517"}
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **place}
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *told], env=environment, stderr=subprocess.PIPE)


@pytest.mark.skipif(not torch.distributed.is_gloo_available(), reason="PyTorch without gloo")
def test_two_processes_train_as_one_with_both_batches(tmp_path):
    tokenizer = small.tokenizer_file(tmp_path)
    told = arguments(tmp_path / "two", tokenizer, "stage.lexicon.batch=4")
    both = [started(rank, told) for rank in (0, 1)]
    lexicon.main(arguments(tmp_path / "one", tokenizer, "stage.lexicon.batch=4", "stage.lexicon.accumulate=2"))
    for process in both:
        _, said = process.communicate(timeout=100)
        assert process.returncode == 0, said.decode()[-2000:]
    two, one = (torch.load(tmp_path / name / "mini.pt", weights_only=True) for name in ("two", "one"))
    assert two["progress"]["step"] == one["progress"]["step"] == 3
    for name, value in one["model"].items():
        torch.testing.assert_close(two["model"][name], value, atol=2e-5, rtol=1e-4)
    assert json.loads((tmp_path / "two/card.json").read_text())["examples"] == 24
