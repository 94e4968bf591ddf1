"""Curves over time as an SVG, one panel below the other."""

from html import escape

WIDTH, HEIGHT, LEFT, GAP = 760, 110, 70, 46
COLOURS = ("#0b62a4", "#c2410c")


def _points(curve, span, most):
    return " ".join(f"{LEFT + WIDTH * x / span:.1f},{HEIGHT * (1 - y / most):.1f}"
                    for x, y in curve)


def _panel(title, curves, span):
    most = max((y for points in curves.values() for _, y in points), default=0) or 1
    lines = [f'<text x="{LEFT}" y="-8" font-weight="bold">{escape(title)}</text>',
             f'<rect x="{LEFT}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
             f'<text x="{LEFT - 6}" y="10" text-anchor="end">{most:g}</text>',
             f'<text x="{LEFT - 6}" y="{HEIGHT}" text-anchor="end">0</text>']
    for turn, ((name, points), colour) in enumerate(zip(curves.items(), COLOURS)):
        lines.append(f'<polyline points="{_points(points, span, most)}" fill="none" '
                     f'stroke="{colour}"/>')
        lines.append(f'<text x="{LEFT + WIDTH - 60 * turn}" y="-8" text-anchor="end" '
                     f'fill="{colour}">{escape(name)}</text>')
    return "\n".join(lines)


def svg(panels):
    """`panels`: title to {name of a curve: [(seconds, value)]}, at most two of them."""
    span = max((x for curves in panels.values() for points in curves.values()
                for x, _ in points), default=0) or 1
    step = HEIGHT + GAP
    drawn = [f'<g transform="translate(0,{30 + turn * step})">\n{_panel(title, curves, span)}\n</g>'
             for turn, (title, curves) in enumerate(panels.items())]
    end = 30 + len(panels) * step
    drawn.append(f'<text x="{LEFT + WIDTH}" y="{end - 20}" text-anchor="end">{span:.0f} s</text>')
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20}" height="{end}" '
            'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" '
            'fill="#fff"/>\n' + "\n".join(drawn) + "\n</svg>\n")
