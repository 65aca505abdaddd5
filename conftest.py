"""The notebooks run here as `make notebooks` ran them: the same environment for their kernels."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.notebooks import kernel_environment


def pytest_configure() -> None:
    os.environ.update(kernel_environment())
