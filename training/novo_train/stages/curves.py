"""Curves of runs: python -m novo_train.stages.curves log.jsonl [log.jsonl ...] OUT.svg. One picture a log, row by row:
the total loss over processor minutes, and what was measured on the way (shares of 1) as dots.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

WIDTH, HEIGHT, EDGE = 260, 170, 26
COLUMNS = 4
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe and Ito: for all eyes
SHARES = ("cell", "iou")  # of an evaluation: the first it has is drawn


def rows_of(log: Path) -> list[dict]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]


def shares(rows: list[dict]) -> dict[str, list[tuple[float, float]]]:
    """Test set -> (minutes, share) of every evaluation."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        for name, value in row.items():
            share = next((value[key] for key in SHARES if key in value), None) if isinstance(value, dict) else None
            if share is not None:
                found.setdefault(name, []).append((row["cpu"], share))
    return found


def panel(log: Path) -> Iterator[str]:
    rows = rows_of(log)
    losses = [(row["cpu"], row.get("total", row.get("ce"))) for row in rows if "total" in row or "ce" in row]
    end, most = max(row["cpu"] for row in rows), max((loss for _, loss in losses), default=1)

    def at(x: float, y: float) -> str:
        wide, high = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
        return f"{EDGE + x / end * wide:.1f},{HEIGHT - EDGE - min(1, y) * high:.1f}"

    yield f'<text x="{EDGE}" y="14">{log.stem}: loss to {most:.2f}, {end:.0f} min</text>'
    yield f'<path d="M{at(0, 1)} L{at(0, 0)} L{at(end, 0)}" stroke="#888" fill="none"/>'
    points = " ".join(at(x, y / most) for x, y in losses)
    yield f'<polyline points="{points}" stroke="#888" stroke-dasharray="2 2" fill="none"/>'
    for (name, dots), colour in zip(shares(rows).items(), COLOURS, strict=False):
        line = " ".join(at(x, y) for x, y in dots)
        yield f'<polyline points="{line}" stroke="{colour}" fill="none"><title>{name}</title></polyline>'
        y, last = at(*dots[-1]).split(",")[1], dots[-1][1]
        yield f'<text x="{WIDTH - EDGE}" y="{y}" fill="{colour}">{last:.2f}</text>'


def drawn(logs: list[Path]) -> str:
    wide, high = min(len(logs), COLUMNS) * WIDTH, -(-len(logs) // COLUMNS) * HEIGHT
    size = f'width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
    parts = ["<title>Loss and shares of right answers over processor minutes</title>"]
    parts.append(f'<rect width="{wide}" height="{high}" fill="#fff"/>')  # texts are black, on dark pages too
    for place, log in enumerate(logs):
        row, column = divmod(place, COLUMNS)
        parts += [f'<g transform="translate({column * WIDTH},{row * HEIGHT})">', *panel(log), "</g>"]
    body = "\n".join(parts)
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="10">\n{body}\n</svg>\n'


def main(arguments: list[str] | None = None) -> None:
    p = argparse.ArgumentParser(prog="novo_train.stages.curves", description=__doc__)
    p.add_argument("logs", type=Path, nargs="+")
    p.add_argument("out", type=Path)
    a = p.parse_args(arguments)
    a.out.write_text(drawn(a.logs), encoding="utf-8")


if __name__ == "__main__":
    main()
