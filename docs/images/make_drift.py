"""Draws what two networks answer wrongly of a stream whose pictures are turned from the middle on, as an SVG.

python3 make_drift.py RUNS > drift.svg     RUNS/ff-upright, ff-turned, bp-upright, bp-turned of docs/recipes/drift.md
"""

import json
import sys

WIDTH, HEIGHT, LEFT, TOP, PLOT, HIGH = 760, 300, 46, 34, 310, 220
BETWEEN = 376  # from the left edge of one plot to that of the other
TICKS = [0, 25, 50, 75, 100]


def lines(run, kind):
    with open(f"{run}/metrics.jsonl") as file:
        return [line for line in map(json.loads, file) if line["type"] == kind]


def stream(run):
    return [(line["examples"], line["prequentialError"]) for line in lines(run, "stream")]


def tests(run):
    of_epoch = json.load(open(f"{run}/spec.json"))["trainImages"]
    return [(line["epoch"] * of_epoch, line["testErrorFast"]) for line in lines(run, "evaluation")]


def curve(points, last, at, style):
    shown = " ".join(f"{at + PLOT * x / last:.1f},{TOP + HIGH * (1 - 100 * y / TICKS[-1]):.1f}" for x, y in points)
    return f'<polyline class="{style}" points="{shown}"/>'


def plot(at, title, curves, last):
    yield f'<text x="{at}" y="{TOP - 14}" class="title">{title}</text>'
    for tick in TICKS:
        y = TOP + HIGH * (1 - tick / TICKS[-1])
        yield f'<line class="grid" x1="{at}" x2="{at + PLOT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{at - 6}" y="{y + 4:.1f}" text-anchor="end">{tick} %</text>'
    for tick in range(0, last + 1, 30_000):
        yield f'<text x="{at + PLOT * tick / last:.1f}" y="{TOP + HIGH + 16}" text-anchor="middle">{tick:,}</text>'
    middle = at + PLOT / 2
    yield f'<line class="drift" x1="{middle}" x2="{middle}" y1="{TOP}" y2="{TOP + HIGH}"/>'
    for style, points in curves:
        yield curve(points, last, at, style)


def main(runs):
    of = {name: (stream(f"{runs}/{name}"), tests(f"{runs}/{name}")) for name in ["ff-upright", "ff-turned", "bp-upright", "bp-turned"]}
    last = max(x for x, _ in of["ff-upright"][0])
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">')
    print("<title>Prequential error, and test error on the digits as they were and as they are, over the examples of the stream</title>")
    print("<style>text{font:11px sans-serif;fill:#57606a}.title{font-size:13px;fill:#24292f}.grid{stroke:#d0d7de}")
    print(".drift{stroke:#8c959f;stroke-dasharray:3 3}polyline{fill:none;stroke-width:1.6}.ff{stroke:#0969da}.bp{stroke:#bc4c00}")
    print(".new{stroke-dasharray:5 3}@media(prefers-color-scheme:dark){text{fill:#8b949e}.title{fill:#e6edf3}.grid{stroke:#30363d}")
    print(".ff{stroke:#58a6ff}.bp{stroke:#f0883e}}</style>")
    print("\n".join(plot(LEFT, "Before learning: the last 1,000 examples", [("ff", of["ff-upright"][0]), ("bp", of["bp-upright"][0])], last)))
    shown = [(f"{net}{' new' if data == 'turned' else ''}", of[f"{net}-{data}"][1]) for net in ["ff", "bp"] for data in ["upright", "turned"]]
    print("\n".join(plot(LEFT + BETWEEN, "Test error every 10,000 examples", shown, last)))
    x = LEFT
    for style, name in [
        ("ff", "forward-forward"),
        ("bp", "backpropagation"),
        ("ff new", "forward-forward, on turned digits"),
        ("bp new", "backpropagation, on turned digits"),
    ]:
        print(f'<polyline class="{style}" points="{x},{HEIGHT - 14} {x + 24},{HEIGHT - 14}"/><text x="{x + 30}" y="{HEIGHT - 10}">{name}</text>')
        x += 130 if " " not in style else 220
    print("</svg>")


if __name__ == "__main__":
    main(*sys.argv[1:])
