r"""Recurrent layers to and from elsewhere: ``torch.nn``, Keras 3, ONNX and the post's parameters.

A conversion copies the weights, keeps their dtype and computes the same function; where there is
none, a ``ValueError`` says why. The orders of the gates stand in :mod:`rnnbook.layouts`.

================  ==========================  ====================================================
peer              functions                   what has no counterpart, and is refused
================  ==========================  ====================================================
``torch.nn``      ``from_torch``, ``swap``    a GRU that resets before the product
                  ``to_torch``
Keras 3           ``from_keras_layers``       other activations than the equations', a single
                  ``from_keras``              layer that goes backwards, directions merged
                  ``to_keras``                otherwise than by concatenation, dropout unless for
                                              inference, states kept from call to call,
                                              subclasses with a ``call`` of their own,
                                              ``proj_size``
ONNX              ``from_onnx_weights``       other activations, ``clip``, ``input_forget``,
                  ``to_onnx_weights``         peepholes, ``proj_size``
                  ``to_onnx``
the post          ``from_post``               several layers or directions, relu, a GRU that resets
                  ``to_post``                 after the product, ``proj_size``
================  ==========================  ====================================================

Two biases: ``torch.nn`` adds up two of them, ``bias_ih`` and ``bias_hh``. ONNX has both, and so has
a GRU of Keras that resets after the product. The others have one, and get the sum; on the way back
it becomes ``bias_ih``, and ``bias_hh`` is zero. So from a peer and back is the identity bit for
bit, and from a layer and back to it is the same function.

Not carried by weights, and the default afterwards: the engine; dropout, except from and to
``torch.nn``, which means the same by it; how biases are drawn at first; which parameters require a
gradient; hooks and parametrizations (their value is copied as a plain parameter); Keras's
regularizers and constraints. A subclass with a ``forward`` of its own computes something else, and
is refused.
"""

from rnnbook.convert.keras import from_keras, from_keras_layers, to_keras
from rnnbook.convert.onnx import from_onnx_weights, to_onnx, to_onnx_weights
from rnnbook.convert.post import from_post, to_post
from rnnbook.convert.torch_nn import from_torch, swap, to_torch

__all__ = [
    "from_keras",
    "from_keras_layers",
    "from_onnx_weights",
    "from_post",
    "from_torch",
    "swap",
    "to_keras",
    "to_onnx",
    "to_onnx_weights",
    "to_post",
    "to_torch",
]
