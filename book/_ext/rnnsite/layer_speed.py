"""What ``make bench`` measured, as tables and a figure: the directive ``{layer-speed}``.

Its argument names a part: ``ratios`` (a figure of each layer and size against ``torch.nn`` and the
post's loop), ``training`` and ``forward`` (the same as tables), ``engines`` (each engine against
the fastest), ``more`` (ragged batches, traces, memory), ``length`` (a figure of time by length) or
``conditions`` (when, where and with what it was measured).
Every number comes from ``rnnbook/results/layer_speed.json``.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from rnnsite.figures import inline_svg

PASSES = ("training", "forward")
SIDES = {"torch.nn": ("torch.nn",), "a Python loop": ("the post's loop", "a plain loop")}
"""Against whom a layer is timed: the panels of the figure."""

NAMES = {"ragged": "ragged batch", "trace": "with a trace", "memory": "memory"}


class LayerSpeed(SphinxDirective):
    """A part of what was measured."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the part from the stored results as they are now."""
        from rnnbook import experiments

        part = directives.choice(self.arguments[0], tuple(PARTS))
        measured = experiments.stored_results("layer_speed")
        results = Path(experiments.__file__).parent / "results" / "layer_speed.json"
        self.env.note_dependency(str(results))
        return PARTS[part](measured)


def _against_others(measured: dict, what: str) -> nodes.table:
    rows: dict[tuple[str, str], dict[str, dict]] = {}
    for c in measured["comparisons"]:
        if c["what"] == what:
            rows.setdefault((c["layer"], c["T, B, D, H"]), {})[c["other"]] = c
    head = ("Layer", "T, B, D, H", "ms", "against torch.nn", "against the post’s loop")
    body = [
        (layer, _size(size), _number(by["torch.nn"]["ours"]), *map(_ratio, _both(by)))
        for (layer, size), by in rows.items()
    ]
    return _table(head, body)


def _both(by: dict[str, dict]) -> tuple[dict, dict]:
    return by["torch.nn"], by.get("the post's loop") or by["a plain loop"]


def _engines(measured: dict) -> nodes.table:
    names = ("compiled", "python", "library", "reference")
    body = []
    for row in measured["rows"]:
        if row["what"] not in ("training", "forward"):
            continue
        times = {name: row["ms"][name][0] for name in names if name in row["ms"]}
        cells = [f"{times[name] / min(times.values()):.2f}" for name in times]
        size = _size(", ".join(map(str, row["size"])))
        body.append((row["what"], row["family"], size, *cells))
    return _table(("Pass", "Layer", "T, B, D, H", *names), body)


def _more(measured: dict) -> nodes.table:
    head = ("Case", "Layer", "T, B, D, H", "rnnbook", "the other", "ratio")
    body = [
        (
            NAMES[c["what"]],
            c["layer"],
            _size(c["T, B, D, H"]),
            _amount(c, "ours"),
            f"{c['other']}: {_amount(c, 'theirs')}",
            _ratio(c),
        )
        for c in measured["comparisons"]
        if c["what"] in NAMES
    ]
    return _table(head, body)


def _amount(c: dict, side: str) -> str:
    return f"{_number(c[side])} {'MB' if c['what'] == 'memory' else 'ms'}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _size(size: str) -> str:
    return size.replace(" ", "\N{NO-BREAK SPACE}")


def _ratio(c: dict) -> str:
    low, high = c["spread"]
    text = f"{c['ratio']:.2f} ({low:.2f}–{high:.2f})"
    if c["reach"] is None:
        return text
    return f"{text}, aimed at {c['reach']:.2f}{'' if c['reached'] else ': missed'}"


def _conditions(measured: dict) -> nodes.paragraph:
    text = (
        f": PyTorch {measured['torch']}, Python {measured['python']}, {measured['processor']}, "
        f"{measured['threads']} threads. Ratios are medians over turns within one process, with "
        "quartiles."
    )
    command = nodes.literal(text=measured["command"])
    said = nodes.Text(f"Measured {measured['date']} with ")
    return nodes.paragraph("", "", said, command, nodes.Text(text))


