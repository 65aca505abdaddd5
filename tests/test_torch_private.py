"""PyTorch's unpromised names, one by one: each must mean what the engines take it to mean."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch.autograd import forward_ad
from torch.testing._internal.two_tensor import TwoTensor
from torch.utils._python_dispatch import TorchDispatchMode

from rnnbook.engines import torch_private

PACKAGE = Path(torch_private.__file__).parents[1]


class Counting(TorchDispatchMode):
    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        return function(*arguments, **(options or {}))


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("rnn_tanh", torch.nn.RNN(2, 3)),
        ("rnn_relu", torch.nn.RNN(2, 3, nonlinearity="relu")),
        ("lstm", torch.nn.LSTM(2, 3)),
        ("gru", torch.nn.GRU(2, 3)),
    ],
)
def test_kernels_are_those_that_torch_nn_calls(name, layer):
    x, zero = torch.randn(4, 1, 2), torch.zeros(1, 1, 3)
    start = (zero, zero) if name == "lstm" else zero
    options = (True, 1, 0.0, False, False, False)
    ours = torch_private.KERNELS[name](x, start, list(layer.parameters()), *options)[0]
    torch.testing.assert_close(ours, layer(x)[0], rtol=0, atol=0)


def test_a_function_that_is_not_compiled_is_run_as_it_is():
    @torch_private.not_compiled
    def double(x):
        return 2 * x

    assert double(torch.tensor(3.0)) == 6


def test_a_function_that_is_constant_when_traced_is_marked_as_pytorch_marks_it():
    def ours(): ...

    def theirs(): ...

    marked = torch_private.constant_when_traced(ours)
    assert vars(marked) == vars(torch.compiler.assume_constant_result(theirs)) != {}


def test_the_package_is_imported_without_pytorchs_compiler():
    code = "import sys, rnnbook; print('torch._dynamo' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_transformations_of_torch_func_are_noticed():
    seen = []

    def f(x):
        seen.append(torch_private.maps_or_differentiates())
        return x.sum()

    f(torch.ones(2))
    torch.func.vmap(f)(torch.ones(3, 2))
    torch.func.grad(f)(torch.ones(2))
    assert seen == [False, True, True]


# PyTorch's own first use of forward mode scripts its decompositions, and warns of that itself.
@pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated:DeprecationWarning")
def test_forward_mode_is_noticed_while_its_level_is_open():
    assert not torch_private.differentiates_forwards()
    with forward_ad.dual_level():
        assert torch_private.differentiates_forwards()
    assert not torch_private.differentiates_forwards()
    seen = []
    torch.func.jvp(
        lambda x: seen.append(torch_private.differentiates_forwards()) or x,
        (torch.ones(2),),
        (torch.ones(2),),
    )
    assert seen == [True]


def test_modes_that_see_each_operation_are_noticed():
    assert not torch_private.watches_operations()
    with Counting():
        assert torch_private.watches_operations()
    assert not torch_private.watches_operations()


def test_tensors_that_compute_in_their_own_way_are_noticed():
    plain = torch.ones(2)
    assert not torch_private.dispatches_itself(plain)
    assert not torch_private.dispatches_itself(torch.nn.Parameter(plain))
    assert torch_private.dispatches_itself(TwoTensor(plain, plain.clone()))


def test_fake_tensors_are_noticed():
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        assert torch_private.is_fake(torch.ones(2))
    assert not torch_private.is_fake(torch.ones(2))


def test_tensors_that_defer_mutations_are_noticed():
    seen = []

    def f(x):
        seen.append(torch_private.defers_mutations(x))
        return x + 1

    f(torch.ones(2))
    torch.func.functionalize(f)(torch.ones(2))
    assert seen == [False, True]


def test_gradients_that_are_many_are_noticed():
    seen = []

    class Watch(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, gradient):
            seen.append(torch_private.is_batched_gradient(gradient))
            return gradient

    x = torch.ones(2, requires_grad=True)
    torch.autograd.grad(Watch.apply(x), x, torch.ones(2))
    torch.autograd.grad(Watch.apply(x), x, torch.eye(2), is_grads_batched=True)
    assert seen == [False, True]


def test_zeros_without_memory_are_noticed():
    assert torch_private.is_lazy_zero(torch._efficientzerotensor(2))
    assert not torch_private.is_lazy_zero(torch.zeros(2))


def test_weights_on_a_cpu_need_no_chunk():
    assert not torch_private.wants_one_chunk(list(torch.nn.LSTM(2, 3).parameters()))


def test_the_engines_name_what_is_private_here_alone():
    """An underscore after `torch.` stands in this one module of the engines."""
    found = set()
    for path in (PACKAGE / "engines").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr.startswith("_"):
                root = node.value
                while isinstance(root, ast.Attribute):
                    root = root.value
                if isinstance(root, ast.Name) and root.id == "torch":
                    found.add(path.name)
    assert found == {"torch_private.py"}
