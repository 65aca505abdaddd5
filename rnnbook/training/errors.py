"""The one exception of the training room."""

from __future__ import annotations


class TrainingError(Exception):
    """Why a training cannot start, go on or be read, in sentences that a user can act on."""
