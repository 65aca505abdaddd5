"""Which files of the package a notebook's outputs depend on: the closure of what it imports."""

from __future__ import annotations

import ast
import hashlib
import re
import sys
from pathlib import Path

PACKAGE = "rnnbook"


def module_file(name: str, root: Path) -> Path | None:
    """The file of a module of the package, or None where the name is no module."""
    path = root.joinpath(*name.split("."))
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.exists():
            return candidate
    return None


def imported_names(source: str, module: str = "", is_package: bool = False) -> set[str]:
    """The dotted names that Python source imports, relative ones resolved against `module`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = module.split(".")
            base = parts[: len(parts) - node.level + is_package] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            names.add(start)
            names.update(f"{start}.{alias.name}" for alias in node.names)
    return {name for name in names if name.split(".")[0] == PACKAGE}


def data_files(path: Path) -> set[Path]:
    """The files of the package's folders that a module names, such as stored results.

    A folder may stand beside the module or beside a folder that holds it.
    """
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    named = {n.value for n in tree if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    above = [folder for folder in path.parents if (folder / "__init__.py").exists()]
    words = [name for name in named if re.fullmatch(r"[a-z_]+", name)]
    folders = [folder / name for folder in above for name in words]
    found = {file for folder in folders if folder.is_dir() for file in folder.iterdir()}
    return {file for file in found if file.is_file() and file.suffix != ".py"}


def closure(source: str, root: Path) -> set[Path]:
    """Every file of the package that `source` imports, directly or not."""
    files: set[Path] = set()
    waiting = {PACKAGE, *imported_names(source)}
    while waiting:
        name = waiting.pop()
        path = module_file(name, root)
        if path is None or path in files:
            continue
        if name != PACKAGE:  # importing a module runs the packages above it
            waiting.add(name.rpartition(".")[0])
        files |= {path, *data_files(path)}
        is_package = path.name == "__init__.py"
        waiting |= imported_names(path.read_text(encoding="utf-8"), name, is_package)
        if is_package and name != PACKAGE:  # its JavaScript and style sheets
            files |= {file for file in path.parent.iterdir() if file.suffix in {".js", ".css"}}
    return files


def fingerprint(code: str, root: Path) -> str:
    """A short name for the code of a notebook together with the package it imports."""
    parts = [sys.version.split()[0], ast.dump(ast.parse(code))]  # its comments do nothing
    for path in sorted(closure(code, root)):
        parts += [path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
