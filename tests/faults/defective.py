"""`trunkline` with the defect that `TRUNKLINE_TEST_DEFECT` names."""

import os
import sys

from faults.defects import DEFECTS
from trunkline.__main__ import main

if __name__ == "__main__":
    DEFECTS[os.environ["TRUNKLINE_TEST_DEFECT"]]()
    sys.exit(main())
