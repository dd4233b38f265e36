"""Two plain plots as inline SVG: bars by class of question, and risk against coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from evals.metrics.abstention import RiskPoint
from evals.model import Figure

# Told apart in print and by readers who see few colours (Okabe and Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
_WIDTH, _LEFT, _BAR, _GAP = 720, 190, 12, 10
_PLOT, _MARGIN = 300, 46


def bars(groups: Mapping[str, Mapping[str, Figure]], title: str) -> str:
    """A group of bars for each class, a bar for each system; values 0 to 1 with intervals."""
    systems = list(dict.fromkeys(name for group in groups.values() for name in group))
    parts, y = [], 8
    for kind, group in groups.items():
        parts.append(_text(_LEFT - 8, y + _BAR, kind, "end"))
        for name in systems:
            if name in group:
                parts.append(_bar(y, group[name], COLOURS[systems.index(name) % len(COLOURS)]))
            y += _BAR + 2
        y += _GAP
    parts.append(_legend(systems, y + 4))
    return _svg(_WIDTH, y + 26, title, parts)


def curves(named: Mapping[str, Sequence[RiskPoint]], title: str) -> str:
    """Risk (share of answers that are wrong) over coverage (share of questions answered)."""
    size = _PLOT + 2 * _MARGIN
    parts = [_axes()]
    for place, (name, points) in enumerate(named.items()):
        colour = COLOURS[place % len(COLOURS)]
        path = " ".join(f"{_x(p.coverage):.1f},{_y(p.risk):.1f}" for p in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        y = _MARGIN + 14 * place
        parts.append(f'<rect x="{size}" y="{y}" width="10" height="10" fill="{colour}"/>')
        parts.append(_text(size + 16, y + 9, name))
    return _svg(size + 160, size, title, parts)


def _bar(y: int, figure: Figure, colour: str) -> str:
    room = _WIDTH - _LEFT - 60
    width = room * max(0.0, min(1.0, figure.value))
    parts = [f'<rect x="{_LEFT}" y="{y}" width="{width:.1f}" height="{_BAR}" fill="{colour}"/>']
    if figure.low is not None and figure.high is not None:
        low, high, middle = _LEFT + room * figure.low, _LEFT + room * figure.high, y + _BAR / 2
        parts.append(
            f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}" '
            f'stroke="#222" stroke-width="1"/>'
        )
    parts.append(_text(_WIDTH - 52, y + _BAR - 2, f"{figure.value:.2f} ({figure.count})"))
    return "".join(parts)


def _legend(systems: Sequence[str], y: int) -> str:
    parts = []
    for place, name in enumerate(systems):
        x = _LEFT + 120 * place
        parts.append(
            f'<rect x="{x}" y="{y}" width="10" height="10" fill="{COLOURS[place % len(COLOURS)]}"/>'
        )
        parts.append(_text(x + 15, y + 9, name))
    return "".join(parts)


def _axes() -> str:
    parts = [
        f'<rect x="{_MARGIN}" y="{_MARGIN}" width="{_PLOT}" height="{_PLOT}" '
        f'fill="none" stroke="#999"/>'
    ]
    for tick in (0.0, 0.5, 1.0):
        parts.append(_text(_x(tick), _MARGIN + _PLOT + 15, f"{tick:g}", "middle"))
        parts.append(_text(_MARGIN - 6, _y(tick) + 4, f"{tick:g}", "end"))
    parts.append(_text(_x(0.5), _MARGIN + _PLOT + 32, "coverage", "middle"))
    parts.append(_text(_MARGIN, _MARGIN - 10, "risk"))
    return "".join(parts)


def _x(coverage: float) -> float:
    return _MARGIN + _PLOT * coverage


def _y(risk: float) -> float:
    return _MARGIN + _PLOT * (1 - risk)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" '
        f'aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
    )
