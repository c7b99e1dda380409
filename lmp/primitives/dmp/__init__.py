"""Movement primitives as mathematics: phases, bases, transformation systems, presets and paths, without an arm."""
