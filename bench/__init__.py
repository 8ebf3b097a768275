"""Our own benchmark: Trunkline beside the least Python that keeps the same promise."""
