"""The cost against the number of entries, as a picture in SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import log10

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 720, 400, 60, 40, 200, 50
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#888888")


def chart(title: str, unit: str, lines: Mapping[str, Sequence[tuple[int, float]]]) -> str:
    """Return a picture: for each line its points (entries, value), both axes logarithmic; no value is 0."""
    points = [point for line in lines.values() for point in line]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right = log10(min(xs)), log10(max(xs)) or 1.0
    low, high = log10(min(ys)), log10(max(ys))
    span_x, span_y = (right - left) or 1.0, (high - low) or 1.0

    def at(x: float, y: float) -> tuple[float, float]:
        across = LEFT + (log10(x) - left) / span_x * (WIDTH - LEFT - RIGHT)
        down = HEIGHT - BOTTOM - (log10(y) - low) / span_y * (HEIGHT - TOP - BOTTOM)
        return round(across, 1), round(down, 1)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12"><style>text{fill:#555} .axis{stroke:#999} '
        "@media (prefers-color-scheme:dark){text{fill:#ccc}}</style>",
        f'<text x="{LEFT}" y="20" font-size="15">{escape(title)}</text>',
        f'<path class="axis" d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}"/>',
        f'<line class="axis" x1="{LEFT}" y1="{TOP}" x2="{LEFT}" y2="{HEIGHT - BOTTOM}"/>',
    ]
    for x in sorted(set(xs)):
        across, _ = at(x, min(ys))
        parts.append(f'<text x="{across}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,}</text>')
    for y in {min(ys), max(ys)}:
        _, down = at(min(xs), y)
        parts.append(f'<text x="{LEFT - 6}" y="{down + 4}" text-anchor="end">{y:,.1f}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 10}">entries · {escape(unit)}</text>')
    for place, (name, line) in enumerate(lines.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{across},{down}" for across, down in (at(*point) for point in line))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = TOP + 18 * place
        parts.append(f'<rect x="{WIDTH - RIGHT + 12}" y="{y}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{WIDTH - RIGHT + 28}" y="{y + 10}">{escape(name)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
