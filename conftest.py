"""The notebooks run here as `make notebooks` ran them: the same environment for their kernels."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import nbval.kernel

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.notebooks import kernel_environment


def pytest_configure() -> None:
    os.environ.update(kernel_environment())
    nbval.kernel.start_new_kernel = partial(_started, nbval.kernel.start_new_kernel)


def _started(start: Callable, **how: object) -> tuple:
    """Start a kernel, once more if it dies at birth.

    Its ports are chosen before it takes them, and another worker may take one in between.
    """
    try:
        return start(**how)
    except RuntimeError:
        return start(**how)
