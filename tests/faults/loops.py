"""Many bundles through a loop in a process of its own, whose memory is looked at.

`python -m faults.loops BUNDLES [--defect NAME]` prints what `bench.flow` measured.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from bench.flow import gathered

from faults.defects import DEFECTS
from trunkline.server import serving
from trunkline.settings import Settings


async def _run(bundles: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Settings(data=Path(folder) / "data")) as running:
            done = await gathered(running.services, bundles)
    sys.stdout.write(json.dumps(done._asdict()))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("bundles", type=int)
    parser.add_argument("--defect", choices=DEFECTS)
    options = parser.parse_args()
    if options.defect:
        DEFECTS[options.defect]()
    asyncio.run(_run(options.bundles))


if __name__ == "__main__":
    main()
