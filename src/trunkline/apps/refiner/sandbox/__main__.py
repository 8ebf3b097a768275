"""`python -m trunkline.apps.refiner.sandbox`: the sandbox as a command."""

import argparse
import sys
from pathlib import Path

from . import DEFAULT_KEY, SandboxError, SandboxSettings, serve


def main() -> int:
    """0 after a signal to stop, 1 when the sandbox cannot start."""
    options = _parser().parse_args()
    settings = SandboxSettings(
        key=options.key,
        data=options.data,
        contacts=options.contacts,
        responses=options.responses,
        seed=options.seed,
        rate_limits=options.rate_limits,
    )
    try:
        serve(settings, options.host, options.port, _announce)
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _announce(url: str) -> None:
    sys.stdout.write(f"Refiner sandbox on {url}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m trunkline.apps.refiner.sandbox",
        description="Runs a local Refiner with API, webhooks and pages.",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--data", type=Path, help="folder to keep; none: in memory")
    parser.add_argument("--key", default=DEFAULT_KEY, help="the API key")
    parser.add_argument("--contacts", type=_count, default=0)
    parser.add_argument("--responses", type=_count, default=0)
    parser.add_argument("--seed", type=_count, default=1)
    parser.add_argument("--no-rate-limits", dest="rate_limits", action="store_false")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a count")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
