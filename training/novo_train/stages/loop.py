"""The training loop of every stage: AdamW, warm-up and linear decay, gradient accumulation, autocast, limits by
processor time, clock or steps, JSON lines, and checkpoints that a run resumes from as if it had never ended.

Nothing random is carried along: each step seeds PyTorch from the step's number, and examples are functions of their
number.
"""

import json
import os
import platform
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from . import together
from .config import Machine, Stage

Losses = dict[str, torch.Tensor]  # "total" is minimised, the others are logged


@dataclass
class Job:
    """What a stage hands to the loop."""

    name: str  # of the checkpoint file
    parts: dict[str, nn.Module]  # saved under these names
    groups: list[dict[str, Any]]  # AdamW's, with `lr`
    batches: Callable[[int, int], Iterator[Any]]  # from batch number `first`, every `step`-th
    losses: Callable[[Any], Losses]
    identity: dict  # what must be the same to resume
    facts: dict = field(default_factory=dict)  # saved beside the parts
    evaluate: Callable[[], dict] | None = None
    trained_only: bool = False  # save parameters that are trained only


def device_of(machine: Machine) -> str:
    if machine.device == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    return machine.device


def autocast(machine: Machine, device: str) -> torch.autocast:
    kinds = {"bf16": torch.bfloat16, "fp16": torch.float16}
    return torch.autocast(
        device.split(":")[0], kinds.get(machine.precision, torch.bfloat16), enabled=machine.precision != "fp32"
    )


def state_of(module: nn.Module, trained_only: bool) -> dict[str, torch.Tensor]:
    state = module.state_dict()
    if trained_only:
        state = {name: state[name] for name, p in module.named_parameters() if p.requires_grad}
    return {name: value.detach().cpu() for name, value in state.items()}


def write_whole(value: Any, path: Path) -> None:
    """Whole or not at all: a program that is ended while it writes leaves the file that was there."""
    beside = path.with_name(f".{path.name}.new")
    torch.save(value, beside)
    os.replace(beside, path)


def save(job: Job, optimiser, scaler, progress: dict, path: Path) -> None:
    parts = {name: state_of(part, job.trained_only) for name, part in job.parts.items()}
    state = {
        "optimiser": optimiser.state_dict(),
        "scaler": scaler.state_dict(),
        "identity": plain(job.identity),
        **progress,
    }
    write_whole({**parts, **job.facts, "progress": state}, path)


def restore(job: Job, optimiser, scaler, path: Path) -> dict:
    """Answers step, processor seconds and clock seconds so far. Raises SystemExit where another run would be
    continued.
    """
    saved = torch.load(path, map_location="cpu", weights_only=True)
    progress = saved.get("progress")
    if progress is None:
        raise SystemExit(f"{path} holds no run to resume; give it as --init.")
    other = different(progress["identity"], plain(job.identity))
    if other:
        raise SystemExit(f"{path} was made with other settings in {', '.join(other)}: resume with the same ones.")
    for name, part in job.parts.items():
        part.load_state_dict(saved[name], strict=not job.trained_only)
    optimiser.load_state_dict(progress["optimiser"])
    scaler.load_state_dict(progress["scaler"])
    return {key: progress[key] for key in ("step", "cpu", "wall")}


def different(before: dict, now: dict, where: str = "") -> list[str]:
    """Names of settings that are not what they were. One that did not exist then had its default's effect."""
    found = []
    for key, value in now.items():
        if isinstance(value, dict) and isinstance(before.get(key), dict):
            found += different(before[key], value, f"{where}{key}.")
        elif key in before and before[key] != value:
            found.append(f"{where}{key}")
    return found


def plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def card(job: Job, run: Stage, step: int, cpu: float, wall: float) -> dict:
    """What a model card must say of a run: command, settings, length, hardware."""
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else None
    trained = sum(p.numel() for g in job.groups for p in g["params"])
    return {
        "command": ["python", "-m", f"novo_train.stages.{job.identity['name']}", *sys.argv[1:]],
        "settings": job.identity, "steps": step, "examples": step * run.batch * run.accumulate * together.place()[1],
        "processor_minutes": round(cpu / 60, 1), "wall_minutes": round(wall / 60, 1), "trained_parameters": trained,
        "hardware": {"machine": platform.machine(), "cores": os.cpu_count(), "threads": torch.get_num_threads(),
                     "gpu": gpu},
        "torch": torch.__version__,
    }  # fmt: skip


