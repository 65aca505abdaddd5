r"""The book's Sphinx extension: what the published page does that stock Jupyter Book does not.

Each module is one idea and has a ``setup(app)`` of its own:

======================  ==============================================================
``assets``              files made at build time, named by their content
``gone``                no page without its document
``page``                the head of every page: what is loaded, and in what order
``theme_style``         the theme's style sheet without its icon font; the few icons used
``typeface``            the typeface of the prose, served with the site
``mathematics``         formulas become MathML when the book is built, quantities in colour
``math_font``           their font, cut down to what a book writes
``search_words``        other spellings and short names that a reader may search for
``equation_numbers``    ``\tag{1.3}`` becomes an anchor, "(1.3)" in the text a link to it
``line_breaks``         "99 %", a formula and its full stop, short code stay on one line
``anchors``             links to any id of another page
``notes``               block quotes that start with a bold label become notes
``folds``               hidden code as a plain fold, below what it makes; checks behind marks
``next_chapter``        the line that says what comes next
``tables``              no empty row of headings; cards on a phone
``figures``             SVG outputs inlined, so that they follow the theme
``widgets``             anywidgets mounted from the notebook's stored state, no manager
``licenses``            the licences of text, code, Temml and fonts, linked from every page
``stamp``               the set-up cell of a published page
``launch``              Colab, where the repository's address is set
``equation_index``      the table of the ten equations
``claims``              what the post says, and what was found
``gate_map``            from each failure to its gate; the chapters of the front page
``inside``              the heat map of a trained network
``layer_speed``         what the benchmark of the layers measured
``module_list``         the modules of a page of the reference, one sentence each
======================  ==============================================================
"""

from __future__ import annotations

from sphinx.application import Sphinx

from rnnsite import (
    anchors,
    assets,
    claims,
    equation_index,
    equation_numbers,
    figures,
    folds,
    gate_map,
    gone,
    inside,
    launch,
    layer_speed,
    licenses,
    line_breaks,
    mathematics,
    module_list,
    next_chapter,
    notes,
    page,
    search_words,
    stamp,
    tables,
    theme_style,
    typeface,
    widgets,
)

MODULES = (
    assets,
    gone,
    theme_style,
    typeface,
    page,
    search_words,
    mathematics,
    equation_numbers,
    line_breaks,
    anchors,
    notes,
    folds,
    next_chapter,
    tables,
    figures,
    widgets,
    licenses,
    stamp,
    launch,
    equation_index,
    claims,
    gate_map,
    inside,
    layer_speed,
    module_list,
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Set every part up; the book is built by one process."""
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it for an unused extension
    for module in MODULES:
        module.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": False}
