"""The heat map of the page *Inside a trained network*: the directive ``{heat-map}``.

Its argument names the quantities, as in ``f C``; they are those of the page's own example.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from rnnsite.figures import inline_svg


class HeatMap(SphinxDirective):
    """Quantities of one stream through the stored network."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Draw them from the stored weights as they are now."""
        import torch

        import rnnbook
        from rnnbook.experiments import keeper
        from rnnbook.plots import heat_maps

        quantities = self.arguments[0].split()
        results = Path(rnnbook.__file__).parent / "results" / "keeper.json"
        self.env.note_dependency(str(results))
        model = keeper.trained()
        x, _ = keeper.streams(24, 500, torch.Generator().manual_seed(9))
        with rnnbook.record(model) as traces:
            model(x)
        signs = [("+" if s > 0 else "−") if flag else "" for s, flag in x[:, 3].tolist()]
        alt = (
            f"{' and '.join(quantities)} of six units over 24 steps; the flagged steps are marked "
            "with their signs. At every flagged step the forget gates of all units are nearly "
            "white, near 0; between them they are darker, and the cell states keep their colours."
        )
        figure = heat_maps(traces["lstm"][0], *quantities, alt=alt, sequence=3, steps=signs)
        html = inline_svg(figure.svg, figure.alt, f"inside-{'-'.join(quantities)}-")
        return [nodes.raw(text=f'<figure class="rnn-figure">{html}</figure>', format="html")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("heat-map", HeatMap)
