"""The one place that checks shapes, dtypes and devices.

A function of the book states the shapes of its arguments in a decorator, in the letters of the
notation page, and its body stays the equation::

    @shapes(x="B D", h="B H", W_x="D H", W_h="H H", b="H")
    def forget_gate(x, h, W_x, W_h, b): ...
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TypeVar

import torch

Function = TypeVar("Function", bound=Callable)


class ShapeError(ValueError, RuntimeError):
    """An argument has the wrong shape; the message names it, what was expected and what given.

    It is a RuntimeError, too, because that is what code around ``torch.nn`` catches.
    """


def shapes(**layouts: str) -> Callable[[Function], Function]:
    """Check the named arguments of a function before it runs.

    An argument whose default is None may be None.

    Args:
        layouts: for each argument its axes, as letters separated by spaces (``"B D"``). The same
            letter stands for the same size in all arguments of one call.

    Raises:
        TypeError: when the decorated function is called with something that is no floating-point
            tensor, or with tensors of different dtypes or devices.
        ShapeError: when a rank or a size does not fit the others, or a size is 0.
    """

    def decorate(function: Function) -> Function:
        parameters = inspect.signature(function).parameters
        names = list(parameters)
        optional = {name for name in names if parameters[name].default is None}
        axes = {name: layout.split() for name, layout in layouts.items()}
        unknown = axes.keys() - set(names)
        if unknown:
            raise TypeError(f"{function.__name__} has no argument {', '.join(sorted(unknown))}")

        @functools.wraps(function)
        def checked(*args, **kwargs):
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            missing = {name for name in optional if given.get(name) is None}
            check_shapes(
                {
                    name: (given[name], letters)
                    for name, letters in axes.items()
                    if name in given and name not in missing
                }
            )
            return function(*args, **kwargs)

        return checked

    return decorate


def check_shapes(arguments: dict[str, tuple[torch.Tensor, list[str]]]) -> None:
    """What :func:`shapes` does, for arguments that come as a list or are attributes of a module.

    Args:
        arguments: for each name the tensor and the letters of its axes.

    Raises:
        TypeError, ShapeError: as in :func:`shapes`.
    """
    sizes: dict[str, tuple[int, str]] = {}  # letter -> size, and the argument that set it
    reference = None
    for name, (tensor, letters) in arguments.items():
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"{name}: expected a torch.Tensor, given {type(tensor).__name__}")
        if not tensor.is_floating_point():
            raise TypeError(
                f"{name}: expected a floating-point tensor, given {_word(tensor.dtype)}"
            )
        if reference is None:
            reference = (name, tensor)
        _check_same_kind(name, tensor, *reference)
        _check_shape(name, tensor, letters, sizes)


def _check_same_kind(name: str, tensor: torch.Tensor, other_name: str, other: torch.Tensor) -> None:
    if tensor.dtype != other.dtype:
        raise TypeError(
            f"{name}: expected {_word(other.dtype)} like {other_name}, "
            f"given {_word(tensor.dtype)}; convert one with .to({other.dtype})"
        )
    if tensor.device != other.device:
        raise TypeError(
            f"{name}: expected device {other.device} like {other_name}, given {tensor.device}; "
            f"move one with .to({str(other.device)!r})"
        )


def _check_shape(
    name: str, tensor: torch.Tensor, letters: list[str], sizes: dict[str, tuple[int, str]]
) -> None:
    given = tuple(tensor.shape)
    if len(given) == len(letters) and 0 in given:
        empty = ", ".join(letter for letter, size in zip(letters, given, strict=True) if size == 0)
        raise ShapeError(
            f"{name}: expected shape {_tuple(letters)} with at least 1 along {empty}; given {given}"
        )
    fits = len(given) == len(letters) and all(
        sizes.get(letter, (size,))[0] == size for letter, size in zip(letters, given, strict=True)
    )
    if not fits:
        known = [str(sizes[letter][0]) if letter in sizes else letter for letter in letters]
        sources = {x: "{} from {}".format(*sizes[x]) for x in letters if x in sizes}
        because = ", ".join(f"{letter} = {source}" for letter, source in sources.items())
        reason = f" with {because}, that is {_tuple(known)}" if because else ""
        raise ShapeError(f"{name}: expected shape {_tuple(letters)}{reason}; given {given}")
    for letter, size in zip(letters, given, strict=True):
        sizes.setdefault(letter, (size, name))


def check_recurrence(
    inputs: torch.Tensor | Sequence[torch.Tensor],
    state: dict[str, torch.Tensor],
    params: dict[str, torch.Tensor],
) -> None:
    """Check what a recurrence is given, before its first step would name it otherwise.

    Args:
        inputs: (T, B, D), or T tensors (B, D).
        state: by name, each (B, H).
        params: by the post's names, which tell the shapes (:func:`weight_layouts`).

    Raises:
        TypeError, ShapeError: as in :func:`shapes`; a step of a list is named ``inputs[t]``.
    """
    whole = isinstance(inputs, torch.Tensor)
    steps = {"inputs": inputs} if whole else {f"inputs[{t}]": x for t, x in enumerate(inputs)}
    letters = "T B D" if whole else "B D"
    layouts = dict.fromkeys(steps, letters) | dict.fromkeys(state, "B H") | weight_layouts(*params)
    given = steps | state | params
    check_shapes({name: (given[name], layout.split()) for name, layout in layouts.items()})


def weight_layouts(*names: str) -> dict[str, str]:
    """The axes of weights by the names of the post: ``W_x`` and a letter ``"D H"``, ….

    Source: the post's code.
    """
    read_out = {"W_hq": "H Q", "b_q": "Q"}
    return {
        name: read_out.get(name) or {"W_x": "D H", "W_h": "H H"}.get(name[:3], "H")
        for name in names
    }


def check_steps(name: str, inputs: torch.Tensor | Sequence[torch.Tensor]) -> None:
    """Refuse what is no sequence of at least one step.

    Raises:
        TypeError: ``inputs`` is neither a tensor nor a sequence.
        ShapeError: it is a tensor without a time axis, or holds no step.
    """
    if not isinstance(inputs, torch.Tensor | Sequence) or isinstance(inputs, str):
        raise TypeError(
            f"{name}: expected a tensor (T, B, D) or a sequence of T tensors (B, D), "
            f"given {type(inputs).__name__}"
        )
    if isinstance(inputs, torch.Tensor) and inputs.dim() != 3:
        raise ShapeError(f"{name}: expected shape (T, B, D); given {tuple(inputs.shape)}")
    if len(inputs) == 0:
        raise ShapeError(f"{name}: expected at least one step (T ≥ 1), given T = 0")


def check_count(name: str, tensors: Sequence[torch.Tensor], *expected: str) -> None:
    """Refuse a list of tensors that has not as many as it has names.

    Raises:
        TypeError: ``tensors`` is no tuple or list.
        ValueError: it holds too few or too many.
    """
    kind = "tensor" if len(expected) == 1 else "tensors"
    names = f"({expected[0]},)" if len(expected) == 1 else f"({', '.join(expected)})"
    if not isinstance(tensors, tuple | list):
        raise TypeError(
            f"{name}: expected a tuple of {len(expected)} {kind} {names}, "
            f"given {type(tensors).__name__}"
        )
    if len(tensors) != len(expected):
        raise ValueError(f"{name}: expected {len(expected)} {kind} {names}, given {len(tensors)}")


def check_finite(**tensors: torch.Tensor) -> None:
    """Refuse NaN and infinity; not done unasked, because it reads every number.

    Args:
        tensors: by name; names become part of the message.

    Raises:
        ValueError: names the tensor, the place of its first number that is not finite, and the
            number; how many there are.
    """
    for name, tensor in tensors.items():
        wrong = ~torch.isfinite(tensor)
        if wrong.any():
            place = tuple(wrong.nonzero()[0].tolist())
            raise ValueError(
                f"{name}: expected finite numbers, given {tensor[place].item()} at {list(place)} "
                f"({int(wrong.sum())} of {tensor.numel()} are not finite)"
            )


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"


def _word(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
