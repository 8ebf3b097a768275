"""`trunkline`, also as `python -m trunkline`."""

import sys

from trunkline.cli.command import run


def main() -> int:
    """The command line; the number is its exit code."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
