"""Several processes, one model: gradients are averaged where torchrun started more than one; alone, nothing happens
here.
"""

import atexit
import os

import torch
import torch.distributed as dist


def place() -> tuple[int, int]:
    """This process' number and how many there are. Joins the others at the first call."""
    world = int(os.environ.get("WORLD_SIZE", "1"))
    if world == 1:
        return 0, 1
    if not dist.is_initialized():
        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        dist.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
        # Its threads must end before the program does, which is aborted otherwise ("terminate called ...").
        atexit.register(dist.destroy_process_group)
    return dist.get_rank(), world


def average(parameters: list[torch.nn.Parameter]) -> None:
    """Means of all processes' gradients, in place. A parameter that got none here counts as zeros."""
    if not dist.is_initialized():
        return
    for p in parameters:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
        dist.all_reduce(p.grad)
        p.grad /= dist.get_world_size()


def largest(value: float) -> float:
    """The largest of all processes' values, so that they end at the same step."""
    if not dist.is_initialized():
        return value
    device = "cuda" if dist.get_backend() == "nccl" else "cpu"
    tensor = torch.tensor(value, device=device)
    dist.all_reduce(tensor, dist.ReduceOp.MAX)
    return float(tensor)
