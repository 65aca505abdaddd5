"""Modern recurrent neural networks, one equation at a time."""

__version__ = "0.1.0"
