"""Modern recurrent neural networks, one equation at a time."""

from rnnbook import convert
from rnnbook.cells import GRUCell, LSTMCell, RNNCell
from rnnbook.convert import swap
from rnnbook.layers import GRU, LSTM, RNN
from rnnbook.recording import record

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "GRUCell",
    "LSTMCell",
    "RNNCell",
    "convert",
    "record",
    "swap",
]
__version__ = "0.1.0"
