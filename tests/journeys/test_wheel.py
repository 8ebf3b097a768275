"""The wheel: everything in it, and nothing else needed."""

import os
import re
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_wheel_serves_the_interface_where_there_is_no_node(tmp_path: Path) -> None:
    build = ("-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    done = subprocess.run(  # noqa: S603 - the build under test
        [sys.executable, *build], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("TRUNKLINE_")},
        "PYTHONPATH": str(tmp_path / "installed"),
        "PATH": str(tmp_path),
    }
    options = ("serve", "--port", "0", "--data", str(tmp_path / "data"))
    with subprocess.Popen(  # noqa: S603 - the command under test
        [sys.executable, "-P", "-m", "trunkline", *options],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout
            line = server.stdout.readline()
            address = next(one for one in line.split() if "://" in one).rstrip(",")
            page = _read(address)
            for path in re.findall(r"/assets/[\w.-]+\.(?:js|css)", page):
                assert _read(address + path)
            loaded = _read(f"{address}/api/openapi.json")
            assert "/api/v1/scenarios" in loaded
        finally:
            server.terminate()


def _read(url: str) -> str:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - loopback
        return str(answer.read().decode())
