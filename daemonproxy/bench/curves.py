"""Curves as SVG: both axes grow by factors of ten."""

import math

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 60, 210, 30, 40
COLOURS = ["#1f6fb4", "#d1495b", "#2a9d5c", "#b07a00", "#7a4fb5"]


def svg(title, curves):
    """`curves`: by what they are about, values by count."""
    points = [(n, max(value, 0.01)) for curve in curves.values() for n, value in curve.items()]
    x0, x1 = bounds([n for n, _ in points])
    y0, y1 = bounds([value for _, value in points])

    def x(n):
        return LEFT + (math.log10(n) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)

    def y(value):
        return (
            HEIGHT
            - BOTTOM
            - (math.log10(max(value, 0.01)) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)
        )

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{title}</text>',
    ]
    for power in range(x0, x1 + 1):
        at = x(10**power)
        parts.append(line(at, TOP, at, HEIGHT - BOTTOM, "#ddd"))
        parts.append(
            f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{10**power}</text>'
        )
    for power in range(y0, y1 + 1):
        at = y(10**power)
        parts.append(line(LEFT, at, WIDTH - RIGHT, at, "#ddd"))
        parts.append(
            f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10**power:g}</text>'
        )
    for nth, (name, curve) in enumerate(curves.items()):
        colour = COLOURS[nth % len(COLOURS)]
        path = " ".join(f"{x(n):.1f},{y(value):.1f}" for n, value in sorted(curve.items()))
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<text x="{WIDTH - RIGHT + 10}" y="{TOP + 14 + nth * 18}" fill="{colour}">'
            f"{name}</text>"
        )
    return "\n".join([*parts, "</svg>", ""])


def bounds(values):
    """Powers of ten around them."""
    low = math.floor(math.log10(max(min(values), 0.01)))
    high = math.ceil(math.log10(max(max(values), 0.01)))
    return low, max(high, low + 1)


def line(x0, y0, x1, y1, colour):
    return f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{colour}"/>'
