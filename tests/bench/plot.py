"""A plot as SVG: curves over a logarithmic axis."""

from math import log10

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 320, 50, 200, 36, 36
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")


def plot(path, title, curves):
    """`curves` are {name: {x: y}} with the same x, each a power of ten."""
    xs = list(next(iter(curves.values())))
    most = max(max(curve.values()) for curve in curves.values()) * 1.1

    def at(x, y):
        across = LEFT + log10(x / xs[0]) / log10(xs[-1] / xs[0]) * (WIDTH - LEFT - RIGHT)
        return across, HEIGHT - BOTTOM - y / most * (HEIGHT - TOP - BOTTOM)

    def text(place, words, anchor="middle", colour="#333"):
        return f'<text x="{place[0]:.0f}" y="{place[1]:.0f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
             'font-family="sans-serif" font-size="12">', f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
             text((LEFT, 20), title, "start")]
    for share in (0, 0.25, 0.5, 0.75, 1):
        (left, y), right = at(xs[0], most * share), at(xs[-1], 0)[0]
        parts.append(f'<path d="M{left:.0f} {y:.1f}H{right:.0f}" stroke="#ddd"/>')
        parts.append(text((LEFT - 6, y + 4), f"{most * share:.0f}", "end"))
    parts += [text((at(x, 0)[0], HEIGHT - 14), x) for x in xs]
    lowest = HEIGHT
    for colour, (name, curve) in zip(COLOURS, sorted(curves.items(), key=lambda one: one[1][xs[-1]])):
        points = [at(x, y) for x, y in curve.items()]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lowest = min(points[-1][1] + 4, lowest - 16)
        parts.append(text((points[-1][0] + 8, lowest), name, "start", colour))
    path.write_text("\n".join(parts + ["</svg>"]) + "\n")
