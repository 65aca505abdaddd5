"""Modern recurrent neural networks, one equation at a time."""

from rnnbook.layers import GRU, LSTM, RNN

__all__ = ["GRU", "LSTM", "RNN"]
__version__ = "0.1.0"