def _ratios(measured: dict) -> nodes.raw:
    from rnnbook.plots import Dot, dots

    panels = {
        f"÷ {title}": [
            Dot(
                row=(c["T, B, D, H"], c["layer"]),
                value=c["ratio"],
                low=c["spread"][0],
                high=c["spread"][1],
                aim=c["reach"],
                filled=c["what"] == "training",
            )
            for c in measured["comparisons"]
            if c["what"] in PASSES and c["other"] in others
        ]
        for title, others in SIDES.items()
    }
    figure = dots(
        panels,
        xlabel="rnnbook’s time as a share of the other’s",
        ticks=(0.05, 0.1, 0.2, 0.5, 1),
        reference=1,
        alt=_in_words(measured),
    )
    html = inline_svg(figure.svg, figure.alt, "speed-ratios-")
    return nodes.raw(text=f'<figure class="rnn-figure">{html}</figure>', format="html")


def _in_words(measured: dict) -> str:
    said = []
    for title, others in SIDES.items():
        for what in PASSES:
            found = [
                c["ratio"]
                for c in measured["comparisons"]
                if c["what"] == what and c["other"] in others
            ]
            said.append(f"{what}, against {title}: {min(found):.2f} to {max(found):.2f}")
    return (
        "Time of each layer at each size as a share of the time of PyTorch’s layer and of a loop, "
        f"one dot each. {'; '.join(said)}. The tables below have every number."
    )


def _figure(measured: dict) -> nodes.raw:
    from rnnbook.plots import Line, lines

    rows = [row for row in measured["rows"] if row["what"] == "length"]
    drawn = []
    for family in dict.fromkeys(row["family"] for row in rows):
        mine = [row for row in rows if row["family"] == family]
        low, middle, high = ([row["ms"]["auto"][k] for row in mine] for k in (1, 0, 2))
        steps = [row["size"][0] for row in mine]
        drawn.append(Line(steps, middle, family, low=low, high=high, marker="o"))
    ends = ", ".join(f"{line.label} {line.y[0]:.3g} to {line.y[-1]:.3g} ms" for line in drawn)
    first, last = drawn[0].x[0], drawn[0].x[-1]
    dearer = ", ".join(f"{line.label} {line.y[-1] / line.y[0]:.1f}" for line in drawn)
    factors = f"{last / first:g} times the steps took this many times as long: {dearer}."
    figure = lines(
        *drawn,
        xlabel="steps T",
        ylabel="training step, ms",
        ylim=(0, None),
        alt=f"Time of a training step against the number of steps T, from {first} to {last}: "
        f"{ends}. {factors}",
    )
    html = inline_svg(figure.svg, figure.alt, "speed-length-")
    said = f"<figcaption>{factors}</figcaption>"
    return nodes.raw(text=f'<figure class="rnn-figure">{html}{said}</figure>', format="html")


def _table(head: tuple[str, ...], body: list[tuple[str, ...]]) -> nodes.table:
    table = nodes.table(classes=["rnn-numbers"])
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=1) for _ in head]
    group += nodes.thead("", _row(head))
    group += nodes.tbody("", *map(_row, body))
    table += group
    return table


def _row(cells: tuple[str, ...]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph(text=cell)) for cell in cells))


PARTS = {
    "ratios": lambda m: [_ratios(m)],
    "conditions": lambda m: [_conditions(m)],
    "training": lambda m: [_against_others(m, "training")],
    "forward": lambda m: [_against_others(m, "forward")],
    "engines": lambda m: [_engines(m)],
    "more": lambda m: [_more(m)],
    "length": lambda m: [_figure(m)],
}
"""What the directive can show."""


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("layer-speed", LayerSpeed)
