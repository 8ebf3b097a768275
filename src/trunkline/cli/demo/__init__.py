"""`trunkline demo`: the main job end to end, on the sandbox."""
