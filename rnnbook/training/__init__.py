"""From a text to a trained character model, on whatever hardware there is; chapter 11.

    from rnnbook import training

    text = training.default_text()
    result = training.train(text, training.Settings(model="gru", steps=500))
    print(result.bits_per_character, training.sample(result.model, text.alphabet, "The "))

The command ``rnnbook`` is the same from a terminal.
"""

from rnnbook.training.errors import TrainingError
from rnnbook.training.evaluation import bits_per_character
from rnnbook.training.loop import Point, Result, train
from rnnbook.training.model import CharacterModel
from rnnbook.training.reports import curves, usual_reports
from rnnbook.training.sampling import sample
from rnnbook.training.settings import Settings, settings_for
from rnnbook.training.text import Alphabet, Text, default_text, read_text

__all__ = [
    "Alphabet",
    "CharacterModel",
    "Point",
    "Result",
    "Settings",
    "Text",
    "TrainingError",
    "bits_per_character",
    "curves",
    "default_text",
    "read_text",
    "sample",
    "settings_for",
    "train",
    "usual_reports",
]
