"""lmp: from a sentence to a checked robot motion, by way of typed movement primitives."""