def share_done(run: Stage, step: int, cpu: float, wall: float) -> float:
    """0 to 1 of the limit that is nearest."""
    limits = [(step, run.steps), (cpu / 60, run.minutes), (wall / 60, run.wall)]
    return max((done / limit for done, limit in limits if limit), default=0.0)


def trim(log: Path, step: int) -> None:
    """Drops lines of steps that are done again because the run ended after its last checkpoint."""
    if log.exists():
        lines = [line for line in log.read_text().splitlines() if json.loads(line)["step"] <= step]
        log.write_text("".join(f"{line}\n" for line in lines))


def train(job: Job, run: Stage, machine: Machine, out: Path, resume: bool) -> None:
    if not (run.steps or run.minutes or run.wall):
        raise SystemExit("Set a limit: steps, minutes or wall.")
    rank, world = together.place()
    device, groups = device_of(machine), [g for g in job.groups if g["params"]]
    trained = [p for g in groups for p in g["params"]]
    bases = [g["lr"] for g in groups]
    optimiser = torch.optim.AdamW(groups, weight_decay=run.weight_decay, betas=run.betas)
    scaler = torch.amp.GradScaler(device.split(":")[0], enabled=machine.precision == "fp16" and device != "cpu")
    out.mkdir(parents=True, exist_ok=True)
    path, log = out / f"{job.name}.pt", out / "log.jsonl"
    step, cpu_before, wall_before = 0, 0.0, 0.0
    if resume and path.exists():
        done = restore(job, optimiser, scaler, path)
        step, cpu_before, wall_before = done["step"], done["cpu"], done["wall"]
    if rank == 0:
        trim(log, step if resume else -1)
    begin, start, recent, ended = time.process_time(), time.time(), [], []
    stops = [(s, signal.signal(s, lambda *_: ended.append(True))) for s in (signal.SIGTERM, signal.SIGINT)]
    saved_at, evaluated_at = cpu_before, cpu_before
    batches = job.batches((step * world * run.accumulate) + rank, world)

    def spent() -> tuple[float, float]:
        return cpu_before + time.process_time() - begin, wall_before + time.time() - start

    def note(extra: dict) -> None:
        cpu, wall = spent()
        row = {
            "step": step,
            "cpu": round(cpu / 60, 2),
            "wall": round(wall / 60, 2),
            "lr": optimiser.param_groups[0]["lr"],
        }
        if recent:
            row |= {name: round(sum(r[name] for r in recent) / len(recent), 5) for name in recent[0]}
        with log.open("a") as file:
            print(json.dumps({**row, **extra}), file=file)
        recent.clear()

    while True:
        cpu, wall = spent()
        share = together.largest(share_done(run, step, cpu, wall))
        last = share >= 1 or together.largest(float(bool(ended))) > 0
        if rank == 0 and (last or cpu - saved_at >= run.save_minutes * 60):
            save(job, optimiser, scaler, {"step": step, "cpu": cpu, "wall": wall}, path)
            (out / "card.json").write_text(json.dumps(card(job, run, step, cpu, wall), indent=2) + "\n")
            saved_at = cpu
            if job.evaluate and (share >= 1 or cpu - evaluated_at >= 2 * run.save_minutes * 60):
                note(job.evaluate())
                evaluated_at = spent()[0]
        if last:
            break
        for group, base in zip(optimiser.param_groups, bases, strict=True):
            group["lr"] = base * min(1.0, (step + 1) / max(1, run.warmup)) * max(run.decay_to, 1 - share)
        torch.manual_seed((run.seed * 1_000_003 + step) * world + rank)
        optimiser.zero_grad(set_to_none=True)
        told: dict[str, float] = {}
        for _ in range(run.accumulate):
            batch = next(batches)
            with autocast(machine, device):
                losses = job.losses(batch)
            scaler.scale(losses["total"] / run.accumulate).backward()
            for name, value in losses.items():
                told[name] = told.get(name, 0.0) + float(value.detach()) / run.accumulate
        scaler.unscale_(optimiser)
        together.average(trained)
        torch.nn.utils.clip_grad_norm_(trained, run.clip)
        scaler.step(optimiser)
        scaler.update()
        recent.append(told)
        step += 1
        if rank == 0 and step % run.log_steps == 0:
            note({})
    for which, before in stops:
        signal.signal(which, before)
